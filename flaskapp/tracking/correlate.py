"""Which media, items, entry and download an observation speaks of; unknown ones are made.

Ids that were told together belong together for ever: rows that turn out to be one are merged into the oldest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, String, bindparam, insert, select, tuple_, update
from sqlalchemy.orm import Session, lazyload

from flaskapp.domain.observation import EntryRef, EpisodeRef, MediaRef, Release
from flaskapp.domain.origin import Origin
from flaskapp.domain.queue import DownloadListed
from flaskapp.models import (
    Download,
    DownloadAlias,
    Entry,
    EpisodeSearch,
    ExternalId,
    Grab,
    HeldRelease,
    ImportHint,
    Item,
    LibraryItem,
    Media,
    MediaFile,
    MediaRequest,
)

LISTED = ("queue_stage", "queue_since", "queue_read_at", "queue_progress", "queue_size", "queue_eta", "queue_messages")
"""What a queue says of a download."""

# Built once, since every webhook asks them: see gather.py.
NAMED_MEDIA = select(ExternalId.media_id, ExternalId.provider, ExternalId.value).where(
    ExternalId.media_type == bindparam("media_type", type_=ExternalId.media_type.type),
    tuple_(ExternalId.provider, ExternalId.value).in_(bindparam("ids", expanding=True)),
)
NAME = insert(ExternalId)
NAMES_OF_MEDIA = select(ExternalId.provider, ExternalId.value).where(
    ExternalId.media_id == bindparam("media", type_=BigInteger)
)
ITEMS = select(Item).where(Item.media_id == bindparam("media", type_=BigInteger))
ENTRY = select(Entry).where(
    Entry.source == bindparam("source", type_=String),
    Entry.instance == bindparam("instance", type_=String),
    Entry.entry_id == bindparam("entry_id", type_=BigInteger),
)
NAMED_DOWNLOADS = select(DownloadAlias.download_pk, DownloadAlias.value).where(
    DownloadAlias.value.in_(bindparam("ids", type_=String, expanding=True))
)
DOWNLOAD = select(Download).where(Download.id == bindparam("pk", type_=BigInteger)).options(lazyload(Download.aliases))
NAME_DOWNLOAD, CARRY = insert(DownloadAlias), insert(Grab)
CARRIED = select(Grab.item_pk).where(
    Grab.entry_pk == bindparam("entry", type_=BigInteger), Grab.download_pk == bindparam("download", type_=BigInteger)
)


def find_media(session: Session, ref: MediaRef, origin: Origin) -> Media:
    """Give the one media with any of these ids, merged and enriched with what the source names."""
    known = _known_ids(session, ref)
    owners = sorted({row.media_id for row in known})
    if owners:
        media = session.get_one(Media, owners[0])
        for other in owners[1:]:
            _merge_media(session, media, session.get_one(Media, other))
    else:
        media = Media(media_type=ref.media_type)
        session.add(media)
        session.flush()
    taken = {(row.provider, row.value) for row in known}
    new = [pair for pair in ref.ids() if pair not in taken]
    if new:
        same = {"media_id": media.id, "media_type": ref.media_type}
        session.connection().execute(NAME, [same | {"provider": provider, "value": value} for provider, value in new])
    _enrich(media, ref, origin)
    session.flush()
    return media


def find_known_media(session: Session, ref: MediaRef) -> int | None:
    """Give the number of the media with any of these ids, None while nobody spoke of it."""
    known = _known_ids(session, ref)
    return known[0].media_id if known else None


def _known_ids(session: Session, ref: MediaRef) -> Sequence[Any]:
    named = {"media_type": ref.media_type, "ids": ref.ids()}
    return session.connection().execute(NAMED_MEDIA, named).all()


def _enrich(media: Media, ref: MediaRef, origin: Origin) -> None:
    """Take over title, year and poster; Seerr's title is in the language of the house and wins."""
    prefers = origin.source == "seerr"
    title, year = (ref.title, ref.year) if prefers else (media.title or ref.title, media.year or ref.year)
    update_row(
        media, title=title or media.title, year=year or media.year, poster_url=media.poster_url or ref.poster_url
    )


def update_row(row: Any, **values: object) -> None:
    """Set what is different: a row that is set to what it is already is looked through for changes all the same."""
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _merge_media(session: Session, keep: Media, drop: Media) -> None:
    _merge_items(session, keep, drop)
    for row in (Entry, ExternalId, LibraryItem, MediaRequest):
        session.execute(update(row).where(row.media_id == drop.id).values(media_id=keep.id))
    keep.title, keep.year = keep.title or drop.title, keep.year or drop.year
    keep.poster_url = keep.poster_url or drop.poster_url
    keep.episodes_read_at = max(
        (at for at in (keep.episodes_read_at, drop.episodes_read_at) if at is not None), default=None
    )
    session.flush()
    session.expire_all()
    session.delete(drop)
    session.flush()


def _merge_items(session: Session, keep: Media, drop: Media) -> None:
    kept = {(item.season, item.episode): item for item in _items_of(session, keep)}
    for item in _items_of(session, drop):
        twin = kept.get((item.season, item.episode))
        if twin is None:
            item.media_id = keep.id
            continue
        for file in session.scalars(select(MediaFile).where(MediaFile.items.contains(item))):
            file.items = [*(each for each in file.items if each not in (item, twin)), twin]
        for grab in session.scalars(select(Grab).filter_by(item_pk=item.id)):
            _move(session, grab, twin, entry_pk=grab.entry_pk, download_pk=grab.download_pk)
        for hint in session.scalars(select(ImportHint).filter_by(item_pk=item.id)):
            _move(session, hint, twin, entry_pk=hint.entry_pk, download_id=hint.download_id)
        for held in session.scalars(select(HeldRelease).filter_by(item_pk=item.id)):
            _move(session, held, twin, entry_pk=held.entry_pk)
        for search in session.scalars(select(EpisodeSearch).filter_by(item_pk=item.id)):
            _move(session, search, twin, entry_pk=search.entry_pk)
        twin.title, twin.air_at = twin.title or item.title, twin.air_at or item.air_at
        twin.aired = item.aired if twin.aired is None else twin.aired
        session.flush()
        session.delete(item)
    session.flush()


def _move(
    session: Session, row: Grab | ImportHint | HeldRelease | EpisodeSearch, item: Item, **same: int | str
) -> None:
    """Let a row speak of ``item``, unless one that says the same already does."""
    if session.scalar(select(type(row).id).filter_by(item_pk=item.id, **same)):
        session.delete(row)
    else:
        row.item_pk = item.id


def _items_of(session: Session, media: Media) -> Sequence[Item]:
    return session.scalars(ITEMS, {"media": media.id}).all()


def find_items(session: Session, media: Media, refs: Iterable[EpisodeRef]) -> list[Item]:
    """Give the items of a media, in the order named, each once."""
    known = {(item.season, item.episode): item for item in _items_of(session, media)}
    found: dict[tuple[int, int], Item] = {}
    for ref in refs:
        key = (ref.season, ref.episode)
        item = known.get(key)
        if item is None:
            item = known[key] = Item(media_id=media.id, season=ref.season, episode=ref.episode)
            session.add(item)
        update_row(item, title=item.title or ref.title, air_at=item.air_at or ref.air_at)
        found[key] = item
    session.flush()
    return list(found.values())


def find_entry(session: Session, ref: EntryRef, origin: Origin) -> tuple[Entry, Media]:
    """Give the entry of this instance and its media."""
    named = {"source": origin.source, "instance": origin.instance, "entry_id": ref.entry_id}
    entry = session.scalar(ENTRY, named)
    if entry is not None and not ref.media.ids():
        return entry, session.get_one(Media, entry.media_id)
    if entry is not None and _is_another(session, entry.media_id, ref.media):
        # Radarr or Sonarr was set up anew and counts from 1 again: what had this number is gone.
        entry.entry_id, entry.deleted_at = -entry.id, entry.deleted_at or origin.now
        session.flush()
        entry = None
    media = find_media(session, ref.media, origin)
    if entry is None:
        entry = Entry(
            source=origin.source,
            instance=origin.instance,
            entry_id=ref.entry_id,
            media_id=media.id,
            is_4k=origin.is_4k,
        )
        session.add(entry)
        session.flush()
    update_row(entry, media_id=media.id)
    return entry, media


def _is_another(session: Session, media_id: int, ref: MediaRef) -> bool:
    """Tell whether these ids can't be the same title: they share none, and name another where both have one."""
    rows = session.connection().execute(NAMES_OF_MEDIA, {"media": media_id})
    known = {row.provider: row.value for row in rows}
    named = dict(ref.ids())
    common = known.keys() & named.keys()
    return bool(common) and all(known[provider] != named[provider] for provider in common)


def find_download(session: Session, aliases: Sequence[str]) -> Download | None:
    """Give the one download with any of these ids, merged and known under all of them; None when nobody grabbed it."""
    known = session.connection().execute(NAMED_DOWNLOADS, {"ids": list(aliases)}).all()
    owners = sorted({row.download_pk for row in known})
    if not owners:
        return None
    download = session.scalars(DOWNLOAD, {"pk": owners[0]}).one()
    for other in owners[1:]:
        _merge_download(session, download, session.get_one(Download, other))
    _name(session, download, [alias for alias in aliases if alias not in {row.value for row in known}])
    return download


def grabbed_download(session: Session, alias: str, grabbed_at: datetime, *, nameless: bool = False) -> Download:
    """Give the download with this id, a new one if nobody spoke of it before."""
    download = find_download(session, [alias])
    if download is None:
        download = Download(grabbed_at=grabbed_at)
        session.add(download)
        session.flush()
        _name(session, download, [alias], nameless=nameless)
    return download


def _name(session: Session, download: Download, aliases: Sequence[str], *, nameless: bool = False) -> None:
    same = {"download_pk": download.id, "is_nameless": nameless}
    if aliases:
        session.connection().execute(NAME_DOWNLOAD, [same | {"value": value} for value in dict.fromkeys(aliases)])


def describe(download: Download, release: Release | DownloadListed, client: str | None) -> None:
    """Take over what is said of a release where nothing is known of it yet."""
    update_row(
        download,
        title=download.title or release.title,
        quality=download.quality or release.quality,
        indexer=download.indexer or release.indexer,
        size=download.size or release.size,
        client=download.client or client,
    )


def carry(session: Session, entry: Entry, download: Download, items: Iterable[Item]) -> None:
    """Keep that a download carries these items of an entry."""
    carried = set(session.connection().scalars(CARRIED, {"entry": entry.id, "download": download.id}))
    same = {"entry_pk": entry.id, "download_pk": download.id}
    new = [same | {"item_pk": item.id} for item in items if item.id not in carried]
    if new:
        session.connection().execute(CARRY, new)


def _merge_download(session: Session, keep: Download, drop: Download) -> None:
    kept = {(g.entry_pk, g.item_pk) for g in session.scalars(select(Grab).filter_by(download_pk=keep.id))}
    for grab in session.scalars(select(Grab).filter_by(download_pk=drop.id)):
        if (grab.entry_pk, grab.item_pk) in kept:
            session.delete(grab)
        else:
            grab.download_pk = keep.id
    session.execute(update(DownloadAlias).where(DownloadAlias.download_pk == drop.id).values(download_pk=keep.id))
    keep.grabbed_at = min(keep.grabbed_at, drop.grabbed_at)
    keep.title, keep.quality = keep.title or drop.title, keep.quality or drop.quality
    if drop.queue_read_at and (keep.queue_read_at is None or keep.queue_read_at < drop.queue_read_at):
        for column in LISTED:
            setattr(keep, column, getattr(drop, column))
    session.flush()
    session.expire_all()
    session.delete(drop)
    session.flush()

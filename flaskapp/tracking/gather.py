"""Rows to facts: everything that is known of one media, as ``domain/lifecycle.py`` wants it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.domain.facts import (
    DownloadFact,
    DropFact,
    EntryFact,
    FileFact,
    GrabFact,
    HeldFact,
    HiddenFact,
    HintFact,
    ItemFact,
    ItemKey,
    ListingFact,
    MediaFacts,
    RequestFact,
    ShownFact,
)
from flaskapp.domain.house import Cause
from flaskapp.domain.observation import FILM, LibraryItemType
from flaskapp.models import (
    Download,
    Entry,
    Grab,
    HeldRelease,
    ImportHint,
    Item,
    LibraryItem,
    Media,
    MediaFile,
    MediaRequest,
    house,
)
from flaskapp.models.media import file_items


def gather(session: Session, media: Media, *, has_library: bool) -> MediaFacts:
    """Read the facts of a media: columns, not rows, since this is done for every webhook and every poll."""
    items = _items(session, media)
    keys = {pk: item.key for pk, item in items.items()}
    entries = _entries(session, media)
    library = _library(session, media)
    return MediaFacts(
        media_type=media.media_type,
        items=tuple(items.values()),
        entries=tuple(entries.values()),
        files=tuple(_files(session, entries, keys)) if entries else (),
        grabs=tuple(_grabs(session, entries, keys)) if entries else (),
        hints=tuple(_hints(session, entries, keys)) if entries else (),
        held=tuple(_held(session, entries, keys)) if entries else (),
        shown=tuple(ShownFact(items, row.read_at) for items, row in library if row.gone_at is None),
        hidden=tuple(HiddenFact(items, row.gone_at) for items, row in library if row.gone_at is not None),
        list_read=media.episodes_read_at is not None,
        has_library=has_library,
    )


def request_fact(request: MediaRequest) -> RequestFact:
    """Give the words of Seerr about a request."""
    return RequestFact(
        asked_at=request.created_at,
        is_4k=request.is_4k,
        seasons=None if request.seasons is None else frozenset(request.seasons),
        pending_at=request.pending_at,
        approved_at=request.approved_at,
        declined_at=request.declined_at,
        failed_at=request.failed_at,
        completed_at=request.completed_at,
        vanished_at=request.vanished_at,
        gone_at=request.gone_at,
    )


def _items(session: Session, media: Media) -> dict[int, ItemFact]:
    told = (Item.title, Item.air_at, Item.aired, Item.monitored, Item.searched_at)
    rows = session.execute(select(Item.id, Item.season, Item.episode, *told).where(Item.media_id == media.id))
    return {
        row.id: ItemFact(
            key=(row.season, row.episode),
            title=row.title,
            air_at=row.air_at,
            aired=row.aired,
            monitored=row.monitored,
            searched_at=row.searched_at,
        )
        for row in rows
    }


def _entries(session: Session, media: Media) -> dict[int, EntryFact]:
    columns = (
        *(Entry.id, Entry.is_4k, Entry.deleted_at, Entry.files_deleted, Entry.read_at, Entry.monitored),
        *(Entry.is_released, Entry.release_at, Entry.searched_at),
    )
    return {row[0]: EntryFact(*row) for row in session.execute(select(*columns).where(Entry.media_id == media.id))}


def _files(session: Session, entries: dict[int, EntryFact], keys: dict[int, ItemKey]) -> Iterable[FileFact]:
    columns = (
        *(MediaFile.id, MediaFile.entry_pk, MediaFile.file_id, MediaFile.told_at, MediaFile.download_id),
        *(MediaFile.quality, MediaFile.death, MediaFile.died_at, MediaFile.read_at, file_items.c.item_id),
    )
    query = select(*columns).outerjoin(file_items, file_items.c.media_file_id == MediaFile.id)
    rows = session.execute(query.where(MediaFile.entry_pk.in_(entries))).all()
    carried: dict[int, set[ItemKey]] = defaultdict(set)
    for row in rows:
        carried[row.id] |= {keys[row.item_id]} if row.item_id in keys else set()
    for pk, row in {row.id: row for row in rows}.items():
        yield FileFact(
            entry=entries[row.entry_pk],
            file_id=row.file_id,
            items=frozenset(carried[pk]),
            told_at=row.told_at,
            download_id=row.download_id,
            quality=row.quality,
            death=row.death,
            died_at=row.died_at,
            read_at=row.read_at,
        )


def _grabs(session: Session, entries: dict[int, EntryFact], keys: dict[int, ItemKey]) -> Iterable[GrabFact]:
    query = select(Grab.entry_pk, Grab.download_pk, Grab.item_pk).where(Grab.entry_pk.in_(entries))
    carried: dict[tuple[int, int], set[ItemKey]] = defaultdict(set)
    for entry_pk, download_pk, item_pk in session.execute(query):
        if item_pk in keys:
            carried[entry_pk, download_pk].add(keys[item_pk])
    if not carried:
        return
    wanted = select(Download).where(Download.id.in_({download_pk for _, download_pk in carried}))
    downloads = {row.id: download_fact(row) for row in session.scalars(wanted)}
    for (entry_pk, download_pk), items in carried.items():
        yield GrabFact(entries[entry_pk], downloads[download_pk], frozenset(items))


def download_fact(row: Download) -> DownloadFact:
    """Give what is known of a download."""
    return DownloadFact(
        pk=row.id,
        aliases=frozenset(alias.value for alias in row.aliases),
        grabbed_at=row.grabbed_at,
        nameless=all(alias.is_nameless for alias in row.aliases),
        stage=row.stage,
        stage_since=row.stage_since,
        progress=row.progress,
        size=row.size,
        speed=row.speed,
        eta=row.eta,
        place=row.place,
        last_byte_at=row.last_byte_at,
        gone_at=row.gone_at,
        polled_at=row.polled_at,
        listing=_listing(row),
        drop=DropFact(row.dropping, row.dropped_at, row.drop_message) if row.dropping and row.dropped_at else None,
        blocked_at=row.blocked_at,
        blocked_messages=tuple(row.blocked_messages or ()),
    )


def _listing(row: Download) -> ListingFact | None:
    if row.queue_stage is None or row.queue_since is None or row.queue_read_at is None:
        return None
    return ListingFact(
        stage=row.queue_stage,
        since=row.queue_since,
        seen_at=row.queue_read_at,
        protocol=row.protocol,
        progress=row.queue_progress,
        size=row.queue_size,
        eta=row.queue_eta,
        messages=tuple(row.queue_messages or ()),
    )


def _hints(session: Session, entries: dict[int, EntryFact], keys: dict[int, ItemKey]) -> Iterable[HintFact]:
    columns = (ImportHint.entry_pk, ImportHint.item_pk, ImportHint.download_id)
    grouped: dict[tuple[int, str], set[ItemKey]] = defaultdict(set)
    for entry_pk, item_pk, download_id in session.execute(select(*columns).where(ImportHint.entry_pk.in_(entries))):
        if item_pk in keys:
            grouped[entry_pk, download_id].add(keys[item_pk])
    for (entry_pk, download_id), items in grouped.items():
        yield HintFact(entries[entry_pk], frozenset(items), download_id or None)


def _held(session: Session, entries: dict[int, EntryFact], keys: dict[int, ItemKey]) -> Iterable[HeldFact]:
    columns = (HeldRelease.entry_pk, HeldRelease.item_pk, HeldRelease.hold, HeldRelease.since, HeldRelease.until)
    for row in session.execute(select(*columns).where(HeldRelease.entry_pk.in_(entries))):
        if row.item_pk in keys:
            yield HeldFact(entries[row.entry_pk], keys[row.item_pk], row.hold, row.since, row.until)


def _library(session: Session, media: Media) -> list[tuple[frozenset[ItemKey], Any]]:
    """Read the items that Jellyfin shows or has shown; a series and a season stand for none."""
    columns = (
        LibraryItem.item_type,
        LibraryItem.season,
        LibraryItem.episodes,
        LibraryItem.read_at,
        LibraryItem.gone_at,
    )
    rows = []
    for row in session.execute(select(*columns).where(LibraryItem.media_id == media.id)):
        if row.item_type is LibraryItemType.MOVIE:
            rows.append((frozenset({(FILM.season, FILM.episode)}), row))
        elif row.item_type is LibraryItemType.EPISODE and row.season is not None:
            rows.append((frozenset((row.season, number) for number in row.episodes), row))
    return rows


def has_any_library_item(session: Session) -> bool:
    """Tell whether a Jellyfin has ever called."""
    return session.scalar(select(LibraryItem.id).limit(1)) is not None


def completed_media(session: Session) -> set[int]:
    """Give the media of requests that Seerr calls complete: their state depends on whether a Jellyfin exists."""
    query = select(MediaRequest.media_id).where(MediaRequest.completed_at.is_not(None))
    return set(session.scalars(query.where(MediaRequest.deleted_at.is_(None))))


def requests_of(session: Session, media: set[int]) -> list[MediaRequest]:
    """Give the cards of these media, the oldest first."""
    query = select(MediaRequest).where(MediaRequest.media_id.in_(media), MediaRequest.deleted_at.is_(None))
    return list(session.scalars(query.order_by(MediaRequest.id)))


def causes(session: Session) -> list[Cause]:
    """Give what is wrong with the house as a whole."""
    return [Cause(row.kind, row.upstream, row.since) for row in session.scalars(select(house.Cause))]

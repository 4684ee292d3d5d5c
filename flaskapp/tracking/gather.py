"""Rows to facts: everything that is known of one media, as ``domain/lifecycle.py`` wants it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from flaskapp.domain.facts import (
    DownloadFact,
    DropFact,
    EntryFact,
    FileFact,
    GrabFact,
    HeldFact,
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


def gather(session: Session, media: Media, *, has_library: bool) -> MediaFacts:
    """Read the facts of a media."""
    items = session.scalars(select(Item).filter_by(media_id=media.id)).all()
    keys = {item.id: (item.season, item.episode) for item in items}
    entries = {entry.id: _entry(entry) for entry in session.scalars(select(Entry).filter_by(media_id=media.id))}
    return MediaFacts(
        media_type=media.media_type,
        items=tuple(_item(item) for item in items),
        entries=tuple(entries.values()),
        files=tuple(_files(session, entries, keys)),
        grabs=tuple(_grabs(session, entries, keys)),
        hints=tuple(_hints(session, entries, keys)),
        held=tuple(_held(session, entries, keys)),
        shown=tuple(_shown(session, media)),
        list_read=media.episodes_read_at is not None,
        has_library=has_library,
    )


def request_fact(request: MediaRequest) -> RequestFact:
    """Give the words of Seerr about a request."""
    return RequestFact(
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


def _item(row: Item) -> ItemFact:
    return ItemFact((row.season, row.episode), row.title, row.air_at, row.aired, row.monitored, row.searched_at)


def _entry(row: Entry) -> EntryFact:
    return EntryFact(
        pk=row.id,
        is_4k=row.is_4k,
        deleted_at=row.deleted_at,
        files_deleted=row.files_deleted,
        read_at=row.read_at,
        monitored=row.monitored,
        is_released=row.is_released,
        release_at=row.release_at,
        searched_at=row.searched_at,
    )


def _files(session: Session, entries: dict[int, EntryFact], keys: dict[int, ItemKey]) -> Iterable[FileFact]:
    for row in session.scalars(select(MediaFile).where(MediaFile.entry_pk.in_(entries))):
        yield FileFact(
            entry=entries[row.entry_pk],
            file_id=row.file_id,
            items=frozenset(keys[item.id] for item in row.items if item.id in keys),
            told_at=row.told_at,
            download_id=row.download_id,
            quality=row.quality,
            death=row.death,
            died_at=row.died_at,
            read_at=row.read_at,
        )


def _grabs(session: Session, entries: dict[int, EntryFact], keys: dict[int, ItemKey]) -> Iterable[GrabFact]:
    query = select(Grab).where(Grab.entry_pk.in_(entries))
    rows = session.scalars(query.options(joinedload(Grab.download).selectinload(Download.aliases))).all()
    carried: dict[tuple[int, int], set[ItemKey]] = defaultdict(set)
    downloads = {row.download_pk: row.download for row in rows}
    for row in rows:
        if row.item_pk in keys:
            carried[row.entry_pk, row.download_pk].add(keys[row.item_pk])
    for (entry_pk, download_pk), items in carried.items():
        yield GrabFact(entries[entry_pk], download_fact(downloads[download_pk]), frozenset(items))


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
        size_left=row.size_left,
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
    grouped: dict[tuple[int, str], set[ItemKey]] = defaultdict(set)
    for row in session.scalars(select(ImportHint).where(ImportHint.entry_pk.in_(entries))):
        if row.item_pk in keys:
            grouped[row.entry_pk, row.download_id].add(keys[row.item_pk])
    for (entry_pk, download_id), items in grouped.items():
        yield HintFact(entries[entry_pk], frozenset(items), download_id or None)


def _held(session: Session, entries: dict[int, EntryFact], keys: dict[int, ItemKey]) -> Iterable[HeldFact]:
    for row in session.scalars(select(HeldRelease).where(HeldRelease.entry_pk.in_(entries))):
        if row.item_pk in keys:
            yield HeldFact(entries[row.entry_pk], keys[row.item_pk], row.hold, row.since, row.until)


def _shown(session: Session, media: Media) -> Iterable[ShownFact]:
    for row in session.scalars(select(LibraryItem).filter_by(media_id=media.id, gone_at=None)):
        if row.item_type is LibraryItemType.MOVIE:
            yield ShownFact(frozenset({(FILM.season, FILM.episode)}), row.read_at)
        elif row.item_type is LibraryItemType.EPISODE and row.season is not None:
            yield ShownFact(frozenset((row.season, number) for number in row.episodes), row.read_at)


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

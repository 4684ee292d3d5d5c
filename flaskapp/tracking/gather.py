"""Rows to facts: everything that is known of one media, as ``domain/lifecycle.py`` wants it.

This is done for every webhook and every poll. Hence columns instead of rows, and statements that are built once and
run on the connection itself: most of the time would go into building them and into the session's bookkeeping.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, select
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
    SearchFact,
    ShownFact,
)
from flaskapp.domain.house import Cause
from flaskapp.domain.observation import FILM, LibraryItemType
from flaskapp.models import (
    Download,
    DownloadAlias,
    Entry,
    EpisodeSearch,
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

OF_MEDIA = bindparam("media", type_=BigInteger)
OF_ENTRIES = bindparam("entries", type_=BigInteger, expanding=True)

ITEMS = select(*(Item.id, Item.season, Item.episode, Item.title, Item.air_at, Item.aired)).where(
    Item.media_id == OF_MEDIA
)
ENTRIES = select(
    *(Entry.id, Entry.is_4k, Entry.deleted_at, Entry.files_deleted, Entry.read_at, Entry.monitored),
    *(Entry.is_released, Entry.release_at, Entry.searched_at),
).where(Entry.media_id == OF_MEDIA)
FILES = (
    select(
        *(MediaFile.id, MediaFile.entry_pk, MediaFile.file_id, MediaFile.told_at, MediaFile.download_id),
        *(MediaFile.quality, MediaFile.death, MediaFile.died_at, MediaFile.read_at, file_items.c.item_id),
    )
    .outerjoin(file_items, file_items.c.media_file_id == MediaFile.id)
    .where(MediaFile.entry_pk.in_(OF_ENTRIES))
)
GRABS = (
    select(Grab.entry_pk, Grab.item_pk, DownloadAlias.value, DownloadAlias.is_nameless, *Download.__table__.c)
    .join(Download, Download.id == Grab.download_pk)
    .join(DownloadAlias, DownloadAlias.download_pk == Download.id)
    .where(Grab.entry_pk.in_(OF_ENTRIES))
)
HINTS = select(ImportHint.entry_pk, ImportHint.item_pk, ImportHint.download_id).where(
    ImportHint.entry_pk.in_(OF_ENTRIES)
)
HELD = select(HeldRelease.entry_pk, HeldRelease.item_pk, HeldRelease.hold, HeldRelease.since, HeldRelease.until).where(
    HeldRelease.entry_pk.in_(OF_ENTRIES)
)
SEARCHES = select(
    *(EpisodeSearch.entry_pk, EpisodeSearch.item_pk, EpisodeSearch.monitored, EpisodeSearch.searched_at)
).where(EpisodeSearch.entry_pk.in_(OF_ENTRIES))
LIBRARY = select(
    *(LibraryItem.item_type, LibraryItem.season, LibraryItem.episodes, LibraryItem.read_at, LibraryItem.gone_at)
).where(LibraryItem.media_id == OF_MEDIA)
ANY_LIBRARY_ITEM = select(LibraryItem.id).limit(1)
CARDS = (
    select(MediaRequest)
    .where(MediaRequest.media_id.in_(bindparam("media", expanding=True)), MediaRequest.deleted_at.is_(None))
    .order_by(MediaRequest.id)
    .execution_options(populate_existing=True)
)
CAUSES = select(house.Cause.kind, house.Cause.upstream, house.Cause.since)


def gather(session: Session, media: Media, *, has_library: bool) -> MediaFacts:
    """Read the facts of a media; what is to be seen has to be flushed."""
    connection = session.connection()
    items = _items(connection, media.id)
    keys = {pk: item.key for pk, item in items.items()}
    entries = _entries(connection, media.id)
    library = _library(connection, media.id)
    return MediaFacts(
        media_type=media.media_type,
        items=tuple(items.values()),
        entries=tuple(entries.values()),
        files=tuple(_files(connection, entries, keys)) if entries else (),
        grabs=tuple(_grabs(connection, entries, keys)) if entries else (),
        hints=tuple(_hints(connection, entries, keys)) if entries else (),
        held=tuple(_held(connection, entries, keys)) if entries else (),
        searches=tuple(_searches(connection, entries, keys)) if entries else (),
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
        lacked_at=request.lacked_at,
    )


def _items(connection: Connection, media_id: int) -> dict[int, ItemFact]:
    rows = connection.execute(ITEMS, {"media": media_id})
    return {pk: ItemFact((season, episode), title, air_at, aired) for pk, season, episode, title, air_at, aired in rows}


def _entries(connection: Connection, media_id: int) -> dict[int, EntryFact]:
    return {row[0]: EntryFact(*row) for row in connection.execute(ENTRIES, {"media": media_id})}


def _files(connection: Connection, entries: dict[int, EntryFact], keys: dict[int, ItemKey]) -> Iterable[FileFact]:
    rows = connection.execute(FILES, {"entries": list(entries)}).all()
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


def _grabs(connection: Connection, entries: dict[int, EntryFact], keys: dict[int, ItemKey]) -> Iterable[GrabFact]:
    """Read one row for each item and each id of each download; of one download all say the same."""
    carried: dict[tuple[int, int], set[ItemKey]] = defaultdict(set)
    named: dict[int, dict[str, bool]] = defaultdict(dict)
    rows = {}
    for row in connection.execute(GRABS, {"entries": list(entries)}):
        if row.item_pk in keys:
            carried[row.entry_pk, row.id].add(keys[row.item_pk])
            named[row.id][row.value] = row.is_nameless
            rows[row.id] = row
    downloads = {pk: _download(row, named[pk]) for pk, row in rows.items()}
    for (entry_pk, download_pk), items in carried.items():
        yield GrabFact(entries[entry_pk], downloads[download_pk], frozenset(items))


def download_fact(row: Download) -> DownloadFact:
    """Give what is known of a download."""
    return _download(row, {alias.value: alias.is_nameless for alias in row.aliases})


def nameless_download(row: Any) -> DownloadFact:
    """Give what is known of a download besides its ids."""
    return _download(row, {})


def _download(row: Any, aliases: dict[str, bool]) -> DownloadFact:
    return DownloadFact(
        pk=row.id,
        aliases=frozenset(aliases),
        grabbed_at=row.grabbed_at,
        nameless=all(aliases.values()),
        stage=row.stage,
        stage_since=row.stage_since,
        speaker=row.speaker,
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


def _listing(row: Any) -> ListingFact | None:
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


def _hints(connection: Connection, entries: dict[int, EntryFact], keys: dict[int, ItemKey]) -> Iterable[HintFact]:
    grouped: dict[tuple[int, str], set[ItemKey]] = defaultdict(set)
    for entry_pk, item_pk, download_id in connection.execute(HINTS, {"entries": list(entries)}):
        if item_pk in keys:
            grouped[entry_pk, download_id].add(keys[item_pk])
    for (entry_pk, download_id), items in grouped.items():
        yield HintFact(entries[entry_pk], frozenset(items), download_id or None)


def _held(connection: Connection, entries: dict[int, EntryFact], keys: dict[int, ItemKey]) -> Iterable[HeldFact]:
    for entry_pk, item_pk, hold, since, until in connection.execute(HELD, {"entries": list(entries)}):
        if item_pk in keys:
            yield HeldFact(entries[entry_pk], keys[item_pk], hold, since, until)


def _searches(connection: Connection, entries: dict[int, EntryFact], keys: dict[int, ItemKey]) -> Iterable[SearchFact]:
    for entry_pk, item_pk, monitored, searched_at in connection.execute(SEARCHES, {"entries": list(entries)}):
        if item_pk in keys:
            yield SearchFact(entries[entry_pk], keys[item_pk], monitored, searched_at)


def _library(connection: Connection, media_id: int) -> list[tuple[frozenset[ItemKey], Any]]:
    """Read the items that Jellyfin shows or has shown; a series and a season stand for none."""
    rows = []
    for row in connection.execute(LIBRARY, {"media": media_id}):
        if row.item_type is LibraryItemType.MOVIE:
            rows.append((frozenset({(FILM.season, FILM.episode)}), row))
        elif row.item_type is LibraryItemType.EPISODE and row.season is not None:
            rows.append((frozenset((row.season, number) for number in row.episodes), row))
    return rows


def has_any_library_item(session: Session) -> bool:
    """Tell whether a Jellyfin has ever called."""
    return session.connection().scalar(ANY_LIBRARY_ITEM) is not None


def completed_media(session: Session) -> set[int]:
    """Give the media of requests that Seerr calls complete: their state depends on whether a Jellyfin exists."""
    query = select(MediaRequest.media_id).where(MediaRequest.completed_at.is_not(None))
    return set(session.scalars(query.where(MediaRequest.deleted_at.is_(None))))


def requests_of(session: Session, media: set[int]) -> list[MediaRequest]:
    """Give the cards of these media as they are in the database, the oldest first."""
    return list(session.scalars(CARDS, {"media": list(media)}))


def causes(session: Session) -> list[Cause]:
    """Give what is wrong with the house as a whole."""
    return [Cause(*row) for row in session.connection().execute(CAUSES)]

"""What the record still misses: the lists that the background loops work through.

Every webhook lets every loop ask again, so the statements are built once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import PureWindowsPath

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from flaskapp.domain.observation import LibraryItemType, MediaType
from flaskapp.domain.queue import Dropping, QueueStage
from flaskapp.domain.state import State
from flaskapp.models.download import Download, DownloadAlias, Grab
from flaskapp.models.media import Entry, ExternalId, Item, LibraryItem, Media, MediaFile, file_items
from flaskapp.models.media_request import DONE, MediaRequest

UNSHOWN = (State.IMPORTED, State.PARTIALLY_AVAILABLE)
HELD_UP = (QueueStage.PENDING, QueueStage.HELD, QueueStage.BLOCKED)


def open_downloads(session: Session) -> Sequence[Download]:
    """Give the downloads that may still bring something that somebody waits for."""
    return session.scalars(_open_downloads()).all()


@cache
def _open_downloads() -> Select[Download]:
    return select(Download).where(_is_followed()).order_by(Download.id)


def _is_followed() -> ColumnElement[bool]:
    return and_(Download.gone_at.is_(None), Download.dropping.is_distinct_from(Dropping.FAILED), _carries())


def tracked_downloads(session: Session) -> Sequence[tuple[int, tuple[str, ...], str | None]]:
    """Give number and ids of every open download, and the client that spoke of it last."""
    ids: dict[tuple[int, str | None], list[str]] = defaultdict(list)
    for pk, speaker, value in session.connection().execute(_tracked_downloads()):
        ids[pk, speaker].append(value)
    return [(pk, tuple(values), speaker) for (pk, speaker), values in ids.items()]


@cache
def _tracked_downloads() -> Select[int, str | None, str]:
    named = select(Download.id, Download.speaker, DownloadAlias.value).join(Download.aliases)
    return named.where(_is_followed()).order_by(Download.id, DownloadAlias.id)


def open_grabs(session: Session, source: str, instance: str) -> Sequence[tuple[tuple[str, ...], int, MediaType]]:
    """Give the ids of the open downloads of one Radarr or Sonarr, with number and kind of their title."""
    ids, entry_ids = defaultdict[int, list[str]](list), dict[int, int]()
    for pk, value, entry_id in session.connection().execute(_open_grabs(source, instance)):
        ids[pk].append(value)
        entry_ids[pk] = entry_id
    kind = MediaType.MOVIE if source == "radarr" else MediaType.TV
    return [(tuple(sorted(values)), entry_ids[pk], kind) for pk, values in ids.items()]


@cache
def _open_grabs(source: str, instance: str) -> Select[int, str, int]:
    nameless = exists().where(DownloadAlias.download_pk == Download.id, DownloadAlias.is_nameless)
    return (
        select(Download.id, DownloadAlias.value, func.min(Entry.entry_id))
        .join(Download.aliases)
        .join(Grab, Grab.download_pk == Download.id)
        .join(Entry, Entry.id == Grab.entry_pk)
        .where(Entry.source == source, Entry.instance == instance, Entry.deleted_at.is_(None))
        .where(Download.gone_at.is_(None), Download.dropped_at.is_(None), _carries())
        .where(~nameless.correlate(Download))
        .group_by(Download.id, DownloadAlias.value)
        .order_by(Download.id)
    )


def held_imports(session: Session, source: str, instance: str) -> Sequence[tuple[str, int]]:
    """Give the folder and the bytes of what is complete and not imported by one Radarr or Sonarr."""
    rows = session.connection().execute(_held_imports(source, instance))
    return [(path, size) for path, size in rows if path and size]


@cache
def _held_imports(source: str, instance: str) -> Select[str | None, int]:
    return (
        select(Entry.path, func.coalesce(Download.queue_size, Download.size))
        .join(Grab, Grab.entry_pk == Entry.id)
        .join(Download, Download.id == Grab.download_pk)
        .where(Entry.source == source, Entry.instance == instance, Download.queue_stage.in_(HELD_UP))
        .where(Download.gone_at.is_(None), Download.dropped_at.is_(None), _carries())
        .distinct()
    )


def _carries() -> ColumnElement[bool]:
    """Tell whether a download may bring an item that somebody waits for."""
    # Both qualities may grab the same release: what one of them imported, the other one still waits for.
    importer = aliased(Entry)
    imported = (
        exists()
        .where(file_items.c.item_id == Grab.item_pk, file_items.c.media_file_id == MediaFile.id)
        .where(importer.id == MediaFile.entry_pk, importer.is_4k == Entry.is_4k)
        .where(MediaFile.download_id == DownloadAlias.value, DownloadAlias.download_pk == Grab.download_pk)
    )
    return (
        exists()
        .where(Grab.download_pk == Download.id, Entry.id == Grab.entry_pk, Entry.deleted_at.is_(None))
        .where(Item.id == Grab.item_pk, MediaRequest.media_id == Item.media_id, MediaRequest.is_4k == Entry.is_4k)
        .where(MediaRequest.deleted_at.is_(None), MediaRequest.state.not_in(DONE), ~imported)
        .correlate(Download)
    )


def open_films(session: Session, *, is_4k: bool) -> Sequence[tuple[int, datetime]]:
    """Give the TMDB ids of films that somebody waits for or whose files changed; and since when nothing changed."""
    return [(int(tmdb_id), opened_at) for tmdb_id, opened_at in session.connection().execute(_open_films(is_4k=is_4k))]


@cache
def _open_films(*, is_4k: bool) -> Select[str, datetime]:
    return (
        select(func.min(ExternalId.value), _opened_at())
        .join(Media, Media.id == ExternalId.media_id)
        .join(MediaRequest, MediaRequest.media_id == Media.id)
        .outerjoin(Entry, _doubted(is_4k=is_4k))
        .where(MediaRequest.deleted_at.is_(None), MediaRequest.is_4k == is_4k)
        .where(or_(MediaRequest.state.not_in(DONE), Entry.id.is_not(None)))
        .where(Media.media_type == MediaType.MOVIE, ExternalId.provider == "tmdb")
        .group_by(Media.id)
    )


def open_series(session: Session, *, is_4k: bool) -> Sequence[tuple[int, datetime]]:
    """Give the TVDB ids of series that somebody waits for, or whose list or files are not known; and since when."""
    return [(int(tvdb_id), opened_at) for tvdb_id, opened_at in session.connection().execute(_open_series(is_4k=is_4k))]


@cache
def _open_series(*, is_4k: bool) -> Select[str, datetime]:
    unlisted = exists().where(Item.media_id == Media.id, Item.aired.is_(None))
    return (
        select(func.min(ExternalId.value), _opened_at())
        .select_from(MediaRequest)
        .join(Media, Media.id == MediaRequest.media_id)
        .join(ExternalId, ExternalId.media_id == Media.id)
        .outerjoin(Entry, _doubted(is_4k=is_4k))
        .where(MediaRequest.deleted_at.is_(None), MediaRequest.is_4k == is_4k, Media.media_type == MediaType.TV)
        .where(ExternalId.provider == "tvdb")
        .where(or_(MediaRequest.state.not_in(DONE), Media.episodes_read_at.is_(None), unlisted, Entry.id.is_not(None)))
        .group_by(Media.id)
    )


def _doubted(*, is_4k: bool) -> ColumnElement[bool]:
    """Join the entry whose files were never read, or changed since.

    What Jellyfin shows may be the other quality: a film is there only once its own Radarr was asked too.
    """
    is_unread = or_(Entry.read_at.is_(None), Entry.read_at < Entry.doubted_at)
    return and_(Entry.media_id == Media.id, Entry.is_4k == is_4k, Entry.deleted_at.is_(None), is_unread)


def _opened_at() -> ColumnElement[datetime]:
    is_doubted = Entry.doubted_at > MediaRequest.updated_at
    return func.max(case((is_doubted, Entry.doubted_at), else_=MediaRequest.updated_at))


def open_library_items(session: Session, instance: str) -> Sequence[tuple[str, str | None, datetime]]:
    """Give the episodes of one Jellyfin that belong to no known show yet, with their show; and since when."""
    rows = session.connection().execute(OPEN_LIBRARY_ITEMS, {"instance": instance})
    return [(item_id, series_id, added_at) for item_id, series_id, added_at in rows if added_at]


OPEN_LIBRARY_ITEMS = (
    select(LibraryItem.item_id, LibraryItem.series_id, LibraryItem.added_at)
    .where(LibraryItem.media_id.is_(None), LibraryItem.item_type == LibraryItemType.EPISODE)
    .where(LibraryItem.instance == bindparam("instance"))
    .order_by(LibraryItem.id.desc())
    .limit(500)
)


def open_titles(session: Session, instance: str) -> Sequence[tuple[MediaType, int, datetime]]:
    """Give the media asked for in one Seerr whose title nobody has told, with their TMDB id; and since when."""
    rows = session.connection().execute(OPEN_TITLES, {"instance": instance})
    return [(media_type, int(tmdb_id), at) for media_type, tmdb_id, at in rows]


OF_SEERR = MediaRequest.seerr_instance == bindparam("instance", type_=String)
OPEN_TITLES = (
    select(Media.media_type, func.min(ExternalId.value), func.max(MediaRequest.updated_at))
    .join(MediaRequest, MediaRequest.media_id == Media.id)
    .join(ExternalId, ExternalId.media_id == Media.id)
    .where(Media.title.is_(None), ExternalId.provider == "tmdb", MediaRequest.deleted_at.is_(None), OF_SEERR)
    .group_by(Media.id)
)


def listed_requests(session: Session, instance: str) -> set[int]:
    """Give the numbers of the requests that one Seerr should still list."""
    listed = session.connection().scalars(LISTED_REQUESTS, {"instance": instance})
    return {number for number in listed if number is not None}


LISTED_REQUESTS = select(MediaRequest.seerr_request_id).where(
    MediaRequest.deleted_at.is_(None), MediaRequest.gone_at.is_(None), OF_SEERR
)


UNSHOWN_MEDIA = (
    select(Media, func.max(MediaRequest.updated_at))
    .join(MediaRequest, MediaRequest.media_id == Media.id)
    .where(MediaRequest.deleted_at.is_(None), MediaRequest.state.in_(UNSHOWN), Media.title.is_not(None))
    .group_by(Media.id)
    .options(selectinload(Media.external_ids))
)


def unshown(session: Session) -> Sequence[tuple[MediaType, str, frozenset[tuple[str, str]], frozenset[str], datetime]]:
    """Give type, title, ids and folders of what has files and is not shown in full by Jellyfin; and since when."""
    rows = session.execute(UNSHOWN_MEDIA).all()
    if not rows:
        return []
    folders: dict[int, set[str]] = defaultdict(set)
    kept = select(Entry.media_id, Entry.path).where(Entry.media_id.in_([media.id for media, _ in rows]))
    for media_id, path in session.execute(kept.where(Entry.deleted_at.is_(None))):
        folders[media_id].add(PureWindowsPath(path or "").name)  # which takes both kinds of slash
    return [
        (
            media.media_type,
            media.title or "",
            frozenset((each.provider, each.value) for each in media.external_ids),
            frozenset(folders[media.id] - {""}),
            at,
        )
        for media, at in rows
    ]


def open_posters(session: Session) -> Sequence[tuple[int, str]]:
    """Give the media that somebody asked for and that name a poster we have not fetched, with its address."""
    return [(media_id, url) for media_id, url in session.connection().execute(OPEN_POSTERS) if url]


OPEN_POSTERS = (
    select(Media.id, Media.poster_url)
    .where(Media.poster_url.is_not(None), Media.poster_at.is_(None))
    .where(exists().where(MediaRequest.media_id == Media.id, MediaRequest.deleted_at.is_(None)))
    .order_by(Media.id.desc())
)

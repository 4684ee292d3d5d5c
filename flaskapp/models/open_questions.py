"""What the record still misses: the lists that the background loops work through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from flaskapp.domain.observation import LibraryItemType, MediaType
from flaskapp.domain.state import State
from flaskapp.models.download import Download, DownloadAlias, Grab
from flaskapp.models.media import Entry, ExternalId, Item, LibraryItem, Media, MediaFile, file_items
from flaskapp.models.media_request import DONE, MediaRequest

UNSHOWN = (State.IMPORTED, State.PARTIALLY_AVAILABLE)


def open_downloads(session: Session) -> Sequence[Download]:
    """Give the downloads that may still bring something that somebody waits for."""
    imported = (
        exists()
        .where(file_items.c.item_id == Grab.item_pk, file_items.c.media_file_id == MediaFile.id)
        .where(MediaFile.download_id == DownloadAlias.value, DownloadAlias.download_pk == Grab.download_pk)
    )
    carries = (
        exists()
        .where(Grab.download_pk == Download.id, Entry.id == Grab.entry_pk, Entry.deleted_at.is_(None))
        .where(Item.id == Grab.item_pk, MediaRequest.media_id == Item.media_id, MediaRequest.is_4k == Entry.is_4k)
        .where(MediaRequest.deleted_at.is_(None), MediaRequest.state.not_in(DONE), ~imported)
    )
    return session.scalars(select(Download).where(Download.gone_at.is_(None), carries).order_by(Download.id)).all()


def open_films(session: Session, *, is_4k: bool) -> Sequence[tuple[int, datetime]]:
    """Give the TMDB ids of films that somebody waits for; and since when nothing changed."""
    query = (
        select(func.min(ExternalId.value), func.max(MediaRequest.updated_at))
        .join(Media, Media.id == ExternalId.media_id)
        .join(MediaRequest, MediaRequest.media_id == Media.id)
        .where(MediaRequest.deleted_at.is_(None), MediaRequest.is_4k == is_4k, MediaRequest.state.not_in(DONE))
        .where(Media.media_type == MediaType.MOVIE, ExternalId.provider == "tmdb")
        .group_by(Media.id)
    )
    return [(int(tmdb_id), opened_at) for tmdb_id, opened_at in session.execute(query)]


def open_series(session: Session, *, is_4k: bool) -> Sequence[tuple[int, datetime]]:
    """Give the TVDB ids of series that somebody waits for, or whose list lacks an episode; and since when."""
    unlisted = exists().where(Item.media_id == Media.id, Item.aired.is_(None))
    query = (
        select(func.min(ExternalId.value), func.max(MediaRequest.updated_at))
        .select_from(MediaRequest)
        .join(Media, Media.id == MediaRequest.media_id)
        .join(ExternalId, ExternalId.media_id == Media.id)
        .where(MediaRequest.deleted_at.is_(None), MediaRequest.is_4k == is_4k, Media.media_type == MediaType.TV)
        .where(ExternalId.provider == "tvdb")
        .where(or_(MediaRequest.state.not_in(DONE), Media.episodes_read_at.is_(None), unlisted))
        .group_by(Media.id)
    )
    return [(int(tvdb_id), opened_at) for tvdb_id, opened_at in session.execute(query)]


def open_library_items(session: Session) -> Sequence[LibraryItem]:
    """Give the Jellyfin episodes that belong to no known show yet."""
    query = select(LibraryItem).where(LibraryItem.media_id.is_(None), LibraryItem.item_type == LibraryItemType.EPISODE)
    return session.scalars(query.order_by(LibraryItem.id.desc()).limit(500)).all()


def open_titles(session: Session) -> Sequence[tuple[MediaType, int, datetime]]:
    """Give the asked media whose title nobody has told, with their TMDB id; and since when."""
    query = (
        select(Media.media_type, func.min(ExternalId.value), func.max(MediaRequest.updated_at))
        .join(MediaRequest, MediaRequest.media_id == Media.id)
        .join(ExternalId, ExternalId.media_id == Media.id)
        .where(Media.title.is_(None), ExternalId.provider == "tmdb", MediaRequest.deleted_at.is_(None))
        .group_by(Media.id)
    )
    return [(media_type, int(tmdb_id), at) for media_type, tmdb_id, at in session.execute(query)]


def listed_requests(session: Session) -> set[int]:
    """Give Seerr's numbers of the requests that it should still list."""
    query = select(MediaRequest.seerr_request_id).where(
        MediaRequest.deleted_at.is_(None), MediaRequest.gone_at.is_(None)
    )
    return {number for number in session.scalars(query) if number is not None}


def unshown(session: Session) -> Sequence[tuple[MediaType, str, frozenset[tuple[str, str]], datetime]]:
    """Give type, title and ids of what has files and is not shown in full by Jellyfin; and since when."""
    query = (
        select(Media, func.max(MediaRequest.updated_at))
        .join(MediaRequest, MediaRequest.media_id == Media.id)
        .where(MediaRequest.deleted_at.is_(None), MediaRequest.state.in_(UNSHOWN), Media.title.is_not(None))
        .group_by(Media.id)
        .options(selectinload(Media.external_ids))
    )
    return [
        (media.media_type, media.title or "", frozenset((each.provider, each.value) for each in media.external_ids), at)
        for media, at in session.execute(query)
    ]


def open_posters(session: Session) -> Sequence[tuple[int, str]]:
    """Give the media that somebody asked for and that name a poster we have not fetched, with its address."""
    asked = exists().where(MediaRequest.media_id == Media.id, MediaRequest.deleted_at.is_(None))
    query = select(Media.id, Media.poster_url).where(Media.poster_url.is_not(None), Media.poster_at.is_(None), asked)
    return [(media_id, url) for media_id, url in session.execute(query.order_by(Media.id.desc())) if url]

"""Keep what an observation says as facts; say which media it touches.

Told facts only add and keep their first arrival; a reading is stamped with its start and replaces what is older.
"""

from __future__ import annotations

from datetime import datetime
from functools import singledispatch

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from flaskapp.domain.observation import (
    DownloadGone,
    DownloadPolled,
    DownloadStage,
    EntryDeleted,
    EntryTold,
    EpisodeRef,
    EpisodesRead,
    FileDeleted,
    FileImported,
    Grabbed,
    ImportBlocked,
    ImportCompleted,
    LibraryItemAdded,
    LibraryItemRead,
    LibraryItemRemoved,
    LibraryItemType,
    Observation,
    PosterKept,
    RequestTold,
)
from flaskapp.domain.origin import Origin
from flaskapp.domain.state import State
from flaskapp.models import Download, Entry, Grab, ImportHint, Item, LibraryItem, Media, MediaFile, MediaRequest
from flaskapp.tracking.correlate import find_download, find_entry, find_items, find_media

UNSETTLED = (DownloadStage.CHECKING, DownloadStage.UNKNOWN)
"""A client that verifies data counts from 0 again: what was shown before stays."""


@singledispatch
def store(observation: Observation, session: Session, origin: Origin) -> set[int]:
    """Keep the facts of one observation; give the ids of the media it touches."""
    raise TypeError(type(observation))


@store.register
def _request_told(told: RequestTold, session: Session, origin: Origin) -> set[int]:
    media = find_media(session, told.media, origin)
    request = session.scalar(select(MediaRequest).filter_by(seerr_request_id=told.seerr_request_id))
    if request is None:
        request = _adopt(session, media, told)
    touched = {media.id, request.media_id} if request.media_id else {media.id}
    request.media_id, request.is_4k = media.id, told.is_4k
    request.requested_by = told.requested_by or request.requested_by
    if told.seasons is not None:
        request.seasons = sorted(told.seasons)
    if told.word is not None:
        at = f"{told.word}_at"
        setattr(request, at, max(getattr(request, at) or told.seen_at, told.seen_at))
    if told.completed:
        request.completed_at = request.completed_at or told.seen_at
    return touched


def _adopt(session: Session, media: Media, told: RequestTold) -> MediaRequest:
    """Give the card of a new request: that of a title nobody had asked for, or a new one."""
    request = session.scalar(
        select(MediaRequest).filter_by(media_id=media.id, is_4k=told.is_4k, seerr_request_id=None, deleted_at=None)
    )
    if request is None:
        request = new_request(media, told.seen_at)
        session.add(request)
    else:
        request.approved_at = None
    request.seerr_request_id = told.seerr_request_id
    return request


def new_request(media: Media, now: datetime) -> MediaRequest:
    """Make a card that was not derived yet."""
    return MediaRequest(
        media_id=media.id, state=State.REQUESTED, created_at=now, updated_at=now, state_since=now, face={}
    )


@store.register
def _entry_told(told: EntryTold, session: Session, origin: Origin) -> set[int]:
    _, media = find_entry(session, told.entry, origin)
    return {media.id}


@store.register
def _entry_deleted(told: EntryDeleted, session: Session, origin: Origin) -> set[int]:
    entry, media = find_entry(session, told.entry, origin)
    entry.deleted_at = entry.deleted_at or told.seen_at
    entry.files_deleted = entry.files_deleted or told.files_deleted
    return {media.id}


@store.register
def _grabbed(told: Grabbed, session: Session, origin: Origin) -> set[int]:
    entry, media = find_entry(session, told.entry, origin)
    items = find_items(session, media, told.items)
    alias = told.download_id or _nameless(told, origin)
    download = find_download(session, [alias], grabbed_at=told.seen_at, nameless=told.download_id is None)
    if download is None:  # cannot be: a grab makes the download it speaks of
        raise LookupError(alias)
    download.title, download.quality = download.title or told.release.title, download.quality or told.release.quality
    download.indexer, download.size = download.indexer or told.release.indexer, download.size or told.release.size
    download.client = download.client or told.client
    carried = set(session.scalars(select(Grab.item_pk).filter_by(entry_pk=entry.id, download_pk=download.id)))
    session.add_all(
        Grab(entry_pk=entry.id, download_pk=download.id, item_pk=item.id) for item in items if item.id not in carried
    )
    return {media.id}


def _nameless(told: Grabbed, origin: Origin) -> str:
    """Make up an id for a grab without one (blackholes): the same webhook again makes the same id."""
    numbers = ",".join(f"{item.season}x{item.episode}" for item in told.items)
    return f"{origin.source}/{origin.instance}/{told.entry.entry_id}/{numbers}/{told.release.title or ''}"


@store.register
def _file_imported(told: FileImported, session: Session, origin: Origin) -> set[int]:
    entry, media = find_entry(session, told.entry, origin)
    file = _find_file(session, entry, told.file_id, told.seen_at)
    file.download_id = file.download_id or told.download_id
    file.quality, file.size = file.quality or told.quality, file.size or told.size
    _carry(session, file, media, told.items)
    return {media.id}


@store.register
def _file_deleted(told: FileDeleted, session: Session, origin: Origin) -> set[int]:
    entry, media = find_entry(session, told.entry, origin)
    file = _find_file(session, entry, told.file_id, told.seen_at)
    if file.death is None:
        file.death, file.died_at = told.reason, told.seen_at
    _carry(session, file, media, told.items)
    return {media.id}


def _find_file(session: Session, entry: Entry, file_id: int, now: datetime) -> MediaFile:
    file = session.scalar(select(MediaFile).filter_by(entry_pk=entry.id, file_id=file_id))
    if file is None:
        file = MediaFile(entry_pk=entry.id, file_id=file_id, told_at=now)
        session.add(file)
        session.flush()
    return file


def _carry(session: Session, file: MediaFile, media: Media, refs: tuple[EpisodeRef, ...]) -> None:
    carried = {item.id for item in file.items}
    file.items.extend(item for item in find_items(session, media, refs) if item.id not in carried)


@store.register
def _import_completed(told: ImportCompleted, session: Session, origin: Origin) -> set[int]:
    entry, media = find_entry(session, told.entry, origin)
    key = {"entry_pk": entry.id, "download_id": told.download_id or ""}
    hinted = set(session.scalars(select(ImportHint.item_pk).filter_by(**key)))
    items = find_items(session, media, told.items)
    session.add_all(ImportHint(item_pk=item.id, **key) for item in items if item.id not in hinted)
    return {media.id}


@store.register
def _import_blocked(told: ImportBlocked, session: Session, origin: Origin) -> set[int]:
    _, media = find_entry(session, told.entry, origin)
    download = find_download(session, [told.download_id]) if told.download_id else None
    if download is not None:
        download.blocked_at = download.blocked_at or told.seen_at
        download.blocked_messages = list(told.messages)
    return {media.id}


@store.register
def _library_item_added(told: LibraryItemAdded, session: Session, origin: Origin) -> set[int]:
    row = _find_library_item(session, told.item_id, told.item_type, origin)
    row.title, row.series_id = row.title or told.title, row.series_id or told.series_id
    row.added_at = row.added_at or told.seen_at
    return _place(session, row, told, origin)


@store.register
def _library_item_read(read: LibraryItemRead, session: Session, origin: Origin) -> set[int]:
    row = _find_library_item(session, read.item_id, read.item_type, origin)
    row.series_id, row.read_at = read.series_id or row.series_id, read.seen_at
    return _place(session, row, read, origin)


@store.register
def _library_item_removed(_told: LibraryItemRemoved, _session: Session, _origin: Origin) -> set[int]:
    return set()  # a hint only: upgrades, renames and moves say it too


def _find_library_item(session: Session, item_id: str, item_type: LibraryItemType, origin: Origin) -> LibraryItem:
    row = session.scalar(select(LibraryItem).filter_by(instance=origin.instance, item_id=item_id))
    if row is None:
        row = LibraryItem(instance=origin.instance, item_id=item_id, item_type=item_type, episodes=[])
        session.add(row)
        session.flush()
    return row


def _place(session: Session, row: LibraryItem, said: LibraryItemAdded | LibraryItemRead, origin: Origin) -> set[int]:
    """Find the media a Jellyfin item belongs to; an episode belongs to that of its series, once it is known."""
    row.season = said.season if row.season is None else row.season
    row.episodes = row.episodes or list(said.episodes)
    if said.media is not None and said.media.ids():
        row.media_id = find_media(session, said.media, origin).id
    elif row.series_id is not None:
        row.media_id = row.media_id or session.scalar(
            select(LibraryItem.media_id).filter_by(instance=origin.instance, item_id=row.series_id)
        )
    if row.media_id is None:
        return set()
    placed = [row]
    if row.item_type is LibraryItemType.SERIES:
        placed += session.scalars(select(LibraryItem).filter_by(instance=origin.instance, series_id=row.item_id)).all()
    media = session.get_one(Media, row.media_id)
    for each in placed:
        each.media_id = media.id
        if each.item_type is LibraryItemType.EPISODE and each.season is not None:
            find_items(session, media, [EpisodeRef(each.season, number) for number in each.episodes])
    return {media.id}


@store.register
def _episodes_read(read: EpisodesRead, session: Session, origin: Origin) -> set[int]:
    entry, media = find_entry(session, read.entry, origin)
    if entry.read_at is not None and entry.read_at > read.seen_at:
        return set()
    entry.read_at = media.episodes_read_at = read.seen_at
    refs = [EpisodeRef(row.season, row.episode, row.title, row.air_at) for row in read.episodes]
    items = {(item.season, item.episode): item for item in find_items(session, media, refs)}
    for row in read.episodes:
        item = items[row.season, row.episode]
        item.title, item.air_at = row.title, row.air_at
        item.aired, item.monitored = row.aired, row.monitored
        if row.file_id is not None:
            file = _find_file(session, entry, row.file_id, read.seen_at)
            file.read_at = read.seen_at
            if item not in file.items:
                file.items.append(item)
    return {media.id}


@store.register
def _download_polled(polled: DownloadPolled, session: Session, _origin: Origin) -> set[int]:
    download = find_download(session, [polled.download_id, *polled.aliases])
    if download is None or (download.polled_at and download.polled_at > polled.seen_at):
        return set()
    download.polled_at, download.gone_at = polled.seen_at, None
    download.speed, download.eta, download.seeds = polled.speed, polled.eta, polled.seeds
    if polled.stage not in UNSETTLED or download.stage is None:
        download.stage = polled.stage
        download.progress = 0.0 if polled.stage in UNSETTLED else polled.progress
    download.size = polled.size or download.size
    download.size_left = polled.size_left
    return _carried(session, download)


@store.register
def _download_gone(gone: DownloadGone, session: Session, _origin: Origin) -> set[int]:
    download = find_download(session, [gone.download_id])
    if download is None:
        return set()
    download.gone_at = download.gone_at or gone.seen_at
    return _carried(session, download)


def _carried(session: Session, download: Download) -> set[int]:
    return set(
        session.scalars(
            select(Item.media_id).join(Grab, Grab.item_pk == Item.id).where(Grab.download_pk == download.id)
        )
    )


@store.register
def _poster_kept(kept: PosterKept, session: Session, _origin: Origin) -> set[int]:
    session.execute(update(Media).where(Media.id == kept.media_id).values(poster_at=kept.seen_at))
    return {kept.media_id}

"""What Radarr and Sonarr say: titles, grabs and files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.domain.observation import (
    FILM,
    EntryDeleted,
    EntryTold,
    EpisodeRef,
    FileDeleted,
    FileImported,
    Grabbed,
    ImportBlocked,
    ImportCompleted,
)
from flaskapp.domain.origin import Origin
from flaskapp.domain.reading import EpisodesRead, MovieRead
from flaskapp.models import Entry, Grab, ImportHint, Media, MediaFile
from flaskapp.tracking.correlate import find_download, find_entry, find_items


def store_entry(told: EntryTold, session: Session, origin: Origin) -> set[int]:
    """Keep that the title is there."""
    _, media = find_entry(session, told.entry, origin)
    return {media.id}


def store_entry_deletion(told: EntryDeleted, session: Session, origin: Origin) -> set[int]:
    """Keep that the title left; its entry id never returns."""
    entry, media = find_entry(session, told.entry, origin)
    entry.deleted_at = entry.deleted_at or told.seen_at
    entry.files_deleted = entry.files_deleted or told.files_deleted
    return {media.id}


def store_grab(told: Grabbed, session: Session, origin: Origin) -> set[int]:
    """Keep which download carries which items."""
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


def store_file(told: FileImported, session: Session, origin: Origin) -> set[int]:
    """Keep a file with the items it carries."""
    entry, media = find_entry(session, told.entry, origin)
    file = _find_file(session, entry, told.file_id, told.seen_at)
    file.download_id = file.download_id or told.download_id
    file.quality, file.size = file.quality or told.quality, file.size or told.size
    _carry(session, file, media, told.items)
    return {media.id}


def store_file_deletion(told: FileDeleted, session: Session, origin: Origin) -> set[int]:
    """Keep the death of a file; its first reason stays."""
    entry, media = find_entry(session, told.entry, origin)
    file = _find_file(session, entry, told.file_id, told.seen_at)
    if file.death is None:
        file.death, file.died_at = told.reason, told.seen_at
    _carry(session, file, media, told.items)
    return {media.id}


def _find_file(session: Session, entry: Entry, file_id: int, now: datetime) -> MediaFile:
    file = session.scalar(select(MediaFile).filter_by(entry_pk=entry.id, file_id=file_id))
    return file or _new_file(session, entry, file_id, now)


def _new_file(session: Session, entry: Entry, file_id: int, now: datetime) -> MediaFile:
    file = MediaFile(entry_pk=entry.id, file_id=file_id, told_at=now, items=[])
    session.add(file)
    return file


def _carry(session: Session, file: MediaFile, media: Media, refs: tuple[EpisodeRef, ...]) -> None:
    carried = {item.id for item in file.items}
    file.items.extend(item for item in find_items(session, media, refs) if item.id not in carried)


def store_import_hint(told: ImportCompleted, session: Session, origin: Origin) -> set[int]:
    """Keep that an import was called complete."""
    entry, media = find_entry(session, told.entry, origin)
    key = {"entry_pk": entry.id, "download_id": told.download_id or ""}
    hinted = set(session.scalars(select(ImportHint.item_pk).filter_by(**key)))
    items = find_items(session, media, told.items)
    session.add_all(ImportHint(item_pk=item.id, **key) for item in items if item.id not in hinted)
    return {media.id}


def store_import_block(told: ImportBlocked, session: Session, origin: Origin) -> set[int]:
    """Keep that an import waits for a person."""
    _, media = find_entry(session, told.entry, origin)
    download = find_download(session, [told.download_id]) if told.download_id else None
    if download is not None:
        download.blocked_at = download.blocked_at or told.seen_at
        download.blocked_messages = list(told.messages)
    return {media.id}


def store_episode_list(read: EpisodesRead, session: Session, origin: Origin) -> set[int]:
    """Keep the episode list and the files it names, unless a later reading is known."""
    entry, media = find_entry(session, read.entry, origin)
    if entry.read_at is not None and entry.read_at > read.seen_at:
        return set()
    entry.read_at = media.episodes_read_at = read.seen_at
    refs = [EpisodeRef(row.season, row.episode, row.title, row.air_at) for row in read.episodes]
    items = {(item.season, item.episode): item for item in find_items(session, media, refs)}
    # All at once: a long series has hundreds, and is read again whenever its card has changed.
    files = {file.file_id: file for file in session.scalars(select(MediaFile).filter_by(entry_pk=entry.id))}
    for row in read.episodes:
        item = items[row.season, row.episode]
        item.title, item.air_at = row.title, row.air_at
        item.aired, item.monitored = row.aired, row.monitored
        if row.file_id is not None:
            file = files.get(row.file_id) or _new_file(session, entry, row.file_id, read.seen_at)
            files[row.file_id], file.read_at = file, read.seen_at
            if item not in file.items:
                file.items.append(item)
    return {media.id}


def store_movie_reading(read: MovieRead, session: Session, origin: Origin) -> set[int]:
    """Keep which file a film has, unless a later reading is known."""
    entry, media = find_entry(session, read.entry, origin)
    if entry.read_at is not None and entry.read_at > read.seen_at:
        return set()
    entry.read_at = read.seen_at
    if read.file_id is not None:
        file = _find_file(session, entry, read.file_id, read.seen_at)
        file.read_at = read.seen_at
        file.quality, file.size = file.quality or read.quality, file.size or read.size
        _carry(session, file, media, (FILM,))
    return {media.id}

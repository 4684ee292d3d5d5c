"""What Radarr and Sonarr say: titles, grabs and files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select, update
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
from flaskapp.domain.reading import EntryAbsent, EntryDoubted, EpisodesRead, MovieRead
from flaskapp.models import Entry, EpisodeSearch, ImportHint, Item, Media, MediaFile, MediaRequest
from flaskapp.tracking.correlate import (
    carry,
    describe,
    find_download,
    find_entry,
    find_items,
    find_known_media,
    grabbed_download,
    update_row,
)


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
    download = grabbed_download(session, alias, told.seen_at, nameless=told.download_id is None)
    describe(download, told.release, told.client)
    update_row(download, grabbed_at=min(download.grabbed_at, told.seen_at))  # a late webhook is told right by history
    carry(session, entry, download, items)
    if told.from_history and download.dropped_at is not None and download.dropped_at < told.seen_at:
        download.take_back_drop()  # the same release was grabbed again since
    return {media.id}


def _nameless(told: Grabbed, origin: Origin) -> str:
    """Make up an id for a grab without one (blackholes): the same webhook again makes the same id."""
    numbers = ",".join(f"{item.season}x{item.episode}" for item in told.items)
    return f"{origin.source}/{origin.instance}/{told.entry.entry_id}/{numbers}/{told.release.title or ''}"


def store_file(told: FileImported, session: Session, origin: Origin) -> set[int]:
    """Keep a file with the items it carries."""
    entry, media = find_entry(session, told.entry, origin)
    file = _find_file(session, entry, told.file_id, origin.now if told.from_history else told.seen_at)
    if told.from_history and file in session.new and entry.read_at is not None:
        # Its time is by another clock: whether a reading that lacks it came before or after, only the next one tells.
        entry.doubted_at = origin.now
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
    _read_entry(entry, read, session)
    media.episodes_read_at = read.seen_at
    refs = [EpisodeRef(row.season, row.episode, row.title, row.air_at) for row in read.episodes]
    items = {(item.season, item.episode): item for item in find_items(session, media, refs)}
    # All at once: a long series has hundreds, and is read again whenever its card has changed.
    files = {file.file_id: file for file in session.scalars(select(MediaFile).filter_by(entry_pk=entry.id))}
    searches = {each.item_pk: each for each in session.scalars(select(EpisodeSearch).filter_by(entry_pk=entry.id))}
    for row in read.episodes:
        item = items[row.season, row.episode]
        item.title, item.air_at, item.aired = row.title, row.air_at, row.aired
        search = searches.get(item.id) or _new_search(session, entry, item)
        search.monitored, search.searched_at = row.monitored, row.searched_at
        if row.file_id is not None:
            file = files.get(row.file_id) or _new_file(session, entry, row.file_id, read.seen_at)
            files[row.file_id], file.read_at = file, read.seen_at
            if item not in file.items:
                file.items.append(item)
    return {media.id}


def _new_search(session: Session, entry: Entry, item: Item) -> EpisodeSearch:
    search = EpisodeSearch(entry_pk=entry.id, item_pk=item.id)
    session.add(search)
    return search


def store_movie_reading(read: MovieRead, session: Session, origin: Origin) -> set[int]:
    """Keep which file a film has, unless a later reading is known."""
    entry, media = find_entry(session, read.entry, origin)
    if entry.read_at is not None and entry.read_at > read.seen_at:
        return set()
    _read_entry(entry, read, session)
    entry.is_released, entry.release_at, entry.searched_at = read.is_released, read.release_at, read.searched_at
    if read.file_id is not None:
        file = _find_file(session, entry, read.file_id, read.seen_at)
        file.read_at = read.seen_at
        file.quality, file.size = file.quality or read.quality, file.size or read.size
        _carry(session, file, media, (FILM,))
    return {media.id}


def _read_entry(entry: Entry, read: MovieRead | EpisodesRead, session: Session) -> None:
    """Keep what a reading says of the title itself; one title has one number, so any other it had is of the past."""
    entry.read_at, entry.monitored, entry.path = read.seen_at, read.monitored, read.path
    if entry.deleted_at is not None and entry.deleted_at < read.seen_at:
        entry.deleted_at, entry.files_deleted = None, False
    same = {"source": entry.source, "instance": entry.instance, "media_id": entry.media_id, "deleted_at": None}
    for other in session.scalars(select(Entry).filter_by(**same).where(Entry.id != entry.id)):
        other.deleted_at = read.seen_at


def store_entry_absence(read: EntryAbsent, session: Session, origin: Origin) -> set[int]:
    """Keep that an instance does not have a title (any more); its requests remember since when."""
    known = find_known_media(session, read.media)
    same = {"source": origin.source, "instance": origin.instance, "media_id": known, "deleted_at": None}
    entries = session.scalars(select(Entry).filter_by(**same)).all()
    for entry in entries:
        entry.deleted_at = read.seen_at
    waiting = {"media_id": known, "is_4k": origin.is_4k, "lacked_at": None, "deleted_at": None}
    requests = session.scalars(select(MediaRequest).filter_by(**waiting)).all()
    for request in requests:
        request.lacked_at = read.seen_at
    return {entry.media_id for entry in entries} | {request.media_id for request in requests}


def store_doubt(doubted: EntryDoubted, session: Session, origin: Origin) -> set[int]:
    """Keep that the files of a title have to be read again."""
    entry, _ = find_entry(session, doubted.entry, origin)
    entry.doubted_at = origin.now  # by our clock, like the readings; that of the row is upstream's
    return set()


def doubt_entries(session: Session, media_id: int, now: datetime) -> None:
    """Let a title be read again that Jellyfin shows while no file of it is known: the word of it may be lost."""
    has_file = exists().where(MediaFile.entry_pk == Entry.id, MediaFile.death.is_(None))
    there = Entry.media_id == media_id, Entry.deleted_at.is_(None), ~has_file
    session.execute(update(Entry).where(*there).values(doubted_at=now))

"""All that one Radarr or Sonarr remembers."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from demo.clock import Clock
from demo.servarr.model import Entry, Grab, Held, HistoryRow, Key, MediaFile, Release
from demo.titles import Film

FIRST_IDS = (11, 61, 301)
"""Where the numbers of titles, files and history begin."""


class Books:
    """Titles, files, downloads and history, and the language of what it says."""

    def __init__(self, clock: Clock, root: str) -> None:
        self.clock, self.root, self.language = clock, root, "en"
        self.started_at = clock.now
        self.entries: dict[int, Entry] = {}
        self.files: dict[int, MediaFile] = {}
        self.grabs: dict[str, Grab] = {}
        self.held: list[Held] = []
        self.history: list[HistoryRow] = []
        self.blocklist: set[str] = set()
        self._count_from(*FIRST_IDS)

    def _count_from(self, entry: int, file: int, row: int) -> None:
        self._entry_ids, self._file_ids, self._row_ids = count(entry), count(file), count(row)

    def entry_of(self, title: Film) -> Entry | None:
        """Find the entry of a title."""
        return next((entry for entry in self.entries.values() if entry.title == title), None)

    def file_of(self, entry: Entry, key: Key) -> MediaFile | None:
        """Find the file of an item."""
        return next((file for file in self.files_of(entry) if key in file.keys), None)

    def files_of(self, entry: Entry) -> list[MediaFile]:
        """Find the files of a title."""
        return [file for file in self.files.values() if file.entry is entry]

    def add_entry(self, title: Film) -> Entry:
        """Write down a title."""
        entry = Entry(next(self._entry_ids), title, self.clock.now, self.root)
        self.entries[entry.id] = entry
        return entry

    def add_file(self, entry: Entry, keys: tuple[Key, ...], release: Release) -> MediaFile:
        """Write down a file."""
        size = release.size * len(keys) // len(release.keys)
        file = MediaFile(next(self._file_ids), entry, keys, release, size, self.clock.now)
        self.files[file.id] = file
        return file

    def drop_file(self, file: MediaFile, reason: str) -> None:
        """Strike a file out; history knows why."""
        del self.files[file.id]
        for key in file.keys:
            self.log("fileDeleted", file.entry, file.release, key, {"reason": reason[0].upper() + reason[1:]})

    def forget(self, entry: Entry) -> None:
        """Strike a title out with all that belongs to it, history too."""
        del self.entries[entry.id]
        for file in self.files_of(entry):
            del self.files[file.id]
        for hash_ in [hash_ for hash_, grab in self.grabs.items() if grab.entry is entry]:
            del self.grabs[hash_]
        self.held[:] = [held for held in self.held if held.entry is not entry]
        self.history[:] = [row for row in self.history if row.entry is not entry]

    def log(self, kind: str, entry: Entry, release: Release, key: Key, data: dict[str, str]) -> None:
        """Write a line of history."""
        self.history.append(HistoryRow(next(self._row_ids), kind, entry, key, release, self.clock.now, data))

    def begin_anew(self) -> None:
        """Give all titles and files new numbers from 1, the last first, and forget the past, as a reinstall does."""
        self._count_from(1, 1, 1)
        self.started_at = self.clock.now
        self.history.clear()
        entries, files = list(reversed(self.entries.values())), list(reversed(self.files.values()))
        self.entries.clear()
        self.files.clear()
        for entry in entries:
            entry.id, entry.added_at, entry.searched_at = next(self._entry_ids), self.clock.now, {}
            self.entries[entry.id] = entry
        for file in files:
            id_ = next(self._file_ids)
            self.files[id_] = replace(file, id=id_, added_at=self.clock.now)

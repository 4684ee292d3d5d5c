"""One Radarr or Sonarr: titles come and go, files too, and the rest is left to those who know it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from demo.servarr.books import Books
from demo.servarr.desk import Desk, House
from demo.servarr.downloads import SEARCHING, Downloads
from demo.servarr.mail import Mail
from demo.servarr.model import LOOSE, Entry, Grab, Key, MediaFile, Release
from demo.servarr.queue import Queue
from demo.servarr.search import Search
from demo.servarr.words import Words
from demo.titles import Film

ADDING = 1.0
"""Seconds from the add to its event."""


class Arr:
    """Everything that a person, Seerr or the world does to one Radarr or Sonarr."""

    def __init__(self, words: Words, house: House) -> None:
        self.words, self.house, self.clock, self.clients = words, house, house.clock, house.clients
        self.books = Books(house.clock, words.root)
        self.mail, self.queue = Mail(words, house.clock, house.post), Queue(self.books, house.clients)
        desk = Desk(words, self.books, self.mail, self.queue, house)
        self.search = Search(desk)
        self.downloads = Downloads(desk, self.search)
        self.entries, self.grabs, self.files = self.books.entries, self.books.grabs, self.books.files
        self.history, self.notifications = self.books.history, self.mail.notifications
        self.entry_of, self.file_of = self.books.entry_of, self.books.file_of
        self.on_file, self.on_loss = self.downloads.on_file, list[Callable[[MediaFile], None]]()
        self.is_accepting = True
        self._on_disk: list[MediaFile] = []
        self._off_disk: set[int] = set()

    def check(self) -> None:
        """Look at the download clients, as the two do once a minute."""
        self.search.check()
        self.downloads.check()

    def add(self, title: Film, seasons: tuple[int, ...] = ()) -> Entry:
        """Take in a title, or want more of its seasons, and search for it."""
        entry = self.entry_of(title)
        if entry is None:
            entry = self.books.add_entry(title)
            self.clock.after(ADDING, partial(self._welcome, entry))
        entry.seasons |= set(seasons)
        self.clock.after(ADDING + SEARCHING, partial(self.search.run, entry))
        return entry

    def _welcome(self, entry: Entry) -> None:
        """Tell of a new title; what lies in its folder is taken up in silence."""
        if self.entries.get(entry.id) is entry:
            self.mail.tell(self.words.added(entry))
            self.rescan(entry)

    def publish(self, title: Film, release: Release) -> None:
        """Let the indexer offer a release; it is seen at once where the title is known."""
        self.search.indexer.setdefault(title.slug, []).append(release)
        entry = self.entry_of(title)
        if entry is not None:
            self.search.take(entry)

    def monitor(self, entry: Entry, *, wanted: bool, keys: tuple[Key, ...] = ()) -> None:
        """Want a title or not, or only some of its episodes. Nobody is told."""
        if not keys:
            entry.monitored = wanted
        elif wanted:
            entry.unmonitored -= set(keys)
        else:
            entry.unmonitored |= set(keys)

    def grab_of(self, release: Release) -> Grab:
        """Give the download of a release."""
        return self.grabs[release.hash]

    def import_now(self, grab: Grab) -> None:
        """Import a download by hand."""
        self.downloads.import_now(grab)

    def import_loose(self, entry: Entry, keys: tuple[Key, ...], release: Release) -> list[MediaFile]:
        """Import files that no download brought, by hand: they have neither client nor id."""
        files = [self._put(entry, key, replace(release, protocol=LOOSE)) for key in keys]
        for file in files:
            data = {"fileId": str(file.id), "importedPath": file.path}
            self.books.log("downloadFolderImported", entry, file.release, file.keys[0], data)
            self.mail.tell(self.words.imported(file, [], None))
        event = self.words.completed(files, None)
        if event is not None:
            self.mail.tell(event)
        return files

    def import_in_place(self, entry: Entry, keys: tuple[Key, ...], release: Release) -> list[MediaFile]:
        """Import files that lie in the title's folder, by hand: no history, and Radarr says nothing of it."""
        files = [self._put(entry, key, release) for key in keys]
        event = self.words.scanned(files)
        if event is not None:
            self.mail.tell(event)
        return files

    def _put(self, entry: Entry, key: Key, release: Release) -> MediaFile:
        file = self.books.add_file(entry, (key,), release)
        for hook in self.on_file:
            hook(file, [])
        return file

    def delete_file(self, file: MediaFile, reason: str) -> None:
        """Delete a file: ``manual``, or ``missingFromDisk`` when a scan missed it."""
        self.books.drop_file(file, reason)
        self.mail.tell(self.words.file_deleted(file, reason))
        self._lose([file])

    def wipe(self, file: MediaFile) -> None:
        """Take a file off the disk behind its back; the next scan misses it."""
        self._off_disk.add(file.id)
        self._lose([file])

    def rescan(self, entry: Entry) -> None:
        """Look into the folder of a title: what vanished is told, what is found is not."""
        for file in self.books.files_of(entry):
            if file.id in self._off_disk:
                self._off_disk.remove(file.id)
                self.books.drop_file(file, "missingFromDisk")
                self.mail.tell(self.words.file_deleted(file, "missingFromDisk"))
        for file in [file for file in self._on_disk if file.path.startswith(f"{entry.folder}/")]:
            self._on_disk.remove(file)
            self.books.add_file(entry, file.keys, file.release)

    def delete(self, entry: Entry, *, with_files: bool = True) -> None:
        """Delete a title, which has one event for all and erases its history; its files go too, or stay."""
        files = self.books.files_of(entry)
        self.mail.tell(self.words.deleted(entry, files, with_files=with_files))
        self.books.forget(entry)
        if with_files:
            self._lose(files)
        else:
            self._on_disk += files

    def _lose(self, files: list[MediaFile]) -> None:
        for file in files:
            for hook in self.on_loss:
                hook(file)

    def restart(self) -> None:
        """Start anew: for a moment the queue is empty."""
        self.books.started_at = self.clock.now
        self.queue.empty()
        self.queue.refresh_soon()

    def reinstall(self) -> None:
        """Know the same titles and files under other numbers, and nothing of the past."""
        self.books.begin_anew()
        self.restart()

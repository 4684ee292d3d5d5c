"""What Radarr and Sonarr do: search, grab, watch the download client, import, upgrade, fail and search again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, Protocol

from demo.clock import Clock
from demo.qbittorrent.model import Qbittorrent, Torrent
from demo.servarr.model import Entry, Grab, HistoryRow, Key, MediaFile, Release
from demo.servarr.notification import Notification
from demo.titles import Film
from demo.webhook import Post, Webhook

ADDING, SEARCHING, NOTICING, COPYING = 1.0, 2.0, 3.0, 3.0
"""Seconds: from the add to the event, for a search, until a finished download is noticed, for a file's copy."""
BLOCKED = "Found matching title by grab history, but the release name does not match. Manual import required."


@dataclass(frozen=True)
class Event:
    """Something worth a webhook: who wants it has all ``triggers`` ticked."""

    triggers: tuple[str, ...]
    payload: dict[str, Any]


class Words(Protocol):
    """How one dialect tells its events."""

    name: str
    triggers: tuple[str, ...]

    def test(self) -> Event:
        """Tell that somebody pressed Test."""

    def added(self, entry: Entry) -> Event:
        """Tell of a new title."""

    def deleted(self, entry: Entry, files: list[MediaFile]) -> Event:
        """Tell that a title went, with these files."""

    def grabbed(self, grab: Grab) -> Event:
        """Tell of a grab."""

    def imported(self, grab: Grab, file: MediaFile, replaced: list[MediaFile]) -> Event:
        """Tell of a file."""

    def completed(self, grab: Grab, files: list[MediaFile]) -> Event | None:
        """Tell that a download is done with, where the dialect has a word for it."""

    def file_deleted(self, file: MediaFile, reason: str) -> Event:
        """Tell that a file went."""

    def blocked(self, grab: Grab) -> Event:
        """Tell that a person is needed."""


FileHook = Callable[[MediaFile, list[MediaFile]], None]


class Arr:
    """One Radarr or Sonarr."""

    def __init__(self, words: Words, clock: Clock, client: Qbittorrent, post: Post) -> None:
        self.words, self.clock, self.client, self._post = words, clock, client, post
        self.indexer: dict[str, list[Release]] = {}
        self.entries: dict[int, Entry] = {}
        self.grabs: dict[str, Grab] = {}
        self.files: dict[int, MediaFile] = {}
        self.history: list[HistoryRow] = []
        self.notifications: dict[int, Notification] = {}
        self.on_file: list[FileHook] = []
        self.on_loss: list[Callable[[MediaFile], None]] = []
        self.is_accepting = True
        self._blocklist: set[str] = set()
        self._entry_ids, self._file_ids, self._history_ids = count(11), count(61), count(301)

    def entry_of(self, title: Film) -> Entry | None:
        """Find the entry of a title."""
        return next((entry for entry in self.entries.values() if entry.title == title), None)

    def file_of(self, entry: Entry, key: Key) -> MediaFile | None:
        """Find the file of an item."""
        return next((file for file in self.files.values() if file.entry is entry and key in file.keys), None)

    def add(self, title: Film, seasons: tuple[int, ...] = ()) -> Entry:
        """Take in a title, or want more of its seasons, and search for it."""
        entry = self.entry_of(title)
        if entry is None:
            entry = Entry(next(self._entry_ids), title, self.clock.now)
            self.entries[entry.id] = entry
            self.clock.after(ADDING, lambda: self._tell(self.words.added(entry)))
        entry.seasons |= set(seasons)
        self.clock.after(ADDING + SEARCHING, lambda: self.search(entry))
        return entry

    def publish(self, title: Film, release: Release) -> None:
        """Let the indexer offer a release; it is seen at once where the title is known."""
        self.indexer.setdefault(title.slug, []).append(release)
        entry = self.entry_of(title)
        if entry is not None:
            self.search(entry)

    def search(self, entry: Entry) -> None:
        """Grab whatever brings something better than what is there or on its way."""
        for release in self.indexer.get(entry.title.slug, ()):
            if entry.id in self.entries and release.title not in self._blocklist and self._wants(entry, release):
                self._grab(entry, release)

    def _wants(self, entry: Entry, release: Release) -> bool:
        wanted = set(entry.keys(self.today)) & set(release.keys)
        return any(release.quality.rank > self._rank_of(entry, key) for key in wanted)

    @property
    def today(self) -> int:
        """Give the day of the world, from 0."""
        return (self.clock.now - self.clock.started_at).days

    def _rank_of(self, entry: Entry, key: Key) -> int:
        file = self.file_of(entry, key)
        coming = (grab for grab in self.grabs.values() if grab.entry is entry and grab.is_open)
        ranks = [grab.release.quality.rank for grab in coming if key in grab.release.keys]
        return max([*ranks, file.release.quality.rank if file else 0])

    def _grab(self, entry: Entry, release: Release) -> None:
        self.client.add(
            Torrent(release.hash, release.title, release.size, release.pace, self.words.name.lower(), self.clock.now)
        )
        grab = self.grabs[release.hash] = Grab(entry, release, self.clock.now)
        for key in release.keys:
            self._log(
                "grabbed", entry, release, key, {"indexer": release.indexer, "torrentInfoHash": release.download_id}
            )
        self._tell(self.words.grabbed(grab))

    def check(self) -> None:
        """Look at the download client, as the two do once a minute."""
        for grab in [grab for grab in self.grabs.values() if grab.stage == "downloading"]:
            torrent = self.client.torrents.get(grab.release.hash)
            if torrent is not None and torrent.is_broken:
                self._move(grab, "failedPending", self.fail)
            elif torrent is not None and torrent.is_complete:
                self._move(grab, "importPending", self._import)

    def _move(self, grab: Grab, stage: str, then: Callable[[Grab], None]) -> None:
        grab.stage = stage
        self.clock.after(NOTICING, lambda: then(grab))

    def fail(self, grab: Grab) -> None:
        """Give a download up without a word: it is blocklisted, and the next release is searched for."""
        grab.stage = "failed"
        self._blocklist.add(grab.release.title)
        self.client.remove(grab.release.hash)
        for key in grab.release.keys:
            self._log("downloadFailed", grab.entry, grab.release, key, {"message": "The download client failed"})
        self.clock.after(SEARCHING, lambda: self.search(grab.entry))

    def _import(self, grab: Grab) -> None:
        if grab.release.clear:
            self.import_now(grab)
            return
        grab.stage, grab.messages = "importBlocked", (BLOCKED,)
        self._tell(self.words.blocked(grab))

    def import_now(self, grab: Grab) -> None:
        """Import a download file by file, by itself or because a person said so."""
        grab.stage, grab.messages = "importing", ()
        for place, key in enumerate(grab.release.keys, 1):
            self.clock.after(place * COPYING, partial(self._import_file, grab, key))

    def _import_file(self, grab: Grab, key: Key) -> None:
        if grab.entry.id not in self.entries:
            return
        old = self.file_of(grab.entry, key)
        replaced = [old] if old else []
        for file in replaced:
            self._drop(file, "Upgrade")
            self._tell(self.words.file_deleted(file, "upgrade"))
        size = grab.release.size // len(grab.release.keys)
        file = MediaFile(next(self._file_ids), grab.entry, (key,), grab.release, size, self.clock.now)
        self.files[file.id] = file
        told = {"fileId": str(file.id), "importedPath": file.name}
        self._log("downloadFolderImported", file.entry, file.release, key, told)
        if key == grab.release.keys[-1]:
            grab.stage = "imported"
        self._tell(self.words.imported(grab, file, replaced))
        if not grab.is_open:
            self._complete(grab)
        for hook in self.on_file:
            hook(file, replaced)

    def _complete(self, grab: Grab) -> None:
        files = [file for file in self.files.values() if file.release is grab.release]
        event = self.words.completed(grab, files)
        if event is not None:
            self._tell(event)

    def delete_file(self, file: MediaFile, reason: str) -> None:
        """Delete a file: ``manual``, or ``missingFromDisk`` when a scan missed it."""
        self._drop(file, reason[0].upper() + reason[1:])
        self._tell(self.words.file_deleted(file, reason))
        self._lose([file])

    def delete(self, entry: Entry) -> None:
        """Delete a title and its files, which has one event for all and erases its history."""
        files = [file for file in self.files.values() if file.entry is entry]
        self._tell(self.words.deleted(entry, files))
        del self.entries[entry.id]
        self.files = {id_: file for id_, file in self.files.items() if file.entry is not entry}
        self.grabs = {hash_: grab for hash_, grab in self.grabs.items() if grab.entry is not entry}
        self.history = [row for row in self.history if row.entry is not entry]
        self._lose(files)

    def _lose(self, files: list[MediaFile]) -> None:
        for file in files:
            for hook in self.on_loss:
                hook(file)

    def _drop(self, file: MediaFile, reason: str) -> None:
        del self.files[file.id]
        for key in file.keys:
            self._log("fileDeleted", file.entry, file.release, key, {"reason": reason})

    def _log(self, kind: str, entry: Entry, release: Release, key: Key, data: dict[str, str]) -> None:
        self.history.append(HistoryRow(next(self._history_ids), kind, entry, key, release, self.clock.now, data))

    def _tell(self, event: Event) -> None:
        for notification in self.notifications.values():
            if notification.triggers >= set(event.triggers):
                self._post.send(Webhook(self.words.name.lower(), notification.receiver, event.payload))

    def test(self, notification: Notification) -> int:
        """Send a Test and wait for the answer: give its status."""
        return self._post.deliver(Webhook(self.words.name.lower(), notification.receiver, self.words.test().payload))

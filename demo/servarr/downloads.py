"""What becomes of a grab: it is watched, imported, blocked, failed, or taken out of the queue."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from demo.servarr.desk import Desk
from demo.servarr.model import Grab, Key, MediaFile
from demo.servarr.search import Search
from demo.servarr.wording import say

SEARCHING, NOTICING, COPYING, TRYING = 2.0, 3.0, 3.0, 60.0
"""Seconds for a search, until a finished download is noticed, for a file's copy, and between two tries."""

FileHook = Callable[[MediaFile, list[MediaFile]], None]


class Downloads:
    """Follows what was grabbed. ``is_path_wrong``: the client's folders can't be reached from here."""

    def __init__(self, desk: Desk, search: Search) -> None:
        self._desk, self._books, self._search = desk, desk.books, search
        self.is_path_wrong = False
        self.on_file: list[FileHook] = []

    def check(self) -> None:
        """Look at what is not done."""
        for grab in [grab for grab in self._books.grabs.values() if grab.stage == "downloading"]:
            progress = self._desk.clients.look(grab.release)
            if progress is not None and progress.is_failed:
                self._move(grab, "failedPending", self._fail)
            elif progress is not None and progress.is_done:
                self._pick_up(grab)

    def _pick_up(self, grab: Grab) -> None:
        """Begin with the import, if the files can be reached."""
        if not self.is_path_wrong:
            grab.messages = ()
            self._move(grab, "importPending", self._import)
        elif not grab.messages:
            grab.messages = (self._say("no_path", f"/downloads/{grab.release.title}"),)
            self._desk.queue.refresh()

    def _move(self, grab: Grab, stage: str, then: Callable[[Grab], None]) -> None:
        self._set(grab, stage)
        self._desk.clock.after(NOTICING, partial(self._go_on, grab, stage, then))

    def _go_on(self, grab: Grab, stage: str, then: Callable[[Grab], None]) -> None:
        """Do what comes next, unless somebody came in between."""
        if grab.stage == stage and self._books.grabs.get(grab.release.hash) is grab:
            then(grab)

    def _set(self, grab: Grab, stage: str, *messages: str) -> None:
        grab.stage, grab.messages = stage, messages
        self._desk.queue.refresh()

    def _say(self, word: str, *details: str) -> str:
        return say(self._books.language, word, *details)

    def _fail(self, grab: Grab) -> None:
        progress = self._desk.clients.look(grab.release)
        self.fail(grab, progress.complaint if progress and progress.complaint else self._say("failed"))

    def fail(self, grab: Grab, message: str) -> None:
        """Give a download up without a word: it is blocklisted, and the next release is searched for."""
        self._set(grab, "failed")
        self._books.blocklist.add(grab.release.title)
        self._desk.clients.of(grab.release).remove(grab.release)
        self._log(grab, "downloadFailed", {"message": message})
        self._desk.clock.after(SEARCHING, lambda: self._search.run(grab.entry))

    def remove(self, grab: Grab, *, blocklist: bool = False, keep: bool = False) -> None:
        """Take a download out of the queue: as failed, or kept in the client, or removed there without a trace."""
        if blocklist:
            self.fail(grab, self._say("by_hand"))
            return
        self._set(grab, "ignored" if keep else "removed")
        if keep:
            self._log(grab, "downloadIgnored", {"message": self._say("by_hand")})
        else:
            self._desk.clients.of(grab.release).remove(grab.release)

    def _log(self, grab: Grab, kind: str, data: dict[str, str]) -> None:
        for key in grab.release.keys:
            self._books.log(kind, grab.entry, grab.release, key, data)

    def _import(self, grab: Grab) -> None:
        """Try to import; without room it is tried again and again, and nobody is told."""
        if self._desk.house.disks.library.is_full:
            self._set(grab, "importPending", self._say("no_room"))
            self._desk.clock.after(TRYING, partial(self._go_on, grab, "importPending", self._import))
        elif not grab.release.clear:
            self._block(grab, self._say("mismatch"))
        else:
            self._copy(grab, [key for key in grab.release.keys if key not in grab.release.unclear])

    def _block(self, grab: Grab, message: str) -> None:
        self._set(grab, "importBlocked", message)
        if not grab.is_told:
            grab.is_told = True
            self._desk.mail.tell(self._desk.words.blocked(grab))

    def try_again(self, grab: Grab) -> None:
        """Let a blocked import pass through *pending*, as upstream does once a minute."""
        self._set(grab, "importPending", *grab.messages)
        self._desk.clock.after(NOTICING, partial(self._go_on, grab, "importPending", self._import))

    def import_now(self, grab: Grab) -> None:
        """Import all that is missing, because a person said what it is."""
        self._copy(grab, [key for key in grab.release.keys if not self._has(grab, key)])

    def _copy(self, grab: Grab, keys: list[Key]) -> None:
        self._set(grab, "importing")
        for place, key in enumerate(keys, 1):
            self._desk.clock.after(place * COPYING, partial(self._import_file, grab, key))
        self._desk.clock.after(len(keys) * COPYING, partial(self._end_copy, grab))

    def _import_file(self, grab: Grab, key: Key) -> None:
        if grab.stage != "importing" or self._books.entries.get(grab.entry.id) is not grab.entry:
            return
        old = self._books.file_of(grab.entry, key)
        replaced = [old] if old else []
        for file in replaced:
            self._books.drop_file(file, "upgrade")
            self._desk.mail.tell(self._desk.words.file_deleted(file, "upgrade"))
        file = self._books.add_file(grab.entry, (key,), grab.release)
        told = {"fileId": str(file.id), "importedPath": file.path}
        self._books.log("downloadFolderImported", file.entry, file.release, key, told)
        self._desk.mail.tell(self._desk.words.imported(file, replaced, grab))
        for hook in self.on_file:
            hook(file, replaced)

    def _end_copy(self, grab: Grab) -> None:
        if grab.stage != "importing" or self._books.entries.get(grab.entry.id) is not grab.entry:
            return
        if not all(self._has(grab, key) for key in grab.release.keys):
            self._block(grab, self._say("partly"))
            return
        self._set(grab, "imported")
        self._desk.clients.of(grab.release).finish(grab.release)
        self._desk.queue.refresh_soon()
        files = [file for file in self._books.files.values() if file.release is grab.release]
        event = self._desk.words.completed(files, grab)
        if event is not None:
            self._desk.mail.tell(event)

    def _has(self, grab: Grab, key: Key) -> bool:
        file = self._books.file_of(grab.entry, key)
        return file is not None and file.release is grab.release

"""How releases are found, held back and grabbed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from functools import partial

from demo.servarr.desk import Desk
from demo.servarr.model import Entry, Grab, Held, Key, Release

DELAY, UNAVAILABLE = "delay", "downloadClientUnavailable"


class Search:
    """Knows what the indexer offers and what is worth a grab; ``delay`` is how long a release is held back."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._books = desk, desk.books
        self.indexer: dict[str, list[Release]] = {}
        self.delay = 0.0

    def run(self, entry: Entry, keys: Collection[Key] | None = None) -> None:
        """Search because somebody said so, and note when it was; usually there is nothing."""
        if entry.id not in self._books.entries:
            return
        for key in entry.keys(self.today) if keys is None else keys:
            entry.searched_at[key] = self._desk.clock.now
        self.take(entry)

    def take(self, entry: Entry) -> None:
        """Take whatever brings something better than what is there or on its way."""
        for release in self.indexer.get(entry.title.slug, ()):
            if self._is_welcome(entry, release):
                self._take(entry, release)

    def _is_welcome(self, entry: Entry, release: Release) -> bool:
        is_wanted = self._books.entries.get(entry.id) is entry and entry.monitored
        if not is_wanted or not self._desk.house.calendar.is_out(entry.title) or release.title in self._books.blocklist:
            return False
        wanted = set(entry.keys(self.today)) & set(release.keys)
        return any(release.quality.rank > self._rank_of(entry, key) for key in wanted)

    @property
    def today(self) -> int:
        """Give the day of the world, from 0."""
        clock = self._desk.clock
        return (clock.now - clock.started_at).days

    def _rank_of(self, entry: Entry, key: Key) -> int:
        file = self._books.file_of(entry, key)
        coming = [grab.release for grab in self._books.grabs.values() if grab.entry is entry and self._comes(grab)]
        coming += [held.release for held in self._books.held if held.entry is entry]
        ranks = [release.quality.rank for release in coming if key in release.keys]
        return max([*ranks, file.release.quality.rank if file else 0])

    def _comes(self, grab: Grab) -> bool:
        """Tell whether a download is followed: not what somebody took out of the client."""
        client = self._desk.clients.of(grab.release)
        return grab.is_open and not (client.is_reachable and client.look(grab.release) is None)

    def _take(self, entry: Entry, release: Release) -> None:
        if self.delay:
            self._hold(entry, release, DELAY, self.delay)
        elif not self._desk.clients.of(release).is_reachable:
            self._hold(entry, release, UNAVAILABLE, 0)
        else:
            self._grab(entry, release)

    def _hold(self, entry: Entry, release: Release, hold: str, seconds: float) -> None:
        now = self._desk.clock.now
        held = Held(entry, release, hold, now, now + timedelta(seconds=seconds))
        self._books.held.append(held)
        if hold == DELAY:
            self._desk.clock.after(seconds, partial(self._let_go, held))

    def check(self) -> None:
        """Grab what only waited for its client."""
        for held in list(self._books.held):
            if held.hold == UNAVAILABLE and self._desk.clients.of(held.release).is_reachable:
                self._let_go(held)

    def _let_go(self, held: Held) -> None:
        if held not in self._books.held:
            return
        self._books.held.remove(held)
        if not self._is_welcome(held.entry, held.release):
            return
        if self._desk.clients.of(held.release).is_reachable:
            self._grab(held.entry, held.release)
        else:
            self._hold(held.entry, held.release, UNAVAILABLE, 0)

    def _grab(self, entry: Entry, release: Release) -> None:
        now = self._desk.clock.now
        self._desk.clients.of(release).add(release, self._desk.words.category, now)
        grab = self._books.grabs[release.hash] = Grab(entry, release, now)
        for key in release.keys:
            self._books.log("grabbed", entry, release, key, {"indexer": release.indexer})
        self._desk.queue.refresh_soon()
        self._desk.mail.tell(self._desk.words.grabbed(grab))

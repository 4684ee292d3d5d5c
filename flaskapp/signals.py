"""Wake-ups, last contacts and held streams, in memory: how webhooks, streams and background loops touch each other.

Nothing here is a fact; after a restart it fills again by itself. Where several processes serve one board, they tell
each other what stands here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

HICCUP = timedelta(seconds=10)
"""An upstream that restarts is away for a few seconds; people need not hear of it."""

FORGOTTEN = 15.0
"""Seconds after which the viewers of a process that says nothing count no more."""


@dataclass
class Contact:
    """How the last exchange with an upstream went; times are aware UTC, ``round_trip`` seconds."""

    last_contact_at: datetime | None = None
    last_error: str | None = None
    last_error_at: datetime | None = None
    failing_since: datetime | None = None
    round_trip: float | None = None

    @property
    def is_down(self) -> bool:
        """Tell whether it does not answer: one failure among good answers is no news."""
        if self.last_error_at is None or self.failing_since is None:
            return False
        return self.last_contact_at is None or self.last_error_at - self.failing_since >= HICCUP


@dataclass
class Turns:
    """What a background loop has done since it began: its steps, those that failed, and how long all took together."""

    count: int = 0
    failed: int = 0
    seconds: float = 0.0


HELD_FOR = timedelta(minutes=15)
"""A browser that the stream does not reach tries again at least every five minutes, and says so if nothing changed."""
MOST_HELD = 20


@dataclass(frozen=True)
class Held:
    """What a browser said last: ``since`` when the stream does not reach it, None: it does (again).

    ``proxy`` is what an answer says of who passed it on.
    """

    address: str
    proxy: str
    since: datetime | None
    told_at: datetime


class HeldStreams:
    """The last word of each browser that something keeps from the stream; they say it again after a restart."""

    def __init__(self) -> None:
        self._words: dict[str, Held] = {}

    def note(self, address: str, proxy: str, now: datetime) -> None:
        """Note that the stream is held back from an address."""
        known = self._words.get(address)
        is_same = known is not None and known.since is not None and now - known.told_at < HELD_FOR
        self.take(Held(address, proxy, known.since if known and is_same else now, now))

    def forget(self, address: str, now: datetime) -> None:
        """Note that the stream reaches an address."""
        self.take(Held(address, "", None, now))

    def take(self, word: Held) -> None:
        """Keep what a browser said, here or to another process, unless it said something later."""
        known = self._words.get(word.address)
        if known is not None and known.told_at >= word.told_at:
            return
        self._words[word.address] = word
        if len(self._words) > MOST_HELD:
            del self._words[min(self._words.values(), key=lambda each: each.told_at).address]

    def words(self) -> list[Held]:
        """Give the last word of each."""
        return list(self._words.values())

    def now(self, now: datetime) -> list[Held]:
        """Give those that the stream does not reach, the oldest first."""
        held = [(word.since, word) for word in self._words.values() if word.since and now - word.told_at < HELD_FOR]
        return [word for _, word in sorted(held, key=lambda each: each[0])]


class Signals:
    """One per app: wake the loops, say who watches, remember contacts."""

    def __init__(self) -> None:
        self._wakes: dict[str, threading.Event] = {}
        self.viewers = 0
        """How many streams are open in this process."""
        self._viewers_elsewhere: dict[str, tuple[int, float]] = {}
        self.is_asking = True
        """Whether this process asks the services: else contacts and ticks are those of the one that does."""
        self.contacts: dict[str, Contact] = {}
        self.ticks: dict[str, datetime] = {}
        self.turns: dict[str, Turns] = {}
        self.called: dict[str, datetime] = {}
        """When each source last sent a webhook that told us something."""
        self.refused: dict[str, datetime] = {}
        """When somebody last came to the address of a source with a wrong token."""
        self.held_streams = HeldStreams()

    def waker(self, name: str) -> threading.Event:
        """Give the event a loop waits on between two steps."""
        return self._wakes.setdefault(name, threading.Event())

    def wake_all(self) -> None:
        """Let every loop do its next step now: a webhook may have something to ask for any of them."""
        for wake in self._wakes.values():
            wake.set()

    def watch(self, change: int) -> None:
        """Count an open stream in (+1) or out (-1); the first one lets every loop look whether it is due."""
        was_watched = self.watched()
        self.viewers += change
        self._wake_for_first(was_watched)

    def watch_elsewhere(self, process: str, viewers: int) -> None:
        """Note how many streams are open in another process; it says so again and again while it lives."""
        was_watched = self.watched()
        self._viewers_elsewhere[process] = viewers, time.monotonic()
        self._wake_for_first(was_watched)

    def _wake_for_first(self, was_watched: bool) -> None:  # noqa: FBT001  # private, and read once
        if self.watched() and not was_watched:
            self.wake_all()

    def watched(self) -> bool:
        """Tell whether anybody looks at the board."""
        oldest = time.monotonic() - FORGOTTEN
        return self.viewers > 0 or any(viewers and at > oldest for viewers, at in self._viewers_elsewhere.values())

    def keep_only(self, loops: Collection[str]) -> None:
        """Forget the services and loops that there are no more."""
        for known in (self.contacts, self.ticks, self.turns):
            for name in known.keys() - set(loops):
                del known[name]

    def ticked(self, loop: str, at: datetime) -> None:
        """Note that a background loop is alive."""
        self.ticks[loop] = at

    def turned(self, loop: str, seconds: float, *, has_failed: bool) -> None:
        """Count a step of a background loop."""
        turns = self.turns.setdefault(loop, Turns())
        turns.count += 1
        turns.failed += has_failed
        turns.seconds += seconds

    def is_down(self, upstream: str) -> bool:
        """Tell whether an upstream is known not to answer."""
        return upstream in self.contacts and self.contacts[upstream].is_down

    def reached(self, upstream: str, at: datetime, round_trip: float) -> None:
        """Note a good answer of an upstream."""
        contact = self.contacts.setdefault(upstream, Contact())
        contact.last_contact_at, contact.round_trip = at, round_trip
        contact.last_error = contact.last_error_at = contact.failing_since = None

    def missed(self, upstream: str, at: datetime, error: str) -> None:
        """Note a failed exchange, in a sentence without secrets; the last good contact stays."""
        contact = self.contacts.setdefault(upstream, Contact())
        contact.last_error, contact.last_error_at = error, at
        contact.failing_since = contact.failing_since or at

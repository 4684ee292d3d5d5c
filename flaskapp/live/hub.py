"""Fan-out: one hub per process, one subscriber per open browser.

Nothing that publishes ever waits or switches to another greenlet, so to advance the head and to hand a frame to every
subscriber is one step for all who watch. What is published in one turn of the event loop leaves as one batch.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import gevent
from gevent import get_hub

from flaskapp.domain.audience import Audience
from flaskapp.domain.viewer import ANYONE, Viewer
from flaskapp.live import events, sse
from flaskapp.live.batch import Batch, Frame
from flaskapp.live.meter import Meter
from flaskapp.live.sockets import Peers
from flaskapp.live.subscriber import Bounds, Subscriber
from flaskapp.live.write_through import TrySend, WriteThrough

FLUSH_AFTER = 0.005
"""Seconds after which what was published leaves, even while webhooks keep the process busy."""


class HubFullError(Exception):
    """Too many streams are open."""


class AddressFullError(Exception):
    """Too many streams are open from one address."""


class HubClosedError(Exception):
    """The process is leaving."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process lets its streams use; times in seconds."""

    streams: int = 800  # of gunicorn's 1000 connections: pages and webhooks share the rest
    streams_per_address: int = 50
    lifetime: float = 600.0
    bounds: Bounds = field(default_factory=Bounds)


class Hub:
    """Hands frames to every open browser. It starts nothing: it may be made before gevent runs.

    ``epoch`` and ``head`` are the place of the database in the stream; ``on_count`` hears +1 and -1.
    """

    def __init__(
        self,
        epoch: str,
        head: int,
        heartbeat: float = 15.0,
        limits: Limits = Limits(),
        on_count: Callable[[int], None] | None = None,
    ) -> None:
        self.epoch, self.head, self.heartbeat, self.limits = epoch, head, heartbeat, limits
        self.meter, self.peers = Meter(), Peers(self.drop)
        self.flushed_at = time.monotonic()
        """When the last batch left."""
        self._on_count = on_count or (lambda _change: None)
        self._subscribers: set[Subscriber] = set()
        self._newcomers: set[Viewer] = set()
        self._addresses: Counter[str] = Counter()
        self._is_closed = False
        self.writes_through = True
        """Idle connections are written to by the hub itself."""
        self._through = WriteThrough()
        self._pending: list[Frame] = []
        self._due: list[Subscriber] = []
        self._since: float | None = None

    @property
    def count(self) -> int:
        """How many streams are open."""
        return len(self._subscribers)

    def depths(self) -> Iterable[int]:
        """Give how many frames wait, for each stream."""
        return (subscriber.depth for subscriber in self._subscribers)

    def subscribe(self, address: str | None = None, viewer: Viewer = ANYONE) -> Subscriber:
        """Open a stream that gets what ``viewer`` may see; without an address it counts for nobody in particular."""
        if self._is_closed:
            self.meter.refused["stopping"] += 1
            raise HubClosedError
        if self.count >= self.limits.streams:
            self.meter.refused["full"] += 1
            raise HubFullError
        if address is not None and self._addresses[address] >= self.limits.streams_per_address:
            self.meter.refused["address"] += 1
            raise AddressFullError
        self.flush()  # what was published before is not for the newcomer
        subscriber = Subscriber(self.limits.bounds, self.head, address, viewer)
        self._subscribers.add(subscriber)
        self._newcomers.add(viewer)
        if address is not None:
            self._addresses[address] += 1
        self._on_count(+1)
        return subscriber

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Forget a stream; twice is no mistake."""
        if subscriber not in self._subscribers:
            return
        self._subscribers.remove(subscriber)
        self.meter.closes[subscriber.why] += 1
        self._through.withdraw(subscriber)
        if subscriber.address is not None:
            self._addresses -= Counter([subscriber.address])  # drops what falls to zero
        self._on_count(-1)

    def offer(self, subscriber: Subscriber, try_send: TrySend) -> None:
        """Let the hub write to a connection itself as long as nothing else waits for it."""
        if self.writes_through:
            self.flush()  # what the replay had as well must go through the queue, which leaves it out
            if subscriber.is_idle and subscriber.seen <= self.head:
                self._through.offer(subscriber, try_send)

    def publish(self, frames: Sequence[Frame]) -> None:
        """Let frames leave at the end of this turn of the event loop, in order and for everybody."""
        if not frames:
            return
        self.head = max([self.head, *(frame.n for frame in frames if frame.n is not None)])
        self._pending += frames
        self._schedule()

    def give_way(self) -> None:
        """Let the event loop work if something waits too long; whoever publishes calls this when it is done."""
        if self._since is not None and time.monotonic() - self._since > FLUSH_AFTER:
            gevent.sleep(0)

    def _schedule(self) -> None:
        if self._since is None:
            self._since = time.monotonic()
            _soon(self._turn)

    def _turn(self) -> None:
        self.flush()
        self._since = None
        due, self._due = self._due, []
        for subscriber in due:
            subscriber.wake()

    def flush(self) -> None:
        """Hand what is pending to everybody; who has no room left is told to load the board anew."""
        if not self._pending:
            return
        pending, self._pending = self._pending, []
        self.flushed_at = time.monotonic()
        batch = Batch(pending, self._since or self.flushed_at)
        self.meter.events += len(pending)
        self.meter.coalesced += len(pending) - len(batch.frames)
        done = self._write_through(batch) if self.limits.bounds.hold(len(batch.frames), len(batch.data)) else set()
        for subscriber in self._subscribers - done:
            seen = batch.seen_by(subscriber.viewer.audience)
            if seen.frames:
                self._hand(subscriber, seen)

    def _write_through(self, batch: Batch) -> set[Subscriber]:
        done: set[Subscriber] = set()
        for seen, outcome in self._through.write(batch):
            for subscriber in outcome.owed:
                self._call(subscriber)
            for subscriber in outcome.gone:
                self.drop(subscriber)
            self.meter.written(seen, time.monotonic(), len(outcome.served) + len(outcome.owed))
            done.update(outcome.served, outcome.owed, outcome.gone)
        return done

    def _hand(self, subscriber: Subscriber, batch: Batch) -> None:
        if not subscriber.put(batch):
            subscriber.put(Batch([self._resync("slow")], batch.at))
        self._call(subscriber)

    def _call(self, subscriber: Subscriber) -> None:
        """Wake the reader soon: in one sweep with all others, or in the loop of its own thread."""
        self._through.withdraw(subscriber)
        if subscriber.reader is None:
            return
        if subscriber.loop is not get_hub().loop:
            subscriber.loop.run_callback_threadsafe(subscriber.wake)
            return
        self._due.append(subscriber)
        self._schedule()

    def resync(self, reason: str, head: int | None = None) -> None:
        """Tell everybody to load the board anew, and which change it will show at least."""
        self.head = max(self.head, head or 0)
        self.publish([self._resync(reason)])

    def _resync(self, reason: str) -> Frame:
        self.meter.resyncs[reason] += 1
        return Frame(sse.encode(events.resync(reason), epoch=self.epoch, n=self.head))

    def tell(self, subscriber: Subscriber, frame: Frame) -> None:
        """Hand a frame to one browser only, after all that was published before."""
        self.flush()
        self._hand(subscriber, Batch([frame], time.monotonic()))

    def end(self, subscriber: Subscriber, reason: str) -> None:
        """Say bye to one browser; its stream is over after that."""
        subscriber.end(Batch([Frame(self.bye(reason))], time.monotonic()), reason)
        self._call(subscriber)

    def drop(self, subscriber: Subscriber) -> None:
        """End a stream without a word: nobody is there to hear it."""
        subscriber.end(Batch((), time.monotonic()), "gone")
        self._call(subscriber)

    def viewers(self) -> set[Viewer]:
        """Give who listens."""
        return {subscriber.viewer for subscriber in self._subscribers}

    def newcomers(self) -> set[Viewer]:
        """Give who came since this was asked last: what was true when they were let in may have changed meanwhile."""
        came, self._newcomers = self._newcomers, set()
        return came

    def count_of(self, viewer: Viewer) -> int:
        """Give how many streams somebody has open."""
        return sum(subscriber.viewer == viewer for subscriber in self._subscribers)

    def look_again(self, verdicts: Mapping[Viewer, Viewer | None]) -> None:
        """Take over who all are by now: None may listen no more; who sees other requests loads the board anew."""
        outdated = []
        for subscriber in list(self._subscribers):
            before = subscriber.viewer
            now = verdicts.get(before, before)
            if now == before:
                continue
            self._through.withdraw(subscriber)
            subscriber.look_as(now or replace(before, audience=Audience()))
            if now is None:
                self.end(subscriber, "signed out")
            elif now.audience != before.audience:
                outdated.append(subscriber)
        # What was published and has not left yet leaves only now, when it is known of everybody what they may see.
        for subscriber in outdated:
            self.tell(subscriber, self._resync("scope"))

    def close(self, reason: str) -> None:
        """Say bye to everybody and let nobody in any more."""
        self._is_closed = True
        self.flush()
        for subscriber in self._subscribers:
            self.end(subscriber, reason)

    def bye(self, reason: str) -> bytes:
        """Write the last frame of a stream; each client is told to wait for a time of its own."""
        return sse.encode(events.bye(reason), retry=new_retry())


def _soon(callback: Callable[[], None]) -> None:
    """Let the event loop of this thread call back; where none runs, call at once."""
    hub = get_hub()
    if hub:
        hub.loop.run_callback(callback)
    else:
        callback()


def new_retry() -> int:
    """Draw how many milliseconds one client waits before it comes back, so that not all come at once."""
    return random.randint(2000, 5000)  # noqa: S311  # spreads clients, protects nothing

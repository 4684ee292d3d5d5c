"""Fan-out: one hub per process, one subscriber per open browser.

Nothing that publishes ever waits or switches to another greenlet, so to advance the head and to hand a frame to every
subscriber is one step for all who watch.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gevent.queue import Empty, SimpleQueue

from flaskapp.live import events, sse


class HubFullError(Exception):
    """Too many streams are open."""


class AddressFullError(Exception):
    """Too many streams are open from one address."""


class HubClosedError(Exception):
    """The process is leaving."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Bytes on the wire, encoded once for all; ``n`` is the id of its change, ``progress_of`` a request."""

    data: bytes
    n: int | None = None
    progress_of: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process lets its streams use; sizes in bytes, times in seconds."""

    streams: int = 800  # of gunicorn's 1000 connections: pages and webhooks share the rest
    streams_per_address: int = 50
    frames: int = 256
    size: int = 256 * 1024
    lifetime: float = 600.0


WAKE = Frame(b"")


class Subscriber:
    """One open browser: the frames that wait for it, in one bounded queue."""

    def __init__(self, limits: Limits, head: int, address: str | None) -> None:
        self.address = address
        self.seen = head
        """Everything up to this id reaches the browser by another way."""
        self.is_over = False
        self._limits = limits
        self._queue: SimpleQueue[Frame] = SimpleQueue()
        self._size = 0
        self._last: bytes | None = None

    def put(self, frame: Frame) -> bool:
        """Let a frame wait; False when there is no room for it."""
        if self._last is not None or (frame.n is not None and frame.n <= self.seen):
            return True
        if self._queue.qsize() >= self._limits.frames or self._size + len(frame.data) > self._limits.size:
            return False
        self._size += len(frame.data)
        self._queue.put_nowait(frame)
        return True

    def skip_to(self, n: int) -> None:
        """Leave out all up to ``n``, also what waits already: the replay has it."""
        self.seen = max(self.seen, n)
        for frame in self.clear():
            self.put(frame)

    def clear(self) -> list[Frame]:
        """Take what waits out of the queue."""
        frames = [self._queue.get_nowait() for _ in range(self._queue.qsize())]
        self._size = 0
        return frames

    def end(self, last: bytes = b"") -> None:
        """Let the stream end after what waits and these bytes; whoever waits in ``take`` wakes."""
        if self._last is None:
            self._last = last
            self._queue.put_nowait(WAKE)

    def take(self, timeout: float) -> bytes:
        """Wait for frames and join all that are there; give nothing after so many seconds of silence."""
        try:
            frames = [self._queue.get(timeout=timeout)]
        except Empty:
            return b""
        frames += self.clear()
        newest = {frame.progress_of: frame for frame in frames if frame.progress_of is not None}
        kept = [frame.data for frame in frames if frame.progress_of is None or frame is newest[frame.progress_of]]
        if self._last is not None:
            self.is_over = True
            kept.append(self._last)
        return b"".join(kept)


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
        self._on_count = on_count or (lambda _change: None)
        self._subscribers: set[Subscriber] = set()
        self._addresses: Counter[str] = Counter()
        self._is_closed = False

    @property
    def count(self) -> int:
        """How many streams are open."""
        return len(self._subscribers)

    def subscribe(self, address: str | None = None) -> Subscriber:
        """Open a stream; without an address it counts for nobody in particular."""
        if self._is_closed:
            raise HubClosedError
        if self.count >= self.limits.streams:
            raise HubFullError
        if address is not None and self._addresses[address] >= self.limits.streams_per_address:
            raise AddressFullError
        subscriber = Subscriber(self.limits, self.head, address)
        self._subscribers.add(subscriber)
        if address is not None:
            self._addresses[address] += 1
        self._on_count(+1)
        return subscriber

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Forget a stream; twice is no mistake."""
        if subscriber not in self._subscribers:
            return
        self._subscribers.remove(subscriber)
        if subscriber.address is not None:
            self._addresses -= Counter([subscriber.address])  # drops what falls to zero
        self._on_count(-1)

    def publish(self, frames: Sequence[Frame]) -> None:
        """Hand frames to everybody; who has no room left is told to load the board anew."""
        self.head = max([self.head, *(frame.n for frame in frames if frame.n is not None)])
        for subscriber in self._subscribers:
            if not all(subscriber.put(frame) for frame in frames):
                subscriber.clear()
                subscriber.put(self._resync("slow"))

    def resync(self, reason: str, head: int | None = None) -> None:
        """Tell everybody to load the board anew, and which change it will show at least."""
        self.head = max(self.head, head or 0)
        self.publish([self._resync(reason)])

    def _resync(self, reason: str) -> Frame:
        return Frame(sse.encode(events.resync(reason), epoch=self.epoch, n=self.head))

    def close(self, reason: str) -> None:
        """Say bye to everybody and let nobody in any more."""
        self._is_closed = True
        for subscriber in self._subscribers:
            subscriber.end(self.bye(reason))

    def bye(self, reason: str) -> bytes:
        """Write the last frame of a stream; each client is told to wait for a time of its own."""
        return sse.encode(events.bye(reason), retry=new_retry())


def new_retry() -> int:
    """Draw how many milliseconds one client waits before it comes back, so that not all come at once."""
    return random.randint(2000, 5000)  # noqa: S311  # spreads clients, protects nothing

"""One open browser: the frames that wait for it, and the greenlet that waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gevent import get_hub
from greenlet import getcurrent

from flaskapp.domain.viewer import ANYONE, Viewer
from flaskapp.live.batch import Batch, joined


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may wait for one browser, in frames and in bytes."""

    frames: int = 256
    size: int = 256 * 1024

    def hold(self, frames: int, size: int) -> bool:
        """Say whether so much may wait."""
        return frames <= self.frames and size <= self.size


class Subscriber:
    """A bounded queue with one reader. Only ``wait`` and ``wake`` ever switch to another greenlet."""

    __slots__ = (
        *("_bounds", "_last", "_size", "_waiting"),
        *("address", "depth", "is_over", "loop", "reader", "rest", "seen", "served_at", "viewer", "why"),
    )

    def __init__(self, bounds: Bounds, head: int, address: str | None, viewer: Viewer = ANYONE) -> None:
        self.address, self.viewer = address, viewer
        self.served_at = 0.0
        """When somebody who does not see all was last written to past the queue, in seconds of a monotonic clock."""
        self.seen = head
        """Everything up to this id reaches the browser by another way."""
        self.depth = 0
        """How many frames wait."""
        self.rest = b""
        """What is left of a chunk that was written in part; it goes before all else."""
        self.is_over = False
        """The last words were taken."""
        self.why = "cut"
        """Why the stream ends; unless somebody says so, because it could not be written to."""
        self.loop: Any = None
        """The event loop of whoever waits here."""
        self.reader: Any = None
        """The greenlet that waits; None while nobody does."""
        self._bounds = bounds
        self._waiting: list[Batch] = []
        self._size = 0
        self._last: Batch | None = None

    def put(self, batch: Batch) -> bool:
        """Let a batch wait; False when there is no room: then nothing waits any more."""
        batch = batch.after(self.seen)
        if self._last is not None or not batch.frames:
            return True
        depth, size = self.depth + len(batch.frames), self._size + len(batch.data)
        if not self._bounds.hold(depth, size):
            batch = joined([*self._clear(), batch])  # of each request only the newest progress
            depth, size = len(batch.frames), len(batch.data)
            if not self._bounds.hold(depth, size):
                return False
        self._waiting.append(batch)
        self.depth, self._size = depth, size
        return True

    def _clear(self) -> list[Batch]:
        waiting, self._waiting = self._waiting, []
        self.depth = self._size = 0
        return waiting

    def look_as(self, viewer: Viewer) -> None:
        """See what this viewer may from now on, also of what waits already."""
        self.viewer = viewer
        for batch in self._clear():
            self.put(batch.seen_by(viewer.audience))

    def skip_to(self, n: int) -> None:
        """Leave out all up to ``n``, also what waits already: the replay has it."""
        self.seen = max(self.seen, n)
        for batch in self._clear():
            self.put(batch)

    def end(self, last: Batch, why: str) -> None:
        """Let the stream end after what waits and these last words."""
        if self._last is None:
            self._last, self.why = last, why

    @property
    def is_idle(self) -> bool:
        """Tell whether there is nothing to take."""
        return not (self._waiting or self.rest or self._last is not None)

    def wait(self) -> None:
        """Let others work until there is something to take."""
        hub = get_hub()
        self.loop = hub.loop
        try:
            while self.is_idle:
                self.reader = getcurrent()
                hub.switch()
        finally:
            self.reader = None

    def wake(self) -> None:
        """Switch to the reader, if one waits; only the event loop may call this."""
        reader, self.reader = self.reader, None
        if reader is not None:
            reader.switch()

    def take(self) -> Batch:
        """Take all that waits as one, with the last words if it is time for them."""
        batches = self._clear()
        if self._last is not None:
            self.is_over = True
            batches.append(self._last)
        return joined(batches)

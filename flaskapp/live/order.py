"""The one order in which browsers hear what all processes committed; one per hub.

Nothing here waits or switches to another greenlet, so to look at the head and to publish is one step.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from flaskapp.live.batch import Frame
from flaskapp.live.hub import Hub


class Order:
    """Publishes each change once and after all before it, whoever tells of it; what came too early waits."""

    def __init__(self, hub: Hub, clock: Callable[[], float] = time.monotonic) -> None:
        self._hub, self._clock = hub, clock
        self._early: list[tuple[int, list[Frame]]] = []
        self._early_since = 0.0
        self._turns: dict[int | None, int] = {}

    @property
    def waited(self) -> float | None:
        """For how many seconds something has been missing; None while nothing is."""
        self._publish_what_follows()  # others may have published what was missing
        return self._clock() - self._early_since if self._early else None

    def changes(self, after: int, frames: Iterable[Frame]) -> None:
        """Take all changes after an id, up to the last of these frames."""
        if not self._early:
            self._early_since = self._clock()
        self._early.append((after, list(frames)))
        self._early.sort(key=lambda each: each[0])
        self._publish_what_follows()

    def _publish_what_follows(self) -> None:
        while self._early and self._early[0][0] <= self._hub.head:
            _, frames = self._early.pop(0)
            self._hub.publish([frame for frame in frames if frame.n is not None and frame.n > self._hub.head])

    def progress(self, turn: int, frames: Iterable[Frame]) -> None:
        """Take numbers of requests; those of an earlier transaction than what was shown are old."""
        news = [frame for frame in frames if turn >= self._turns.get(frame.progress_of, 0)]
        if turn:  # only where others can write too
            self._turns.update((frame.progress_of, turn) for frame in news)
        self._hub.publish(news)

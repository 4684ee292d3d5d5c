"""How worlds move on while people watch."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence

from demo.world import World

STEP = 0.25
"""Real seconds between two moves of the world."""

Cue = tuple[float, Callable[[], None]]
"""What is to happen so many seconds of the world after the beginning."""


def move(worlds: Sequence[World], speed: float, length: float | None = None, cues: Sequence[Cue] = ()) -> None:
    """Move worlds on alike, for so many of their seconds or for ever."""
    waiting, passed = deque(cues), 0.0
    last = time.monotonic()
    while length is None or passed < length:
        time.sleep(STEP)
        now = time.monotonic()
        seconds = (now - last) * speed if length is None else min((now - last) * speed, length - passed)
        for world in worlds:
            world.advance(seconds)
        passed, last = passed + seconds, now
        while waiting and waiting[0][0] <= passed:
            waiting.popleft()[1]()

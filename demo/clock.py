"""The world's time: handed in, and moved on only by ``advance``."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

Action = Callable[[], None]


class Clock:
    """Knows what time it is and what is to happen later."""

    def __init__(self, now: datetime) -> None:
        self.started_at = self.now = now
        self._agenda: list[tuple[datetime, int, Action]] = []
        self._order = count()

    def after(self, seconds: float, action: Action) -> None:
        """Do something later; what is due at one time happens in the order in which it was asked for."""
        heapq.heappush(self._agenda, (self.now + timedelta(seconds=seconds), next(self._order), action))

    def advance(self, seconds: float) -> None:
        """Move on, and do what falls due on the way."""
        end = self.now + timedelta(seconds=seconds)
        while self._agenda and self._agenda[0][0] <= end:
            due_at, _, action = heapq.heappop(self._agenda)
            self.now = max(self.now, due_at)
            action()
        self.now = end


def to_second(moment: datetime) -> str:
    """Spell a time as Radarr's and Sonarr's REST does."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def to_tick(moment: datetime) -> str:
    """Spell a time as .NET does in webhooks and in Jellyfin: seven decimals."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}0Z"


def to_milli(moment: datetime) -> str:
    """Spell a time as Seerr does."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def to_span(seconds: float) -> str:
    """Spell a length of time as .NET does: ``[d.]hh:mm:ss``."""
    days, rest = divmod(round(seconds), 86_400)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days}.{clock}" if days else clock

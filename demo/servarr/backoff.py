"""Why webhooks stop: after repeated failures a connection is left alone for a while, and what happens then is lost."""

from __future__ import annotations

from datetime import datetime, timedelta

GRACE = timedelta(minutes=5)
"""After a first failure nothing is blocked for so long."""
YOUNG = timedelta(minutes=15)
"""So long after the start the level does not rise."""
BLOCKS = (0, 1, 5, 15, 30, 60)
"""Minutes by level."""


class Backoff:
    """The state of one connection."""

    def __init__(self, started_at: datetime) -> None:
        self.level = 0
        self.blocked_until: datetime | None = None
        self._started_at = started_at
        self._first_failed_at: datetime | None = None

    def is_blocked(self, now: datetime) -> bool:
        """Tell whether events are dropped."""
        return self.blocked_until is not None and now < self.blocked_until

    def note(self, now: datetime, *, is_good: bool) -> None:
        """Count an answer; each good one lowers the level by one and lifts the block."""
        if is_good:
            self._succeed()
        else:
            self._fail(now)

    def _succeed(self) -> None:
        self.blocked_until = None
        self.level = max(0, self.level - 1)
        if self.level == 0:
            self._first_failed_at = None

    def _fail(self, now: datetime) -> None:
        if self._first_failed_at is None:
            self.level, self._first_failed_at = 1, now
            return
        if now - self._first_failed_at < GRACE:
            return
        is_young = now - self._started_at < YOUNG
        self.level = self.level if is_young else min(self.level + 1, len(BLOCKS) - 1)
        minutes = min(BLOCKS[self.level], 5) if is_young else BLOCKS[self.level]
        self.blocked_until = now + timedelta(minutes=minutes)

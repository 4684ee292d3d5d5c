"""Cards that read otherwise although nobody says anything: a patience is over, a date has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from flaskapp.domain.observation import TimePassed
from flaskapp.domain.origin import Origin
from flaskapp.polling.outlet import Outlet

LOOK = 5.0
"""Seconds between two looks: every webhook may set a nearer time."""


class Clock:
    """Lets the record look again at ``due(now)``, media by their ids."""

    def __init__(self, due: Callable[[datetime], Sequence[int]], outlet: Outlet) -> None:
        self._due, self._outlet = due, outlet

    def tick(self, now: datetime) -> float:
        """Look at the clock; give the seconds until the next look."""
        passed = [TimePassed(seen_at=now, media_id=media_id) for media_id in self._due(now)]
        if passed:
            self._outlet.ingest(passed, Origin.only("clock", now))
        return LOOK

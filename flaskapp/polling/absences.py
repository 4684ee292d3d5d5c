"""Downloads that were grabbed and that a queue does not list.

Rows vanish for many reasons: imported, failed, removed, or the download client was away for a moment. What history
does not explain within minutes is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flaskapp.domain.observation import MediaRef

LOOKS, LONG = 3, timedelta(minutes=5)
"""Looks in a row, and the time between the first and the last of them, after which an absence is proven."""


@dataclass(frozen=True)
class OpenGrab:
    """An open download with all its ids, and the title it belongs to."""

    aliases: tuple[str, ...]
    entry_id: int
    media: MediaRef


@dataclass
class _Absence:
    since: datetime
    looks: int = 0

    def is_proven(self, now: datetime) -> bool:
        return self.looks >= LOOKS and now - self.since >= LONG


@dataclass
class Absences:
    """Counts the looks that miss a download."""

    _missing: dict[OpenGrab, _Absence] = field(default_factory=dict)

    def note(self, absent: Sequence[OpenGrab], now: datetime) -> None:
        """Take in who was missing in a look that began at this time."""
        self._missing = {grab: self._missing.get(grab, _Absence(now)) for grab in absent}
        for absence in self._missing.values():
            absence.looks += 1

    def is_any_proven(self, now: datetime) -> bool:
        """Tell whether an absence lasted long enough."""
        return any(absence.is_proven(now) for absence in self._missing.values())

    def proven(self, now: datetime) -> list[OpenGrab]:
        """Give what was missing for long enough, once."""
        proven = [grab for grab, absence in self._missing.items() if absence.is_proven(now)]
        for grab in proven:
            del self._missing[grab]
        return proven

    def forget(self) -> None:
        """Begin to count anew: the absences had another reason."""
        self._missing.clear()

"""Downloads that we follow and a good answer did not list: look for them, and know when a client has lost them.

A hybrid torrent changes its id when its metadata arrives, and a client that starts may list its torrents late:
one absence proves nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

LOOK, LONGEST_LOOK = 60.0, 900.0
"""Seconds between two looks through the whole list; longer and longer while only the same ids are missing."""
ANSWERS, LOOKS = 3, 2
"""Good answers in a row, and looks through the whole list, without a download before it counts as lost."""


@dataclass(frozen=True)
class TrackedDownload:
    """An open download: our number, all ids it has, and the client that spoke of it last, if any did."""

    pk: int
    aliases: tuple[str, ...]
    speaker: str | None = None


@dataclass
class _Absence:
    download: TrackedDownload
    answers: int = 0
    looks: int = 0

    @property
    def is_proof(self) -> bool:
        return self.answers >= ANSWERS and self.looks >= LOOKS


@dataclass
class Missing:
    """Counts absences in a row per download."""

    _absences: dict[int, _Absence] = field(default_factory=dict)
    _looked_at: datetime | None = None
    _pause: float = LOOK / 2

    def note(self, absent: Sequence[TrackedDownload]) -> None:
        """Take in a good answer: who was asked for and is not in it."""
        if any(download.pk not in self._absences for download in absent):
            self._pause = LOOK / 2
        before = self._absences
        self._absences = {download.pk: before.get(download.pk, _Absence(download)) for download in absent}
        for download in absent:
            absence = self._absences[download.pk]
            absence.download, absence.answers = download, absence.answers + 1

    def wanted(self) -> set[str]:
        """Give every id under which one of them may still be found."""
        return {alias for absence in self._absences.values() for alias in absence.download.aliases}

    def is_look_due(self, now: datetime) -> bool:
        """Tell whether to go through the whole list, which is expensive for the client."""
        if not self._absences:
            return False
        elapsed = (now - self._looked_at).total_seconds() if self._looked_at else LONGEST_LOOK
        return not 0 <= elapsed < max(LOOK, self._pause)

    def looked(self, now: datetime) -> None:
        """Note that the whole list was asked for, well or not."""
        self._looked_at, self._pause = now, min(LONGEST_LOOK, self._pause * 2)

    def found(self, ids: Collection[str]) -> None:
        """Take in the whole list: who is in it under another id is not missing."""
        for pk, absence in list(self._absences.items()):
            if any(alias in ids for alias in absence.download.aliases):
                del self._absences[pk]
            else:
                absence.looks += 1

    def lost(self) -> set[int]:
        """Give our numbers of those that the client does not have beyond doubt."""
        return {pk for pk, absence in self._absences.items() if absence.is_proof}

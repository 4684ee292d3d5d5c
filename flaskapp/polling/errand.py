"""Which open question to ask a service next: not before the dust has settled, and patiently where it fails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from flaskapp.polling.backoff import Attempts, Patience

SETTLING = 2.0
"""Seconds between a webhook and the question it raises: its sender may not be done yet."""
LOOK_UP = 10.0
"""Seconds until open questions are looked up again: what one service answered is often a question to another."""


class Subject(Protocol):
    """Something to ask about; one that was opened again is another subject."""

    @property
    def opened_at(self) -> datetime:
        """Give the time of the webhook that raised the question."""

    def __hash__(self) -> int: ...


S = TypeVar("S", bound=Subject)


class Errand:
    """Keeps the patience with each subject; ``first`` are the seconds until it is asked about a second time."""

    def __init__(self, first: float = 30.0) -> None:
        self._unanswered = Attempts(Patience(first=first, longest=1800.0))

    def due(self, subjects: Sequence[S], now: datetime) -> tuple[list[S], float]:
        """Give the subjects to ask about now, and else the seconds until the next one."""
        self._unanswered.keep_only(set(subjects))
        waits = {subject: self._wait(subject, now) for subject in subjects}
        return [subject for subject, wait in waits.items() if wait == 0], min([LOOK_UP, *waits.values()])

    def _wait(self, subject: Subject, now: datetime) -> float:
        elapsed = (now - subject.opened_at).total_seconds()
        settling = SETTLING - elapsed if 0 <= elapsed < SETTLING else 0.0
        return max(settling, self._unanswered.wait(subject, now))

    def answered(self, subjects: Sequence[Subject], now: datetime) -> None:
        """Note that the service answered: what stays open nevertheless is asked again later and later."""
        for subject in subjects:
            self._unanswered.fail(subject, now)

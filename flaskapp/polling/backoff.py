"""When to try again what failed: full jitter, so that nobody asks in step with anybody else."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Hashable
from dataclasses import dataclass, replace
from datetime import datetime

_DICE = secrets.SystemRandom()
_MOST_DOUBLINGS = 16


@dataclass(frozen=True)
class Patience:
    """Seconds of the first pause and of the longest; after ``most`` tries in a row only once in ``rest`` seconds."""

    first: float
    longest: float
    most: int | None = None
    rest: float = 86_400.0

    def pause(self, failures: int) -> float:
        """Draw how long to wait after so many failures in a row, in whole milliseconds, the first pause at least."""
        if self.most is not None and failures >= self.most:
            return self.rest
        reach = min(self.longest, self.first * 2 ** min(failures, _MOST_DOUBLINGS))
        return round(self.first + _DICE.uniform(0, max(0.0, reach - self.first)), 3)


@dataclass(frozen=True)
class _Failure:
    at: datetime
    pause: float
    count: int


class Attempts:
    """Failed tries per subject. A subject that changed is another one, and may be tried at once."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._failures: dict[Hashable, _Failure] = {}

    def wait(self, subject: Hashable, now: datetime) -> float:
        """Give the seconds until this subject may be tried; 0 is now."""
        failure = self._failures.get(subject)
        if failure is None or now < failure.at:  # a clock that was set back must not stop us for hours
            return 0.0
        return max(0.0, failure.pause - (now - failure.at).total_seconds())

    def fail(self, subject: Hashable, now: datetime) -> float:
        """Note a failed try; give the seconds until the next."""
        before = self._failures.get(subject)
        count = before.count + 1 if before else 1
        self._failures[subject] = _Failure(now, self._patience.pause(count), count)
        return self._failures[subject].pause

    def succeed(self, subject: Hashable) -> None:
        """Forget the failures of a subject."""
        self._failures.pop(subject, None)

    def hurry(self) -> None:
        """Let every subject be tried at once; what it failed before still counts."""
        self._failures = {subject: replace(failure, pause=0.0) for subject, failure in self._failures.items()}

    def keep_only(self, subjects: Collection[Hashable]) -> None:
        """Forget the subjects that nobody asks about any more."""
        self._failures = {subject: failure for subject, failure in self._failures.items() if subject in subjects}

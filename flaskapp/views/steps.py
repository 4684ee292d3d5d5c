"""The timeline of a request as people read it: what says the same in a row is one step, earlier attempts are apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flaskapp.domain.state import State
from flaskapp.models import Change
from flaskapp.tracking.reason import INQUIRIES
from flaskapp.tracking.said import GOES_ON

POSTERS = "posters"
"""Who says that a picture is here."""
TRIED = frozenset({State.GRABBED, State.DOWNLOADING, State.DOWNLOADED, State.IMPORTING})
"""States of which something may come to nothing."""


@dataclass(frozen=True)
class Step:
    """One or more Changes in a row that say the same; ``change`` is the first of them."""

    change: Change
    times: int = 1
    last_at: datetime | None = None
    """When it was said last, if more than once."""

    @property
    def brings_a_state(self) -> bool:
        """Tell whether the card came to stand elsewhere."""
        return self.change.kind in ("created", "state")


@dataclass(frozen=True)
class Attempt:
    """The steps, newest first, until a download came to nothing or up to now; ``number`` counts from 1."""

    number: int
    steps: tuple[Step, ...]


def attempts(changes: Iterable[Change]) -> list[Attempt]:
    """Give the steps of a request by attempt, the newest first; ``changes`` come oldest first."""
    groups: list[list[Step]] = [[]]
    for step in _steps(changes):
        if groups[-1] and _came_to_nothing(groups[-1][-1].change):
            groups.append([])
        groups[-1].append(step)
    read = [Attempt(number, tuple(reversed(steps))) for number, steps in enumerate(groups, 1)]
    return read[::-1]


def _came_to_nothing(change: Change) -> bool:
    if change.to_state is State.GRABBED:  # the next release was found before we heard of it
        return change.from_state is State.DOWNLOADING
    return change.from_state in TRIED and change.to_state is State.APPROVED


def _steps(changes: Iterable[Change]) -> Sequence[Step]:
    steps: list[Step] = []
    for change in changes:
        last = steps[-1] if steps else None
        if change.source == POSTERS or (change.kind == "detail" and change.reason in INQUIRIES.values()):
            continue  # that a picture was fetched, or something asked, brings nobody nearer to a film
        if change.reason == GOES_ON and not (last and last.change.kind == "trouble"):
            continue  # nothing was said that held it up
        if last and _says_the_same(last.change, change):
            steps[-1] = replace(last, times=last.times + 1, last_at=change.occurred_at)
        else:
            steps.append(Step(change))
    return steps


def _says_the_same(one: Change, other: Change) -> bool:
    return (one.kind, one.to_state, one.source, one.reason) == (other.kind, other.to_state, other.source, other.reason)

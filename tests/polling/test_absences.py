"""How long a download has to be missing in a queue before that proves anything."""

from __future__ import annotations

import pytest

from flaskapp.domain.observation import MediaRef, MediaType
from flaskapp.polling.absences import Absences, OpenGrab
from tests.polling.record import at

METROPOLIS = OpenGrab(("f2e9",), 12, MediaRef(MediaType.MOVIE))
NOSFERATU = OpenGrab(("a1b2",), 13, MediaRef(MediaType.MOVIE))


@pytest.mark.parametrize(
    ("looks", "is_proven"),
    [
        ([0], False),
        ([0, 300], False),  # long enough, but seen only twice
        ([0, 1, 2], False),  # often enough, but in a moment
        ([0, 150, 299], False),
        ([0, 150, 300], True),
        ([0, 1, 2, 300], True),
        ([0, 60, 120, 180, 240], False),
        ([0, 60, 120, 180, 240, 300], True),
    ],
)
def test_an_absence_is_proven_by_three_looks_over_five_minutes(looks: list[float], *, is_proven: bool) -> None:
    absences = Absences()

    for second in looks:
        absences.note([METROPOLIS], at(second))

    assert absences.is_any_proven(at(looks[-1])) is is_proven
    assert absences.proven(at(looks[-1])) == ([METROPOLIS] if is_proven else [])


def test_who_is_seen_in_between_is_counted_anew() -> None:
    absences = Absences()
    for second in (0, 150):
        absences.note([METROPOLIS, NOSFERATU], at(second))
    absences.note([NOSFERATU], at(200))

    absences.note([METROPOLIS, NOSFERATU], at(300))

    assert absences.proven(at(300)) == [NOSFERATU]


def test_what_is_proven_is_given_once() -> None:
    absences = Absences()
    for second in (0, 150, 300):
        absences.note([METROPOLIS], at(second))

    assert absences.proven(at(300)) == [METROPOLIS]
    assert absences.proven(at(300)) == []
    assert not absences.is_any_proven(at(300))


def test_absences_with_another_reason_are_counted_anew() -> None:
    absences = Absences()
    for second in (0, 150, 300):
        absences.note([METROPOLIS], at(second))

    absences.forget()
    for second in (315, 450, 600):
        absences.note([METROPOLIS], at(second))

    assert not absences.is_any_proven(at(600))
    assert absences.is_any_proven(at(615))

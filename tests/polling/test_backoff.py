"""Patience: how long, how random, and when it ends."""

from __future__ import annotations

import pytest

from flaskapp.polling.backoff import Attempts, Patience
from tests.polling.record import at


@pytest.mark.parametrize(("failures", "longest"), [(1, 4), (2, 8), (3, 16), (5, 60), (1000, 60)])
def test_pauses_grow_up_to_the_longest(failures: int, longest: float) -> None:
    pauses = [Patience(first=2, longest=60).pause(failures) for _ in range(300)]

    assert 2 <= min(pauses) < 2 + 0.1 * longest
    assert 0.9 * longest < max(pauses) <= longest


def test_after_too_many_tries_a_day_passes() -> None:
    patience = Patience(first=2, longest=60, most=3)

    assert patience.pause(2) <= 60
    assert patience.pause(3) == patience.pause(4) == 86_400


def test_a_failed_subject_waits_and_another_does_not() -> None:
    attempts = Attempts(Patience(first=10, longest=10))

    assert attempts.fail("metropolis", at(0)) == 10

    assert attempts.wait("metropolis", at(4)) == 6
    assert attempts.wait("metropolis", at(10)) == 0
    assert attempts.wait("nosferatu", at(4)) == 0


def test_success_and_forgetting_begin_anew() -> None:
    attempts = Attempts(Patience(first=10, longest=10, most=2))
    for subject in ("metropolis", "nosferatu"):
        attempts.fail(subject, at(0))

    attempts.succeed("metropolis")
    attempts.keep_only({"metropolis"})

    assert attempts.fail("metropolis", at(1)) == 10
    assert attempts.fail("nosferatu", at(1)) == 10


def test_a_clock_that_is_set_back_does_not_stop_us() -> None:
    attempts = Attempts(Patience(first=10, longest=10))
    attempts.fail("metropolis", at(3600))

    assert attempts.wait("metropolis", at(0)) == 0

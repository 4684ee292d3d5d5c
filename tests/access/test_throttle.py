"""Who guesses waits longer and longer, and nobody is locked out for long by somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from flaskapp.access.throttle import ADDRESS, NAME, Throttle, TooSoonError
from flaskapp.extensions import db
from flaskapp.models import FailedSignIn

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def throttle(app: Flask) -> Iterator[Throttle]:
    with app.app_context():
        yield app.extensions["throttle"]


def guess(throttle: Throttle, times: int, name: str = "ada", address: str = HERE, at: datetime = NOW) -> datetime:
    """Fail so often, as fast as one may; gives when."""
    while times:
        try:
            throttle.check(name, address, at)
            times -= 1
        except TooSoonError as error:
            at += timedelta(seconds=error.retry_after)
    return at


def wait_of(throttle: Throttle, name: str, address: str, at: datetime) -> int:
    with pytest.raises(TooSoonError) as caught:
        throttle.check(name, address, at)
    return caught.value.retry_after


def test_the_first_tries_are_free_and_then_each_waits_twice_as_long(throttle: Throttle) -> None:
    at = guess(throttle, NAME.free)
    waits = []
    for _ in range(8):
        waits.append(wait_of(throttle, "ada", HERE, at))
        at = guess(throttle, 1, at=at)

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "a moment"), (2, "2 seconds"), (60, "60 seconds"), (61, "2 minutes"), (900, "15 minutes")],
)
def test_the_pause_is_said_as_people_say_it(seconds: float, words: str) -> None:
    assert str(TooSoonError(timedelta(seconds=seconds))).endswith(f" Try again in {words}.")


def test_asking_too_soon_does_not_make_it_longer(throttle: Throttle) -> None:
    at = guess(throttle, NAME.free + 3)

    assert [wait_of(throttle, "ada", HERE, at) for _ in range(5)] == [8] * 5


def test_a_name_is_guarded_from_all_addresses_together(throttle: Throttle) -> None:
    for number in range(NAME.free):
        throttle.check("ada", f"192.0.2.{number}", NOW)

    assert wait_of(throttle, "ADA", "198.51.100.1", NOW) == 1
    throttle.check("bo", "198.51.100.1", NOW)


def test_an_address_that_tries_many_names_waits_too_and_for_longer(throttle: Throttle) -> None:
    for number in range(ADDRESS.free):
        throttle.check(f"name {number}", HERE, NOW)

    assert wait_of(throttle, "another", HERE, NOW) == 1
    throttle.check("another", THERE, NOW)
    at = NOW
    for number in range(12):
        at = guess(throttle, 1, name=f"more {number}", at=at)
    assert wait_of(throttle, "another one", HERE, at) == 15 * 60


def test_an_ipv6_house_is_one_address(throttle: Throttle) -> None:
    for number in range(ADDRESS.free):
        throttle.check(f"name {number}", f"2001:db8:1:1::{number}", NOW)

    assert wait_of(throttle, "another", "2001:db8:1:1:ffff::1", NOW) == 1
    throttle.check("another", "2001:db8:1:2::1", NOW)


def test_what_worked_frees_the_name_and_not_the_address(throttle: Throttle) -> None:
    for number in range(ADDRESS.free - 1):
        throttle.check(f"name {number}", HERE, NOW)
    throttle.check("eve", HERE, NOW)

    throttle.worked("eve", HERE)

    throttle.check("eve", HERE, NOW)
    assert wait_of(throttle, "eve", HERE, NOW) == 1


def test_what_nobody_could_judge_is_not_counted(throttle: Throttle) -> None:
    for _ in range(3 * NAME.free):
        throttle.check("ada", HERE, NOW)
        throttle.take_back("ada", HERE)

    throttle.check("ada", HERE, NOW)


def test_it_holds_after_a_restart_and_in_every_process(app: Flask, throttle: Throttle) -> None:
    at = guess(throttle, NAME.free)
    other = Throttle(app.config["SECRET_KEY"])

    assert wait_of(other, "ada", THERE, at) == 1


def test_a_day_later_all_is_forgotten(throttle: Throttle) -> None:
    guess(throttle, NAME.free + 9)

    throttle.check("bo", THERE, NOW + timedelta(days=2))

    assert len(db.session.scalars(select(FailedSignIn)).all()) == 2


def test_nothing_that_was_typed_is_kept(throttle: Throttle) -> None:
    throttle.check("a password in the wrong field", HERE, NOW)

    kept = " ".join(row.subject for row in db.session.scalars(select(FailedSignIn)))
    assert "password" not in kept
    assert HERE not in kept

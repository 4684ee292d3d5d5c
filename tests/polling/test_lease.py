"""The lease on a real PostgreSQL, with stop-watches instead of waiting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from flask import Flask
from sqlalchemy import text

from flaskapp.config import Settings
from flaskapp.domain.observation import TimePassed
from flaskapp.domain.origin import Origin
from flaskapp.extensions import db, writing
from flaskapp.polling.lease import LASTS, SLACK, Keeper, LeaseLostError, refuse_after
from tests.app import running
from tests.polling.record import at


@pytest.fixture
def app(settings: Settings, prepared_url: str) -> Iterator[Flask]:
    with running(replace(settings, database_url=prepared_url)) as app:
        yield app


@dataclass
class Process:
    """One process that would like to ask."""

    app: Flask
    seconds: float = 0.0
    terms: list[int] = field(default_factory=list)
    ends: int = 0

    def __post_init__(self) -> None:
        self.keeper = Keeper(self.app, self.terms.append, self._end, lambda: self.seconds)

    def _end(self) -> None:
        self.ends += 1


def let_it_run_out(app: Flask) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE lease SET until = clock_timestamp() - interval '1 ms'"))


def rename(app: Flask, table: str, name: str) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))


@pytest.fixture
def first(app: Flask) -> Process:
    """Give the process that holds the lease."""
    let_it_run_out(app)
    process = Process(app)
    process.keeper.turn()
    return process


@pytest.fixture
def second(app: Flask) -> Process:
    return Process(app)


def test_only_one_holds_it(first: Process, second: Process) -> None:
    second.keeper.turn()
    first.keeper.turn()

    assert (len(first.terms), first.ends, second.terms) == (1, 0, [])
    assert first.keeper.is_held()
    assert not second.keeper.is_held()


def test_another_wins_it_when_it_has_run_out(app: Flask, first: Process, second: Process) -> None:
    let_it_run_out(app)

    second.keeper.turn()
    first.keeper.turn()

    assert second.terms == [first.terms[0] + 1]
    assert first.ends == 1
    assert not first.keeper.is_held()


def test_a_holder_that_slept_does_without_before_it_has_asked(first: Process) -> None:
    first.seconds += LASTS - SLACK

    assert not first.keeper.is_held()


def test_a_holder_that_slept_and_was_not_missed_goes_on(app: Flask, first: Process) -> None:
    let_it_run_out(app)
    first.seconds += 60

    first.keeper.turn()

    assert first.keeper.is_held()
    assert (len(first.terms), first.ends) == (1, 0)


def test_who_leaves_lets_it_go_at_once(first: Process, second: Process) -> None:
    first.keeper.stop()
    second.keeper.turn()

    assert second.terms == [first.terms[0] + 1]


def test_a_holder_that_can_not_reach_the_row_stops_in_time(app: Flask, first: Process) -> None:
    first.seconds += LASTS
    rename(app, "lease", "away")
    try:
        first.keeper.turn()
    finally:
        rename(app, "away", "lease")

    assert first.ends == 1


def test_a_latecomer_can_not_write(app: Flask, first: Process, second: Process) -> None:
    let_it_run_out(app)
    second.keeper.turn()
    late, holder = first.terms[0], second.terms[0]

    with app.app_context():
        with writing() as session:
            refuse_after(holder, session)
        with pytest.raises(LeaseLostError), writing() as session:
            refuse_after(late, session)


def test_what_a_latecomer_found_is_not_recorded(app: Flask, first: Process) -> None:
    late = first.terms[0] - 1
    told = TimePassed(seen_at=at(0), media_id=1)

    with app.app_context(), pytest.raises(LeaseLostError):
        app.extensions["pipeline"].ingest(
            [told], Origin.only("clock", at(0)), lambda session: refuse_after(late, session)
        )

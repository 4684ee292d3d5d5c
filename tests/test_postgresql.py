"""What PostgreSQL does for us that SQLite does by itself, or can't."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from flaskapp.config import Settings
from flaskapp.extensions import TAKE_TURN, db, turn_of, writing
from tests.app import TOKEN, prepare, running
from tests.migrated import MIGRATIONS, check_that_seerrs_are_told_apart
from tests.postgresql import PostgreSQL, connected


@pytest.fixture(scope="module")
def url(postgresql: PostgreSQL) -> str:
    """Give a database of our own: here tables come and go."""
    return postgresql.create()


@pytest.fixture
def app(url: str, tmp_path: Path) -> Iterator[Flask]:
    settings = Settings(data_dir=tmp_path, database_url=url, webhook_token=TOKEN, secret_key="a-secret-for-tests")
    prepare(settings)
    with running(settings) as app, app.app_context():
        yield app


def test_an_empty_database_becomes_what_the_models_say(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})

        assert compare_metadata(context, db.metadata) == []


def test_the_way_down_is_clean_and_leads_up_again(app: Flask) -> None:
    before = set(inspect(db.engine).get_table_names())

    downgrade(directory=MIGRATIONS, revision="base")
    left = set(inspect(db.engine).get_table_names())
    upgrade(directory=MIGRATIONS)

    assert left == {"alembic_version"}
    assert set(inspect(db.engine).get_table_names()) == before


@pytest.mark.usefixtures("app")
def test_requests_from_before_there_were_several_seerrs_belong_to_the_first() -> None:
    check_that_seerrs_are_told_apart()


def test_one_writer_waits_for_another_of_any_process(app: Flask, url: str) -> None:
    with connected(url) as other:
        other.execute("SET lock_timeout = '100ms'")

        with writing(), pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute(TAKE_TURN)

        assert other.execute(TAKE_TURN).fetchone() is not None


def test_readers_wait_for_nobody(app: Flask) -> None:
    with writing() as session:
        session.execute(text("SELECT 1"))
        with Session(db.engine) as reader:
            assert reader.scalar(text("SELECT count(*) FROM change")) == 0


def test_transactions_that_write_know_their_order(app: Flask) -> None:
    turns = []
    for _ in range(3):
        with writing() as session:
            turns.append(turn_of(session.connection()))

    assert turns == sorted(set(turns))
    assert turns[0] > 0


def test_a_process_that_freezes_does_not_hold_up_the_others_for_long(app: Flask) -> None:
    with Session(db.engine) as session:
        shown = [
            session.scalar(text(f"SHOW {name}")) for name in ("lock_timeout", "idle_in_transaction_session_timeout")
        ]

    assert shown == ["5s", "10s"]

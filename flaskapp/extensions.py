"""Objects that wait for an app, and the one way to write."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SQLiteConnection
from typing import Any

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, event, make_url
from sqlalchemy.orm import DeclarativeBase, Session

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_TIMEOUT_MS = 1000
"""How long SQLite waits for another process's write; it waits inside C, so no longer than a moment."""
POSTGRESQL: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    # A process that froze inside a transaction must not hold up all the others.
    "options": "-c lock_timeout=5s -c idle_in_transaction_session_timeout=10s",
    "application_name": "arrivarr",
}
"""How psycopg connects: what has died is noticed within seconds."""
TAKE_TURN = """
    WITH lock AS MATERIALIZED (SELECT pg_advisory_xact_lock(2774))
    SELECT pg_current_xact_id()::text::bigint FROM lock
"""
"""Waits until nobody else writes; any number will do for the lock. Transactions count upwards for ever."""


class Base(DeclarativeBase):
    """The declarative base of every row; constraints have names so that migrations can speak of them."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
writer = threading.RLock()
"""Held by whoever writes, and by the pipeline until what it wrote is announced."""


def database(url: str) -> dict[str, Any]:
    """Give what Flask-SQLAlchemy has to know of the database at this address."""
    options: dict[str, Any] = {"hide_parameters": True}  # a failed statement is logged without names of people
    if is_shared(url):
        # Few connections are enough for many greenlets, because each holds one for some milliseconds.
        options |= {"connect_args": POSTGRESQL, "pool_size": 5, "max_overflow": 10, "pool_timeout": 10}
        options |= {"pool_pre_ping": True}  # so that a restart of the database costs nobody an answer
    address = make_url(url).set(drivername="postgresql+psycopg") if is_shared(url) else url
    return {"SQLALCHEMY_DATABASE_URI": address, "SQLALCHEMY_ENGINE_OPTIONS": options}


def is_shared(url: str) -> bool:
    """Tell whether other processes may write to this database."""
    return not url.startswith("sqlite:")


@contextmanager
def transaction() -> Iterator[Connection]:
    """Open the one writing transaction: commit at the end, roll back on an error.

    Never call the network inside: the wait of another writer would stop every greenlet on SQLite, and every process
    on PostgreSQL.
    """
    with writer, db.engine.connect() as connection, connection.execution_options(writing=True).begin():
        yield connection


@contextmanager
def writing() -> Iterator[Session]:
    """Open a session in the one writing transaction."""
    with transaction() as connection, Session(connection) as session:
        yield session
        session.flush()


def turn_of(connection: Connection) -> int:
    """Give the place of a writing transaction among all of them, 0 where nobody else can write."""
    turn: int = connection.info.get("turn", 0)
    return turn


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, SQLiteConnection):
        return
    connection.isolation_level = None  # we say BEGIN ourselves, see below
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get("writing")
    if connection.dialect.name == "sqlite":
        # A deferred transaction that turns into a writing one can fail at once; ours says so from the start.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
    elif is_writing:
        _take_turn(connection)


def _take_turn(connection: Connection) -> None:
    """Write one after the other, also across processes, so that the order of ids is the order of commits."""
    connection.info["turn"] = connection.exec_driver_sql(TAKE_TURN).scalar_one()

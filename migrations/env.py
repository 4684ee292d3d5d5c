"""Tell Alembic which database to bring up to date and what it should look like."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from flaskapp.extensions import db


@contextmanager
def without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Let SQLite rebuild a table that others point to; it heeds this switch only between transactions."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.cursor()
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
        raw.close()


def refuse_dangling_rows(connection: Connection) -> None:
    """Stop before the commit if a rebuilt table left rows that point nowhere."""
    if connection.dialect.name == "sqlite":
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if dangling:
            raise RuntimeError(f"The migration leaves {len(dangling)} rows that point nowhere; nothing was changed.")


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own column types as what the database stores, so that a migration outlives the code of its day."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def migrate() -> None:
    """Run what is missing, all in one transaction: a failure leaves the database as it was."""
    with db.engine.connect() as connection, without_foreign_keys(connection):
        context.configure(
            connection=connection.execution_options(writing=True),
            target_metadata=db.metadata,
            transactional_ddl=True,  # SQLite can, though Alembic does not take it for granted
            render_as_batch=True,  # SQLite alters a table by rebuilding it
            compare_type=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
            refuse_dangling_rows(connection)


migrate()

"""The database as the migrations make it is the one the models speak of."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from flaskapp.extensions import db
from tests.app import Send
from tests.migrated import MIGRATIONS, check_that_seerrs_are_told_apart


def tables(app: Flask) -> set[str]:
    with app.app_context(), db.engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def test_an_empty_database_becomes_what_the_models_say(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, db.metadata)

    assert differences == []


def test_a_column_that_the_migrations_forgot_would_be_found(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE media DROP COLUMN year")
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, db.metadata)
        connection.rollback()

    assert [difference[0] for difference in differences] == ["add_column"]


def test_ids_of_the_stream_never_return(settings: object, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "arrivarr.db")
    made = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())
    connection.close()

    for table in ("change", "media_request", "delivery"):
        assert "AUTOINCREMENT" in made[table]


def test_the_way_down_is_clean_and_leads_up_again(app: Flask, send: Send) -> None:
    send("seerr", "media-pending-movie")
    send("radarr", "download-import")
    before = tables(app)

    with app.app_context():
        downgrade(directory=MIGRATIONS, revision="base")
        assert tables(app) <= {"alembic_version", "sqlite_sequence"}
        upgrade(directory=MIGRATIONS)

    assert tables(app) == before


def test_what_was_kept_with_an_episode_becomes_the_word_of_its_sonarr(app: Flask) -> None:
    entry = "INSERT INTO entry (id, source, instance, entry_id, media_id, is_4k, files_deleted, read_at) VALUES"
    with app.app_context(), db.engine.connect() as connection:
        for row in (
            "INSERT INTO media (id, media_type) VALUES (1, 'tv')",
            "INSERT INTO item (id, media_id, season, episode) VALUES (5, 1, 2, 1), (6, 1, 2, 2)",
            f"{entry} (3, 'sonarr', 'sonarr', 7, 1, false, false, '2026-03-14')",
            f"{entry} (4, 'sonarr', '4k', 7, 1, true, false, NULL)",
            "INSERT INTO episode_search (entry_pk, item_pk, monitored, searched_at) VALUES (3, 5, false, '2026-03-15')",
        ):
            connection.exec_driver_sql(row)
        before = connection.exec_driver_sql("SELECT * FROM episode_search").all()
        connection.commit()

        downgrade(directory=MIGRATIONS, revision="0013-1")
        assert connection.exec_driver_sql("SELECT id, monitored FROM item").all() == [(5, False), (6, None)]
        connection.rollback()
        upgrade(directory=MIGRATIONS)

        assert connection.exec_driver_sql("SELECT * FROM episode_search").all() == before


def test_what_the_one_client_said_becomes_its_word(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        downgrade(directory=MIGRATIONS, revision="0012-1")
        for pk, stage in ((1, "'downloading'"), (2, "NULL")):
            connection.exec_driver_sql(
                "INSERT INTO download (id, grabbed_at, stage, progress, protocol)"
                f" VALUES ({pk}, '2026-03-14 12:00:00', {stage}, 0, 'unknown')"
            )
        connection.commit()

        upgrade(directory=MIGRATIONS)

        speakers = connection.exec_driver_sql("SELECT speaker FROM download ORDER BY id").scalars().all()
    assert speakers == ["qBittorrent", None]


def test_requests_from_before_there_were_several_seerrs_belong_to_the_first(app: Flask) -> None:
    with app.app_context():
        check_that_seerrs_are_told_apart()


def test_a_migration_that_fails_leaves_the_database_as_it_was(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tables(app)
    with app.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE delivery")  # so that the way down fails at its last step
        connection.commit()

    with app.app_context(), pytest.raises(Exception, match="delivery"):
        downgrade(directory=MIGRATIONS, revision="base")

    assert tables(app) == before - {"delivery"}

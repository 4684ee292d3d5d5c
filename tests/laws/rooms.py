"""One database for many lives: to prepare one for each would take most of the time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from demo.jellyfin.api import API_KEY as JELLYFIN_KEY
from demo.qbittorrent.api import PASSWORD, USERNAME
from demo.seerr.api import API_KEY as SEERR_KEY
from demo.servarr.api import API_KEY as SERVARR_KEY
from flaskapp import create_app
from flaskapp.config import Settings
from flaskapp.extensions import Base, db
from flaskapp.models import Setting
from flaskapp.models.setting import EPOCH
from tests.app import TOKEN
from tests.compiled import TEMPLATES

UNHURRIED = 30.0
"""Seconds between two looks at qBittorrent: as long as nobody watches it takes no more."""


def services(*names: str) -> dict[str, str]:
    """Give the settings that lead to these services of a kind: ``radarr``, ``radarr_4k``."""
    urls = {f"{name}_url": f"http://{name.replace('_', '-')}.test" for name in names}
    return urls | {f"{name}_api_key": SERVARR_KEY for name in names}


class Rooms:
    """Every board that moves in finds them empty. ``services`` look for films or for series."""

    def __init__(self, folder: Path, services: Mapping[str, Any]) -> None:
        self.settings = Settings(
            data_dir=folder,
            webhook_token=TOKEN,
            secret_key="a-secret-for-tests",
            poll_interval=UNHURRIED,
            log_level="ERROR",
            auth="none",
            seerr_url="http://seerr.test",
            seerr_api_key=SEERR_KEY,
            jellyfin_url="http://jellyfin.test",
            jellyfin_api_key=JELLYFIN_KEY,
            qbittorrent_url="http://qbittorrent.test",
            qbittorrent_username=USERNAME,
            qbittorrent_password=PASSWORD,
            **services,
        )
        self._first = create_app(self.settings)

    def app(self) -> Flask:
        """Give a new app over the one engine, which has all statements compiled by now."""
        app = create_app(self.settings)
        app.jinja_env.bytecode_cache = TEMPLATES
        db._app_engines[app] = db._app_engines[self._first]  # noqa: SLF001  # there is no public way to share one
        return app

    def empty(self) -> None:
        """Forget everything but the epoch of the stream."""
        with self._first.app_context(), Session(db.engine) as session:
            session.connection(execution_options={"writing": True})
            for table in reversed(Base.metadata.sorted_tables):
                if table is not Setting.__table__:
                    session.execute(delete(table))
            session.execute(delete(Setting).where(Setting.name != EPOCH))
            # Numbers begin at 1 again: after a jump of them browsers are told to load the board anew.
            session.execute(text("DELETE FROM sqlite_sequence"))
            session.commit()

    def close(self) -> None:
        """Close the database."""
        with self._first.app_context():
            db.engine.dispose()


@contextmanager
def furnished(folder: Path, prepared: Path, services: Mapping[str, Any]) -> Iterator[Rooms]:
    """Open rooms in a folder with a copy of a prepared database."""
    shutil.copy(prepared, folder / "arrivarr.db")
    rooms = Rooms(folder, services)
    try:
        yield rooms
    finally:
        rooms.close()

"""Making an app wires it and does nothing else."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, url_for

from flaskapp import create_app
from flaskapp.config import Settings
from flaskapp.extensions import db
from flaskapp.live.hub import Hub
from flaskapp.signals import Signals

ROOT = Path(__file__).parent.parent
WATCHED = """
import gc, os, socket, sqlite3, sys, threading
def refuse(*args, **kwargs): raise SystemExit("a connection was opened")
sqlite3.connect = sqlite3.dbapi2.connect = socket.socket.connect = refuse
import greenlet, wsgi
started = [each for each in gc.get_objects() if isinstance(each, greenlet.greenlet)]
print([each for each in started if each is not greenlet.getcurrent()], threading.active_count(), wsgi.app.name)
"""


def test_importing_the_entry_point_starts_nothing_and_opens_nothing(tmp_path: Path) -> None:
    environ = {"PATH": "/usr/bin:/bin", "DATA_DIR": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "-c", WATCHED], cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=30
    )

    assert (done.stdout, done.returncode) == ("[] 1 flaskapp\n", 0), done.stderr
    assert not (tmp_path / "arrivarr.db").exists()


def test_two_apps_share_nothing(tmp_path: Path) -> None:
    one, other = (create_app(Settings(data_dir=tmp_path / name, webhook_token="12345678")) for name in "ab")

    for name in ("hub", "signals", "pipeline", "deliveries", "announcer", "background"):
        assert one.extensions[name] is not other.extensions[name]


def test_settings_come_from_the_environment_and_secrets_are_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PROGRESS_THRESHOLD", "7")

    first, second = create_app(), create_app()

    assert first.extensions["settings"].progress_threshold == 7
    assert first.extensions["settings"].webhook_token == second.extensions["settings"].webhook_token
    assert first.secret_key == second.secret_key


def test_an_app_under_a_base_path_gives_its_addresses_with_it_also_outside_of_requests(settings: Settings) -> None:
    app = create_app(replace(settings, base_path="/tv"))

    with app.app_context():
        assert url_for("media_requests.show", request_id=4, _external=False) == "/tv/requests/4"
        assert url_for("static", filename="css/card.css", _external=False) == "/tv/static/css/card.css"
        db.engine.dispose()


def test_who_watches_is_counted_for_the_poller(app: Flask) -> None:
    hub: Hub = app.extensions["hub"]
    signals: Signals = app.extensions["signals"]

    subscriber = hub.subscribe()
    assert signals.watched()
    hub.unsubscribe(subscriber)

    assert not signals.watched()

"""An app with services that call it and a browser that listens, all in one process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from flaskapp import create_app
from flaskapp.config import Settings
from flaskapp.extensions import db
from flaskapp.live.batch import Frame
from flaskapp.live.hub import Hub
from tests.compiled import TEMPLATES, keep_statements

PAYLOADS = Path(__file__).parent / "payloads"
TOKEN = "a-token-for-tests"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}

Payload = dict[str, Any]
Send = Callable[..., TestResponse]
"""``send("radarr", "grab-torrent", instance="4k", downloadId="f2e9")``: post an example body, with other values."""


def prepare(settings: Settings) -> None:
    """Prepare a database, as `make run` does."""
    app = create_app(replace(settings, webhook_token=TOKEN))
    result = app.test_cli_runner().invoke(args=["prepare"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    with app.app_context():
        db.engine.dispose()


@contextmanager
def running(settings: Settings) -> Iterator[Flask]:
    """Give an app whose stream is open, as after the start of the server."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = TEMPLATES
    app.config["WTF_CSRF_METHODS"] = []  # forms are posted here without having been loaded
    with app.app_context():
        keep_statements(db.engine)
        app.extensions["announcer"].open()
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()


def payload(source: str, name: str, **changed: Any) -> Payload:
    """Read an example body; ``media__tmdbId="5"`` puts another value in its place."""
    body: Payload = json.loads((PAYLOADS / source / f"{name}.json").read_text(encoding="utf-8"))
    for path, value in changed.items():
        *parents, last = path.split("__")
        place = body
        for parent in parents:
            place = place[parent]
        place[last] = value
    return body


def post(client: FlaskClient, address: str, body: bytes | str | Payload, **how: Any) -> TestResponse:
    """Post a webhook with the token of the tests."""
    raw = json.dumps(body) if isinstance(body, dict) else body
    return client.post(address, data=raw, headers=AUTHORIZED | how.pop("headers", {}), **how)


@dataclass(frozen=True)
class Told:
    """One frame as a browser reads it."""

    id: str | None
    event: dict[str, Any]

    @property
    def n(self) -> int:
        """Give the number of the change it stands for."""
        assert self.id is not None
        return int(self.id.rpartition(".")[2])


def read(frame: Frame) -> Told:
    """Read a frame, and hold it to one line of data and at most one of id."""
    *lines, empty, end = frame.data.decode("ascii").split("\n")
    assert (empty, end) == ("", "")
    fields = dict(line.split(": ", 1) for line in lines)
    assert len(fields) == len(lines)
    assert fields.keys() <= {"id", "data", "retry"}
    return Told(fields.get("id"), json.loads(fields["data"]))


class Browser:
    """Hears all that is published from its first moment on; nothing is joined or left out."""

    def __init__(self, hub: Hub) -> None:
        hub.subscribe()  # somebody watches
        self._frames: list[Frame] = []
        self._publish = hub.publish
        hub.publish = self._hear  # type: ignore[method-assign]

    def _hear(self, frames: Sequence[Frame]) -> None:
        self._frames += frames
        self._publish(frames)

    def hears(self) -> list[Told]:
        """Give all it was told since it was asked last."""
        frames, self._frames = self._frames, []
        return [read(frame) for frame in frames]

    def hears_types(self) -> list[str]:
        """Give only what kinds of events these were."""
        return [told.event["type"] for told in self.hears()]

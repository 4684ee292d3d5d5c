"""An app with services that call it and a browser that listens, all in one process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from flaskapp import create_app
from flaskapp.config import Settings
from flaskapp.extensions import db
from flaskapp.live.hub import Frame, Hub

PAYLOADS = Path(__file__).parent / "payloads"
TOKEN = "a-token-for-tests"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}

Payload = dict[str, Any]
Send = Callable[..., TestResponse]
"""``send("radarr", "grab-torrent", instance="4k", downloadId="f2e9")``: post an example body, with other values."""


@contextmanager
def running(settings: Settings) -> Iterator[Flask]:
    """Give an app whose stream is open, as after the start of the server."""
    app = create_app(settings)
    with app.app_context():
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
    """Listens to the hub from its first moment on."""

    def __init__(self, hub: Hub) -> None:
        self.subscriber = hub.subscribe()

    def hears(self) -> list[Told]:
        """Give all it was told since it was asked last."""
        return [read(frame) for frame in self.subscriber.clear()]

    def hears_types(self) -> list[str]:
        """Give only what kinds of events these were."""
        return [told.event["type"] for told in self.hears()]

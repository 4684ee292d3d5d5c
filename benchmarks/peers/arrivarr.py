"""The real app behind the real gunicorn.conf.py, with room for more streams and a qBittorrent that obeys.

That qBittorrent has a door of its own, ``TORRENTS_PORT``: a POST moves one of its downloads. A greenlet asks it as the
background work does, by the tick of the real poller, as often as something has moved; from there on nothing is special.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import gevent
from flask import Flask
from gevent.event import Event
from gevent.server import StreamServer
from sqlalchemy.orm import Session

from flaskapp import create_app
from flaskapp.domain.observation import Observation
from flaskapp.domain.origin import Origin
from flaskapp.extensions import db
from flaskapp.models.open_questions import tracked_downloads
from flaskapp.polling.missing import TrackedDownload
from flaskapp.polling.outlet import Outlet
from flaskapp.polling.poller import Poller
from flaskapp.polling.whereabouts import Whereabouts
from flaskapp.upstreams import Upstream
from flaskapp.views.door import For, entrance

Answer = TypeVar("Answer")
CLIENT = Upstream("qbittorrent", "qbittorrent", "qBittorrent", "")
SIZE = 10_000_000_000
STREAMS = 12_000


class Torrents:
    """The fake client: what moved last stands last, as the numbers of the load client go up."""

    def __init__(self) -> None:
        self.has_moved = Event()
        self._torrents: dict[str, dict[str, object]] = {}

    def move(self, event: dict[str, Any]) -> None:
        """Let the download of a request say these numbers from now on."""
        id_ = f"{event['request_id']:040x}"
        self._torrents.pop(id_, None)
        self._torrents[id_] = {
            "hash": id_,
            "state": "downloading",
            "size": SIZE,
            "amount_left": SIZE * (100 - event["progress"]) // 100,
            "progress": event["progress"] / 100,
            "eta": event["eta"],
            "dlspeed": event["speed"],
        }
        self.has_moved.set()

    def version(self) -> str:
        """Give a sign of life."""
        return "v5.1.0"

    def torrents(self, ids: Sequence[str]) -> list[dict[str, object]]:
        """Give the torrents with these ids."""
        self.has_moved.clear()
        return self.all_torrents()

    def all_torrents(self) -> list[dict[str, object]]:
        """Give every torrent."""
        return list(self._torrents.values())


class Door:
    """Takes the POSTs of the load client in a few lines: that a torrent moves costs the board of a house nothing."""

    def __init__(self, torrents: Torrents, port: int) -> None:
        self._torrents = torrents
        self._server = StreamServer(("127.0.0.1", port), self._answer)

    def open(self) -> None:
        """Take them from now on."""
        self._server.start()

    def _answer(self, connection: Any, _address: object) -> None:
        with connection.makefile("rb") as reading:
            while head := list(iter(lambda: reading.readline().strip(), b"")):
                length = next(int(line.split()[1]) for line in head if line.lower().startswith(b"content-length:"))
                for line in reading.read(length).splitlines():
                    self._torrents.move(json.loads(line))
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


class Asking:
    """Ticks the poller while something moves; the pauses between two ticks are left out."""

    def __init__(self, app: Flask, torrents: Torrents) -> None:
        self._app, self._torrents = app, torrents
        outlet = Outlet(self._ingest, app.extensions["signals"])
        self._poller = Poller(CLIENT, torrents, Whereabouts([CLIENT.name], self._tracked), outlet, interval=0.0)

    def run(self) -> None:
        """Ask for ever."""
        while True:
            self._torrents.has_moved.wait()
            self.tick(datetime.now(UTC))

    def tick(self, now: datetime) -> None:
        """Ask once."""
        self._poller.tick(now)

    def _tracked(self) -> Sequence[TrackedDownload]:
        return self._read(lambda session: [TrackedDownload(*row) for row in tracked_downloads(session)])

    def _read(self, query: Callable[[Session], Answer]) -> Answer:
        with self._app.app_context(), Session(db.engine) as session:
            return query(session)

    def _ingest(self, observations: Sequence[Observation], origin: Origin) -> None:
        with self._app.app_context():
            self._app.extensions["pipeline"].ingest(observations, origin)


class Beside:
    """The background work of the app, and the qBittorrent beside it."""

    def __init__(self, app: Flask) -> None:
        self._work, self._asking = app.extensions["background"], Asking(app, torrents)

    def start(self) -> None:
        """Start both, once gevent runs."""
        self._work.start()
        gevent.spawn(self._asking.run)
        Door(torrents, int(os.environ["TORRENTS_PORT"])).open()

    def stop(self) -> None:
        """Let the background work end; the asking ends with the process."""
        self._work.stop()


app = create_app()
hub = app.extensions["hub"]
hub.limits = replace(hub.limits, streams=STREAMS)
torrents = Torrents()
app.extensions["background"] = Beside(app)


@app.post("/trivial")
@entrance(For.SERVICES)
def trivial() -> dict[str, bool]:
    """Do nothing."""
    return {"ok": True}

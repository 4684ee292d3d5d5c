"""A Radarr that answers what a test puts into it, and the rows it answers with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flaskapp.clients.http import ClientError
from flaskapp.upstreams import Upstream
from tests.polling.record import at

RADARR = Upstream("radarr", "radarr", "Radarr", "http://127.0.0.1", "k3y", is_4k=False)
RADARR_4K = Upstream("radarr", "4k", "Radarr 4K", "http://127.0.0.1", "k3y", is_4k=True)
ROOM = 50 * 2**30
YESTERDAY = at(-86_400)


def film(number: int) -> dict[str, object]:
    return {"id": number, "tmdbId": 1000 + number, "title": f"Film {number}"}


def download(number: int, **changed: object) -> dict[str, object]:
    """Give a row of the queue: a torrent of which half is here."""
    row: dict[str, object] = {
        "id": number,
        "movie": film(number),
        "downloadId": f"D{number}",
        "status": "downloading",
        "trackedDownloadStatus": "ok",
        "trackedDownloadState": "downloading",
        "protocol": "torrent",
        "size": 1000,
        "sizeleft": 500,
    }
    return row | changed


def happened(number: int, kind: str, seconds: float, **data: object) -> dict[str, object]:
    """Give a row of history, about the film of the same number."""
    return {
        "id": number,
        "movie": film(number),
        "eventType": kind,
        "date": at(seconds).isoformat(),
        "downloadId": f"D{number}",
        "sourceTitle": f"Film.{number}",
        "data": data,
    }


def connection(address: str = "http://arrivarr:2774/webhooks/radarr", name: str = "Arrivarr", **off: bool) -> Any:
    """Give a webhook as it is saved there; ``onGrab=False`` takes a tick away."""
    ticks = {"onGrab": True, "onDownload": True, "onUpgrade": True, "onManualInteractionRequired": True}
    fields = [{"name": "url", "value": address}]
    return {"id": 5, "name": name, "implementation": "Webhook", "fields": fields, **ticks, **off}


@dataclass
class FakeServarr:
    """``asked`` holds the names of the questions, ``tested`` the connections that it was let test."""

    rows: list[dict[str, object]] = field(default_factory=list)
    events: list[dict[str, object]] = field(default_factory=list)
    ills: list[dict[str, object]] = field(default_factory=list)
    connections: list[dict[str, object]] = field(default_factory=list)
    free: int = ROOM
    started: datetime | None = YESTERDAY
    fails: ClientError | None = None
    refuses: ClientError | None = None
    asked: list[str] = field(default_factory=list)
    since: list[datetime] = field(default_factory=list)
    tested: list[Mapping[str, object]] = field(default_factory=list)

    def _answer(self, question: str) -> None:
        self.asked.append(question)
        if self.fails:
            raise self.fails

    def queue(self) -> list[dict[str, object]]:
        self._answer("queue")
        return self.rows

    def history(self, since: datetime) -> list[dict[str, object]]:
        self._answer("history")
        self.since.append(since)
        return [row for row in self.events if datetime.fromisoformat(str(row["date"])) >= since]

    def health(self) -> list[dict[str, object]]:
        self._answer("health")
        return self.ills

    def status(self) -> dict[str, object]:
        self._answer("status")
        return {"startTime": self.started.isoformat()} if self.started else {}

    def notifications(self) -> list[dict[str, object]]:
        self._answer("notifications")
        return self.connections

    def test_notification(self, notification: Mapping[str, object]) -> None:
        self.tested.append(notification)
        if self.refuses:
            raise self.refuses

    def disks(self) -> list[dict[str, object]]:
        self._answer("disks")
        return [{"path": "/", "freeSpace": 0}, {"path": "/films", "freeSpace": self.free}]


def ill(source: str, message: str = "", kind: str = "warning") -> dict[str, object]:
    """Give a row of health."""
    return {"source": source, "type": kind, "message": message}

"""What Radarr and Sonarr say of themselves: identity, what is wrong, and how full the disks are."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify

from demo.clock import to_second
from demo.servarr.arr import Arr
from demo.servarr.wording import say

VERSIONS = {"Radarr": "6.0.3.10276", "Sonarr": "4.0.19.2979"}
Row = dict[str, Any]


def add_health(app: Flask, base: str, arr: Arr) -> None:
    """Add the views."""

    @app.get("/ping")
    def ping() -> Row:
        return {"status": "OK"}

    @app.get(f"{base}/system/status")
    def status() -> Row:
        return _status(arr)

    @app.get(f"{base}/health")
    def health() -> Response:
        return jsonify([*_webhooks(arr), *_clients(arr)])

    @app.get(f"{base}/diskspace")
    def disks() -> Response:
        shown = arr.house.disks.of(arr.words.root)
        return jsonify(
            [{"path": d.path, "label": "", "freeSpace": d.free, "totalSpace": d.total, "id": 0} for d in shown]
        )


def _status(arr: Arr) -> Row:
    return {
        "appName": arr.words.name,
        "instanceName": arr.words.instance_name,
        "version": VERSIONS[arr.words.name],
        "isProduction": True,
        "osName": "alpine",
        "isDocker": True,
        "branch": "main",
        "authentication": "forms",
        "urlBase": "",
        "startTime": to_second(arr.books.started_at),
        "databaseType": "sqLite",
    }


def _webhooks(arr: Arr) -> list[Row]:
    """Say which connections are left alone after failures; it is an error if all are."""
    blocked = arr.mail.blocked()
    level = "error" if len(blocked) == len(arr.notifications) else "warning"
    names = ", ".join(notification.name for notification in blocked)
    return [_row(arr, "NotificationStatusCheck", level, "webhooks", names)] if blocked else []


def _clients(arr: Arr) -> list[Row]:
    """Say which download clients can't be reached."""
    silent = [client.name for client in arr.clients.all() if not client.is_reachable]
    level = "error" if len(silent) == len(arr.clients.all()) else "warning"
    return [_row(arr, "DownloadClientStatusCheck", level, "client", ", ".join(silent))] if silent else []


def _row(arr: Arr, source: str, level: str, word: str, names: str) -> Row:
    wiki = f"https://wiki.servarr.com/{arr.words.name.lower()}/system"
    return {"source": source, "type": level, "message": say(arr.books.language, word, names), "wikiUrl": wiki}

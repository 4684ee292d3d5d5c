"""The API that Radarr and Sonarr share: key, identity, queue, history, health and connections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import requests
from flask import Flask, Response, abort, jsonify, request

from demo.door import dated, locked
from demo.servarr import rest
from demo.servarr.arr import Arr
from demo.servarr.commands import Commands
from demo.servarr.connections import Connections
from demo.servarr.health import add_health
from demo.servarr.model import Entry, HistoryRow
from demo.world import World

API_KEY = "fedcba9876543210fedcba9876543210"
BASE = "/api/v3"
TESTING = ("test_connection", "test_connections", "create_connection", "change_connection")


def create_app(world: World, arr: Arr, rows: rest.Rows, add_views: Callable[[Flask], None]) -> Flask:
    """Build the API of one of the two; ``add_views`` adds what only that one has."""
    app = Flask(f"demo.{arr.words.category}")
    app.before_request(_guard)
    add_health(app, BASE, arr)
    _add_queue(app, arr, rows)
    _add_history(app, arr, rows)
    Connections(arr).add_to(app, BASE)
    Commands(arr).add_to(app, BASE)
    add_views(app)
    app.register_error_handler(requests.RequestException, _unreachable)
    locked(app, world, free=TESTING)
    return dated(app, world)


def _guard() -> Response | None:
    """Ask for the key; the one in the address wins."""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    key = request.args.get("apikey") or request.headers.get("X-Api-Key") or bearer
    return None if request.path == "/ping" or key == API_KEY else Response(status=401)


def _unreachable(error: requests.RequestException) -> tuple[dict[str, str], int]:
    return {"message": "Connection refused", "description": type(error).__name__}, 500


def _add_queue(app: Flask, arr: Arr, rows: rest.Rows) -> None:
    @app.get(f"{BASE}/queue")
    def queue() -> dict[str, Any]:
        return page(rest.queue(arr, rows, _included()), "timeleft", clamped=True)

    @app.get(f"{BASE}/queue/details")
    def details() -> Response:
        shown = rest.queue(arr, rows, _included())
        wanted = request.args.get(rows.id_name, type=int)
        return jsonify([row for row in shown if wanted in (None, row[rows.id_name])])

    @app.get(f"{BASE}/queue/status")
    def queue_status() -> dict[str, Any]:
        shown = rest.queue(arr, rows)
        warned = any(row.get("trackedDownloadStatus") == "warning" for row in shown)
        counts = {"totalCount": len(shown), "count": len(shown), "unknownCount": 0}
        return {**counts, "errors": False, "warnings": warned, "unknownErrors": False, "unknownWarnings": False}


def _included() -> list[str]:
    names = ("movie", "series", "episode")
    return [name for name in names if request.args.get(f"include{name.capitalize()}") == "true"]


def _add_history(app: Flask, arr: Arr, rows: rest.Rows) -> None:
    @app.get(f"{BASE}/history")
    def history() -> dict[str, Any]:
        numbers = request.args.getlist("eventType", type=int)
        spelled = request.args.get("downloadId")
        lines = [line for line in reversed(arr.history) if not numbers or rest.history_number(rows, line) in numbers]
        lines = [line for line in lines if spelled in (None, line.release.download_id)]
        return page([rest.history(rows, line, _included()) for line in lines], "date")

    @app.get(f"{BASE}/history/since")
    def since() -> Response:
        date = datetime.fromisoformat(request.args["date"])
        lines = [line for line in arr.history if line.at >= date and _is_wanted(line)]
        return jsonify([rest.history(rows, line, _included()) for line in lines])

    @app.get(f"{BASE}/history/{rows.path}")
    def of_title() -> Response:
        wanted = request.args.get(rows.id_name, type=int)
        lines = [line for line in reversed(arr.history) if line.entry.id == wanted and _is_wanted(line)]
        return jsonify([rest.history(rows, line, _included()) for line in lines])

    def _is_wanted(line: HistoryRow) -> bool:
        kind = request.args.get("eventType")
        return kind in (None, str(rest.history_number(rows, line)), rest.history(rows, line)["eventType"])


def page(rows: list[dict[str, Any]], sort_key: str, *, clamped: bool = False) -> dict[str, Any]:
    """Cut a page out, of 10 rows unless asked for more; a queue gives an earlier page instead of an empty one."""
    size, number = request.args.get("pageSize", 10, type=int), request.args.get("page", 1, type=int)
    if clamped:
        number = max(1, min(number, -(-len(rows) // size)))
    return {
        "page": number,
        "pageSize": size,
        "sortKey": sort_key,
        "sortDirection": "descending",
        "totalRecords": len(rows),
        "records": rows[(number - 1) * size : number * size],
    }


def found(entry: Entry | None) -> Entry:
    """Give the title that was looked up, or answer 404."""
    return entry or abort(404)

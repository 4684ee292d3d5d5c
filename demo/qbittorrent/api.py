"""qBittorrent's Web API as of 5.1: login by cookie, versions, and the list of torrents."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, jsonify, request

from demo.door import dated, locked
from demo.qbittorrent.model import Qbittorrent, Torrent
from demo.world import World

USERNAME, PASSWORD = "demo", "arrivals"  # a lock for the protocol's sake
COOKIE, MOST_FAILURES = "SID", 5
FILTERS = {
    "downloading": ("DL", "downloading", "checkingResumeData"),
    "completed": ("UP", "uploading"),
    "stopped": ("stopped",),
    "stalled": ("stalled",),
    "errored": ("error", "missingFiles"),
    "checking": ("checking",),
    "moving": ("moving",),
}


class Sessions:
    """Who is logged in; five wrong passwords ban the address."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._failures = 0

    def log_in(self, username: str, password: str) -> Response:
        """Answer a login; a good one resets the count."""
        if self._failures >= MOST_FAILURES:
            return Response("Your IP address has been banned after too many failed authentication attempts.", 403)
        if (username, password) != (USERNAME, PASSWORD):
            self._failures += 1
            return Response("Fails.")
        self._failures = 0
        answer, id_ = Response("Ok."), secrets.token_urlsafe(24)
        self._ids.add(id_)
        answer.set_cookie(COOKIE, id_, httponly=True, samesite="Strict")
        return answer

    def knows(self, id_: str | None) -> bool:
        """Tell whether this cookie is one of ours."""
        return id_ in self._ids


def create_app(world: World) -> Flask:
    """Build the Web API over a world."""
    app = Flask("demo.qbittorrent")
    sessions = Sessions()

    @app.before_request
    def guard() -> Response | None:
        if _is_foreign():
            return Response("Unauthorized", 401)
        if request.path != "/api/v2/auth/login" and not sessions.knows(request.cookies.get(COOKIE)):
            return Response("Forbidden", 403)
        return None

    _add_login(app, sessions)
    _add_torrents(app, world.qbittorrent)
    _add_transfer(app, world.qbittorrent)
    locked(app, world)
    return dated(app, world)


def _add_login(app: Flask, sessions: Sessions) -> None:
    @app.post("/api/v2/auth/login")
    def log_in() -> Response:
        if sessions.knows(request.cookies.get(COOKIE)):
            return Response("Ok.")
        return sessions.log_in(request.form.get("username", ""), request.form.get("password", ""))


def _add_torrents(app: Flask, client: Qbittorrent) -> None:
    @app.get("/api/v2/app/version")
    def version() -> Response:
        return Response("v5.1.2")

    @app.get("/api/v2/app/webapiVersion")
    def webapi_version() -> Response:
        return Response("2.11.4")

    @app.route("/api/v2/torrents/info", methods=["GET", "POST"])
    def torrents() -> Response:
        return jsonify([_row(torrent, client) for torrent in _chosen(client)])


def _add_transfer(app: Flask, client: Qbittorrent) -> None:
    @app.get("/api/v2/transfer/info")
    def transfer() -> dict[str, Any]:
        return _transfer(client)

    @app.get("/api/v2/transfer/speedLimitsMode")
    def speed_limits_mode() -> Response:
        return Response(str(int(client.is_slowed)))

    @app.get("/api/v2/sync/maindata")
    def maindata() -> dict[str, Any]:
        """Tell everything each time, as for a session that is new."""
        rows = ((torrent.hash, _row(torrent, client)) for torrent in client.torrents.values())
        shown = {hash_: {name: value for name, value in row.items() if name != "hash"} for hash_, row in rows}
        settings = {"queueing": True, "refresh_interval": 1500, "use_alt_speed_limits": client.is_slowed}
        state = {**_transfer(client), **settings, "free_space_on_disk": client.disk.free}
        return {"rid": 1, "full_update": True, "torrents": shown, "categories": {}, "tags": [], "server_state": state}


def _transfer(client: Qbittorrent) -> dict[str, Any]:
    return {
        "connection_status": "connected" if client.is_connected else "disconnected",
        "dht_nodes": 0,
        "dl_info_data": sum(int(torrent.done) for torrent in client.torrents.values()),
        "dl_info_speed": sum(int(torrent.speed) for torrent in client.torrents.values()),
        "dl_rate_limit": 0,
        "up_info_data": 0,
        "up_info_speed": 0,
        "up_rate_limit": 0,
    }


def _is_foreign() -> bool:
    """Check Host, and Origin and Referer where they are sent, as qBittorrent does before anything else."""
    _, _, port = request.host.partition(":")
    told = request.headers.get("Origin") or request.headers.get("Referer")
    return (port not in ("", request.environ["SERVER_PORT"])) or (told is not None and request.host not in told)


def _chosen(client: Qbittorrent) -> Iterator[Torrent]:
    """Apply the filters; an empty list of hashes and an unknown filter mean all."""
    hashes = [hash_.lower() for hash_ in request.values.get("hashes", "").split("|") if hash_]
    marks = FILTERS.get(request.values.get("filter", ""), ("",))
    category = request.values.get("category")
    for torrent in client.torrents.values():
        is_asked = not hashes or torrent.hash in hashes
        if is_asked and category in (None, torrent.category) and any(mark in torrent.state for mark in marks):
            yield torrent


def _row(torrent: Torrent, client: Qbittorrent) -> dict[str, Any]:
    known, progress = torrent.has_metadata, torrent.done / torrent.size
    done = int(torrent.done) if known else 0
    return {
        "added_on": int(torrent.added_at.timestamp()),
        "amount_left": torrent.size - done if known else 0,
        "availability": _number(-1 if torrent.is_complete else torrent.seeds + progress),
        "category": torrent.category,
        "completed": done,
        "completion_on": int(torrent.completed_at.timestamp()) if torrent.completed_at else -1,
        "content_path": f"/downloads/{torrent.name}" if known else "",
        "dlspeed": int(torrent.speed),
        "eta": torrent.eta,
        "has_metadata": known,
        "hash": torrent.hash,
        "infohash_v1": torrent.hash,
        "infohash_v2": "",
        "last_activity": int((torrent.last_byte_at or torrent.added_at).timestamp()),
        "magnet_uri": f"magnet:?xt=urn:btih:{torrent.hash}&dn={torrent.name}",
        "name": torrent.name,
        "num_complete": torrent.seeds,
        "num_leechs": 0,
        "num_seeds": torrent.seeds if client.is_connected and torrent.state in ("downloading", "stalledDL") else 0,
        "priority": client.place(torrent),
        "private": False if known else None,
        "progress": _number(progress if known else 0),
        "save_path": "/downloads",
        "size": torrent.size if known else 0,
        "state": torrent.state,
        "tags": "",
        "total_size": torrent.size if known else 0,
    }


def _number(value: float) -> float:
    """Send whole numbers as integers, as qBittorrent does."""
    return int(value) if value == int(value) else round(value, 4)

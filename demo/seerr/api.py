"""Seerr's API as of 3.3: status, requests, titles; and the posters, which lie nowhere else."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, abort, jsonify, request

from demo.door import dated, locked
from demo.posters import DESIGNS, draw
from demo.seerr import rest
from demo.seerr.model import APPROVED, COMPLETED, DECLINED, FAILED, PENDING, PROCESSING, Ask, Seerr
from demo.seerr.notifications import add_notifications
from demo.titles import TITLES, Film, Series
from demo.world import World

API_KEY = "c2VlcnItZGVtby1rZXktMDEyMzQ1Njc4OQ=="
BASE = "/api/v1"
PUBLIC = ("status", "public_settings", "poster")
LIST_PARAMETERS = {"take", "skip", "filter", "sort", "sortDirection", "requestedBy", "mediaType"}
FILTERS = {
    "all": {PENDING, APPROVED, DECLINED, FAILED, COMPLETED},
    "pending": {PENDING},
    "approved": {APPROVED},
    "processing": {APPROVED},
    "available": {APPROVED, COMPLETED},
    "completed": {COMPLETED},
    "failed": {FAILED},
}


def create_app(world: World) -> Flask:
    """Build the API over a world."""
    app, seerr = Flask("demo.seerr"), world.seerr
    app.before_request(_guard)
    _add_titles(app, seerr)
    _add_requests(app, seerr)
    add_notifications(app, BASE, seerr)
    locked(app, world, free=("poster", "test_webhook"))
    return dated(app, world)


def _guard() -> Response | tuple[Response, int] | None:
    """Refuse callers without a good key, and parameters that nobody knows."""
    if request.endpoint not in PUBLIC:
        key = request.headers.get("X-Api-Key")
        if not key:
            message = "cookie 'connect.sid' required"
            return jsonify(message=message, errors=[{"path": request.path, "message": message}]), 401
        if key != API_KEY:
            return jsonify(status=403, error="You do not have permission to access this endpoint"), 403
    known = LIST_PARAMETERS if request.endpoint == "requests" else {"language"}
    for name in request.args:
        if name not in known:
            message = f"Unknown query parameter '{name}'"
            return jsonify(message=message, errors=[{"path": f".query.{name}", "message": message}]), 400
    return None


def _add_titles(app: Flask, seerr: Seerr) -> None:
    @app.get(f"{BASE}/status")
    def status() -> dict[str, Any]:
        told = {"updateAvailable": False, "commitsBehind": 0, "restartRequired": False}
        return {"version": seerr.version, "commitTag": "0123456789abcdef0123456789abcdef01234567", **told}

    @app.get(f"{BASE}/movie/<int:tmdb_id>")
    def movie(tmdb_id: int) -> dict[str, Any]:
        return rest.movie(seerr, _title(tmdb_id, is_series=False))

    @app.get(f"{BASE}/tv/<int:tmdb_id>")
    def series(tmdb_id: int) -> dict[str, Any]:
        title = _title(tmdb_id, is_series=True)
        return rest.series(seerr, title) if isinstance(title, Series) else abort(500)

    @app.get("/posters/<slug>.png")
    def poster(slug: str) -> Response:
        return Response(draw(slug), mimetype="image/png") if slug in DESIGNS else abort(404)


def _title(tmdb_id: int, *, is_series: bool) -> Film:
    """Find a title; Seerr answers 500 for one that does not exist."""
    titles = (title for title in TITLES.values() if isinstance(title, Series) == is_series)
    return next((title for title in titles if title.tmdb_id == tmdb_id), None) or abort(500)


def _add_requests(app: Flask, seerr: Seerr) -> None:
    @app.get(f"{BASE}/request")
    def requests() -> dict[str, Any]:
        shown = sorted(filter(_is_shown, seerr.requests.values()), key=_order, reverse=_is_descending())
        take, skip = request.args.get("take", 0, type=int) or 10, request.args.get("skip", 0, type=int)
        pages = {"pages": -(-len(shown) // take), "pageSize": take, "results": len(shown), "page": skip // take + 1}
        rows = [rest.row(seerr, ask) for ask in shown[skip : skip + take]]
        return {"pageInfo": pages, "results": rows, "serviceErrors": {"radarr": [], "sonarr": []}}

    def _is_shown(ask: Ask) -> bool:
        name, kind = request.args.get("filter", "all"), request.args.get("mediaType", "all")
        is_processing = name != "processing" or seerr.media_status(ask.title, is_4k=ask.is_4k) == PROCESSING
        person = request.args.get("requestedBy", ask.person.id, type=int)
        fits = ask.status in FILTERS.get(name, set()) and is_processing and person == ask.person.id
        return fits and kind in ("all", rest.kind_of(ask.title))

    @app.get(f"{BASE}/request/<id_>")
    def detail(id_: str) -> Any:
        ask = _find(id_)
        return rest.detail(seerr, ask) if ask else (jsonify(message="Request not found."), 404)

    @app.delete(f"{BASE}/request/<id_>")
    def delete(id_: str) -> Any:
        ask = _find(id_)
        if ask is None:
            return jsonify(message="Request not found."), 404
        seerr.delete(ask)
        return "", 204

    def _find(id_: str) -> Ask | None:
        return seerr.requests.get(int(id_)) if id_.isdecimal() else None


def _order(ask: Ask) -> Any:
    return ask.updated_at if request.args.get("sort") == "modified" else ask.id


def _is_descending() -> bool:
    return request.args.get("sortDirection", "desc") == "desc"

"""``/api/requests``: the board for other programs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import BadRequest

from flaskapp.domain.state import State
from flaskapp.extensions import db
from flaskapp.live import events
from flaskapp.live.announce import Announcer
from flaskapp.models import Media, MediaRequest
from flaskapp.models.media_request import Cursor, read_cursor, seen_by, was_handed_over
from flaskapp.views import details, media_requests
from flaskapp.views.door import For, entrance, known_viewer

bp = Blueprint("api", __name__, url_prefix="/api")

MOST_ROWS = 500


@bp.get("/requests")
@entrance(For.PEOPLE)
def index() -> ResponseReturnValue:
    """List requests, newest change first; with ``since`` only what changed after that cursor.

    ``cards=yes`` adds to each of these its ``card``, drawn as for the stream: for pages that the stream does not reach.
    """
    cursor = read_cursor(db.session())
    since = request.args.get("since")
    if since is not None:
        return _changed(cursor, since)
    limit = _number("limit", 100, MOST_ROWS)
    query = _shown().order_by(MediaRequest.rev.desc())
    if "after" in request.args:
        query = query.where(MediaRequest.rev < _number("after", 0, 2**62))
    if "state" in request.args:
        query = query.where(MediaRequest.state == _state(request.args["state"]))
    rows = db.session.scalars(query.limit(limit + 1)).all()
    following = str(rows[limit - 1].rev) if len(rows) > limit else None
    return {"requests": _rows(rows[:limit]), "cursor": str(cursor), "next": following}


@bp.get("/requests/<int:request_id>")
@entrance(For.PEOPLE)
def show(request_id: int) -> ResponseReturnValue:
    """Give one request with its items, downloads and timeline."""
    media_request = media_requests.find(request_id)
    return _row(media_request) | {
        "trouble": media_request.trouble,
        "items": [
            {"season": season["season"], **episode, "air_at": _iso(episode["air_at"])}
            for season in details.seasons(media_request)
            for episode in season["rows"]
        ],
        "downloads": [_download(each) for each in details.downloads(media_request)],
        "timeline": [
            {
                "kind": change.kind,
                "from": change.from_state,
                "to": change.to_state,
                "source": change.source,
                "reason": change.reason,
                "reconstructed": change.is_reconstructed,
                "occurred_at": _iso(change.occurred_at),
            }
            for change in media_requests.timeline(request_id)
        ],
    }


@bp.delete("/requests/<int:request_id>")
@entrance(For.ADMINS)
def delete(request_id: int) -> ResponseReturnValue:
    """Take a card off the board."""
    media_requests.remove(request_id)
    return "", 204


def _changed(cursor: Cursor, since: str) -> ResponseReturnValue:
    has_cards, audience = request.args.get("cards") == "yes", known_viewer().audience
    place = {"cursor": str(cursor), "next": None, "scope": audience.word}
    n = cursor.read(since)
    if n is None or (not audience.sees_all and was_handed_over(db.session(), n)):
        rows = db.session.scalars(_shown().order_by(MediaRequest.rev.desc())).all()
        return {"requests": _rows(rows), "deleted": [], **place, "reset": True}
    changed = or_(MediaRequest.rev > n, MediaRequest.face["moving"].as_boolean())
    rows = db.session.scalars(_shown().where(changed).order_by(MediaRequest.rev.desc())).all()
    gone = select(MediaRequest.id).where(MediaRequest.deleted_at.is_not(None), MediaRequest.rev > n, seen_by(audience))
    return {
        "requests": [_row(row) | ({"card": _announcer().card(row)} if has_cards else {}) for row in rows],
        "deleted": list(db.session.scalars(gone)),
        **place,
    }


def _shown() -> Select[MediaRequest]:
    with_ids = joinedload(MediaRequest.media).selectinload(Media.external_ids)
    shown = select(MediaRequest).where(MediaRequest.deleted_at.is_(None), seen_by(known_viewer().audience))
    return shown.options(with_ids)


def _rows(rows: Sequence[MediaRequest]) -> list[dict[str, Any]]:
    return [_row(row) for row in rows]


def _announcer() -> Announcer:
    announcer: Announcer = current_app.extensions["announcer"]
    return announcer


def _row(media_request: MediaRequest) -> dict[str, Any]:
    ids = {each.provider: each.value for each in media_request.media.external_ids}
    return {
        "id": media_request.id,
        "seerr_instance": media_request.seerr_instance,
        "seerr_request_id": media_request.seerr_request_id,
        "media_type": media_request.media.media_type,
        "title": media_request.face["title"],
        "year": media_request.face["year"],
        "tmdb_id": int(ids["tmdb"]) if "tmdb" in ids else None,
        "tvdb_id": int(ids["tvdb"]) if "tvdb" in ids else None,
        "is_4k": media_request.is_4k,
        "seasons": media_request.seasons,
        "requested_by": media_request.requested_by,
        "poster_url": _announcer().poster_url(media_request),
        "state": media_request.state,
        "progress": media_request.progress,
        "eta": media_request.eta,
        "trouble": events.trouble(media_request.trouble),
        "measured_at": _iso(media_request.measured_at),
        "measured_by": media_request.measured_by,
        "updated_at": _iso(media_request.updated_at),
    }


def _download(grabbed: details.Grabbed) -> dict[str, Any]:
    row, transfer = grabbed.row, grabbed.transfer
    return {
        "title": row.title,
        "quality": row.quality,
        "indexer": row.indexer,
        "size": transfer.size,
        "stage": row.stage,
        "progress": transfer.progress,
        "grabbed_at": _iso(row.grabbed_at),
        "polled_at": _iso(row.polled_at),
        "items": [{"season": season, "episode": episode} for season, episode in grabbed.items],
        "dropped": row.dropping,
        "dropped_at": _iso(row.dropped_at),
        "drop_message": row.drop_message,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


def _number(name: str, default: int, most: int) -> int:
    text = request.args.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,19}", text) or not 0 < int(text) <= most:
        raise BadRequest(f"{name} must be a whole number from 1 to {most}.")
    return int(text)


def _state(word: str) -> State:
    try:
        return State(word)
    except ValueError:
        raise BadRequest(f"state must be one of {', '.join(State)}.") from None

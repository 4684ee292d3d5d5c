"""``GET /api/summary``: the whole board in a few numbers, for a tile on somebody's start page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from flaskapp.domain.audience import Audience
from flaskapp.domain.state import Stage
from flaskapp.extensions import db
from flaskapp.models import MediaRequest
from flaskapp.models.board import totals
from flaskapp.models.media_request import DONE, seen_by
from flaskapp.signals import Signals
from flaskapp.views.assets import VERSION
from flaskapp.views.door import For, entrance, known_viewer

bp = Blueprint("summary", __name__)

MOST = 500
"""So many at most are looked at for the one that is ready next."""
FRESH = "private, max-age=5"
"""Start pages ask every few seconds, one for each tab: five seconds change nothing of what they show."""


@bp.get("/api/summary")
@entrance(For.PEOPLE)
def show() -> ResponseReturnValue:
    """Say how many requests stand in each stage, what is ready next, and which services are away."""
    audience = known_viewer().audience
    signals: Signals = current_app.extensions["signals"]
    stages = totals(db.session(), audience)
    return {
        "stages": stages,
        "needs_attention": stages[Stage.NEEDS_A_LOOK],
        "next_ready": _next_ready(audience, datetime.now(UTC)),
        "down": sorted(name for name, contact in signals.contacts.items() if contact.is_down),
        "version": VERSION,
    }, {"Cache-Control": FRESH, "Vary": "Cookie, X-Api-Key"}


def _next_ready(audience: Audience, now: datetime) -> dict[str, Any]:
    """Give what is ready first of all that has a time, else nulls: tiles read fields without asking."""
    measured = select(
        *(MediaRequest.id, MediaRequest.face["title"].as_string(), MediaRequest.measured_at, MediaRequest.eta)
    )
    measured = measured.where(MediaRequest.deleted_at.is_(None), MediaRequest.state.not_in(DONE), seen_by(audience))
    measured = measured.where(MediaRequest.eta > 0, MediaRequest.measured_at.is_not(None)).limit(MOST)
    coming = [
        (ready_at, request_id, title)
        for request_id, title, at, eta in db.session.execute(measured)
        if (ready_at := at + timedelta(seconds=eta)) > now
    ]
    ready_at, request_id, title = min(coming, default=(None, None, None))
    at = ready_at.isoformat(timespec="seconds").replace("+00:00", "Z") if ready_at else None
    return {"id": request_id, "title": title, "ready_at": at}

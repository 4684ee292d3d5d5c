"""``GET /wall``: the board for a screen that nobody touches, read from across a room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from flaskapp.domain.audience import Audience
from flaskapp.domain.state import Stage, State
from flaskapp.extensions import db
from flaskapp.models import MediaRequest
from flaskapp.models.media_request import read_cursor, seen_by
from flaskapp.views.banner import banner
from flaskapp.views.door import For, entrance, known_viewer

bp = Blueprint("wall", __name__)

MOST_ROWS = 40
"""So many stand on a few pages that turn; further back nobody waits for the page to come round."""
MOST_READY = 12
NEWS = timedelta(days=1)
"""How long what arrived stands among what is still on its way."""
ORDER = (Stage.ALMOST_THERE, Stage.ON_THE_WAY, Stage.READY, Stage.NEEDS_A_LOOK, Stage.LOOKING, Stage.WAITING)
"""What is about to be watched comes first, then what can be, then what waits."""
UNDER_WAY = tuple(stage for stage in ORDER if stage is not Stage.READY)
MOST_UNDER_WAY = 5 * MOST_ROWS
LIGHT = "light"
FAR = datetime.max.replace(tzinfo=UTC)


@bp.get("/wall")
@entrance(For.PEOPLE)
def show() -> ResponseReturnValue:
    """Show it; ``theme=light`` is for bright rooms."""
    cursor = read_cursor(db.session())  # before the rows: a change in between is seen twice rather than never
    now = datetime.now(UTC)
    return render_template(
        "wall.html",
        cursor=str(cursor),
        rows=[(row, ready_at(row)) for row in _rows(known_viewer().audience, now)],
        is_light=request.args.get("theme") == LIGHT,
        now=now,
        **banner(),
    )


def ready_at(media_request: MediaRequest) -> datetime | None:
    """Give when it can be watched, or since when it can; None when nobody knows."""
    if media_request.state is State.AVAILABLE:
        return media_request.state_since
    if media_request.eta <= 0 or media_request.measured_at is None:
        return None
    return media_request.measured_at + timedelta(seconds=media_request.eta)


def _rows(audience: Audience, now: datetime) -> list[MediaRequest]:
    """Give the rows of the wall. Where nothing is on its way, what came last stays, however long ago that was."""
    shown = select(MediaRequest).where(MediaRequest.deleted_at.is_(None), seen_by(audience))
    newest = shown.order_by(MediaRequest.state_since.desc())
    under_way = db.session.scalars(newest.where(MediaRequest.stage.in_(UNDER_WAY)).limit(MOST_UNDER_WAY)).all()
    ready = db.session.scalars(newest.where(MediaRequest.stage == Stage.READY).limit(MOST_READY)).all()
    fresh = [row for row in ready if now - row.state_since < NEWS]
    return sorted([*under_way, *(fresh or ([] if under_way else ready))], key=_place)[:MOST_ROWS]


def _place(media_request: MediaRequest) -> tuple[Any, ...]:
    """Sort by stage, there by what is ready first, and then by what came to its state last."""
    is_ahead = media_request.stage is not Stage.READY
    at = ready_at(media_request) if is_ahead else None
    return ORDER.index(media_request.stage), at or FAR, -media_request.state_since.timestamp(), media_request.id

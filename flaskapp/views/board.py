"""``GET /``: the arrivals board, complete without JavaScript."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from flaskapp.domain.state import Stage
from flaskapp.extensions import db
from flaskapp.models import MediaRequest
from flaskapp.models.media_request import board, read_cursor
from flaskapp.sources import SOURCES
from flaskapp.views.banner import banner
from flaskapp.views.door import For, entrance

bp = Blueprint("board", __name__)

LABELS = {
    Stage.NEEDS_A_LOOK: "Needs a look",
    Stage.ON_THE_WAY: "On the way",
    Stage.ALMOST_THERE: "Almost there",
    Stage.LOOKING: "Looking",
    Stage.WAITING: "Waiting for approval",
    Stage.READY: "Ready",
    Stage.CLOSED: "Closed",
}


@bp.get("/")
@entrance(For.PEOPLE)
def index() -> ResponseReturnValue:
    """Show the whole page."""
    return render_template("board.html", **_contents()), {"Cache-Control": "no-store"}


@bp.get("/board")
@entrance(For.PEOPLE)
def partial() -> ResponseReturnValue:
    """Show the inside of the board alone: what a browser takes after a ``resync``."""
    return render_template("_board.html", **_contents()), {"Cache-Control": "no-store"}


def _contents() -> dict[str, Any]:
    # The cursor is read before the rows: a change in between is seen twice rather than never.
    cursor = read_cursor(db.session())
    sections: dict[Stage, list[MediaRequest]] = {stage: [] for stage in Stage}
    for media_request in board(db.session()):
        sections[media_request.stage].append(media_request)
    root = request.url_root.rstrip("/")
    return {
        "cursor": str(cursor),
        "sections": [
            (stage, LABELS[stage], sorted(rows, key=lambda row: row.sort_key)) for stage, rows in sections.items()
        ],
        "webhook_urls": [(name.capitalize(), f"{root}/webhooks/{name}") for name in SOURCES],
        **banner(),
    }

"""``GET /``: the arrivals board, complete without JavaScript."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from flaskapp.access.gate import Gate
from flaskapp.domain.audience import Audience
from flaskapp.domain.state import Stage
from flaskapp.extensions import db
from flaskapp.models import Requester
from flaskapp.models.board import sections
from flaskapp.models.media_request import read_cursor
from flaskapp.upstreams import Upstreams
from flaskapp.views.banner import banner
from flaskapp.views.door import For, entrance, known_viewer
from flaskapp.views.search import as_rule, read_search

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
    return render_template("board.html", **_contents())


@bp.get("/board")
@entrance(For.PEOPLE)
def partial() -> ResponseReturnValue:
    """Show the inside of the board alone: what a browser takes after a ``resync``."""
    return render_template("_board.html", **_contents())


def _contents() -> dict[str, Any]:
    # The cursor is read before the rows: a change in between is seen twice rather than never.
    viewer, cursor = known_viewer(), read_cursor(db.session())
    gate: Gate = current_app.extensions["gate"]
    search, own = read_search(request.args), gate.requesters(viewer)
    upstreams: Upstreams = current_app.extensions["upstreams"]
    return {
        "cursor": str(cursor),
        "sections": sections(db.session(), viewer.audience, search, own),
        "labels": LABELS,
        "search": search,
        "rule": as_rule(search, own),
        "has_own": bool(own),
        "asked_as": _names(viewer.audience),
        "has_services": bool(upstreams.now()),
        **banner(),
    }


def _names(audience: Audience) -> list[str]:
    """Give what those are called in Seerr whose requests stand here."""
    named = select(Requester.name).where(Requester.id.in_(sorted(audience.requesters))).distinct()
    return list(db.session.scalars(named.order_by(Requester.name))) if audience.requesters else []

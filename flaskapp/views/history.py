"""``GET /history``: what is over, page by page, the newest first."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from flaskapp.access.gate import Gate
from flaskapp.extensions import db
from flaskapp.models.board import history
from flaskapp.views.banner import banner
from flaskapp.views.door import For, entrance, known_viewer
from flaskapp.views.search import read_search

bp = Blueprint("history", __name__)

LONGEST_NUMBER = 18


@bp.get("/history")
@entrance(For.PEOPLE)
def index() -> ResponseReturnValue:
    """Show one page; ``after`` is the number of the last request on the page before."""
    viewer, search = known_viewer(), read_search(request.args)
    gate: Gate = current_app.extensions["gate"]
    own, after = gate.requesters(viewer), request.args.get("after", "")
    is_number = after.isascii() and after.isdecimal() and len(after) <= LONGEST_NUMBER
    page = history(db.session(), viewer.audience, search, own, int(after) if is_number else None)
    onward = {name: value for name, value in request.args.items() if name != "after" and value}
    return render_template(
        "history.html",
        page=page,
        search=search,
        has_own=bool(own),
        onward=onward,
        is_continued=is_number,
        **banner(),
    )

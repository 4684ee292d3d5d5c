"""``GET /away``: what happened since somebody last looked, in one sentence."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from flaskapp.domain.state import Stage, State
from flaskapp.extensions import db
from flaskapp.models import Change, MediaRequest
from flaskapp.models.media_request import read_cursor, seen_by
from flaskapp.views.door import For, entrance, known_viewer

bp = Blueprint("away", __name__)


@bp.get("/away")
@entrance(For.PEOPLE)
def show() -> ResponseReturnValue:
    """Tell what happened after the cursor ``since``; empty when that is nothing, or can't be told."""
    n = read_cursor(db.session()).read(request.args.get("since", ""))
    arrived, stuck, asked = _sort(_changes(n)) if n is not None else ([], [], [])
    return render_template("_away.html", arrived=arrived, stuck=stuck, asked=asked)


def _changes(n: int) -> Iterable[tuple[MediaRequest, set[str]]]:
    """Give each card that somebody sees and that changed after ``n``, with its changes: kinds and states."""
    query = select(MediaRequest, Change.kind, Change.to_state).join(Change, MediaRequest.id == Change.media_request_id)
    query = query.where(Change.id > n, MediaRequest.deleted_at.is_(None), seen_by(known_viewer().audience))
    changed: dict[int, tuple[MediaRequest, set[str]]] = {}
    for media_request, kind, to_state in db.session.execute(query.order_by(Change.id)):
        _, what = changed.setdefault(media_request.id, (media_request, set()))
        what |= {kind, to_state} if kind == "state" else {kind}
    return changed.values()


def _sort(changes: Iterable[tuple[MediaRequest, set[str]]]) -> tuple[list[MediaRequest], ...]:
    """Tell apart what arrived and is still there, what got stuck and still is, and what is new; each card once."""
    arrived: list[MediaRequest] = []
    stuck: list[MediaRequest] = []
    asked: list[MediaRequest] = []
    for media_request, what in changes:
        if media_request.state == State.AVAILABLE and what & {State.AVAILABLE, "created"}:
            arrived.append(media_request)
        elif media_request.stage == Stage.NEEDS_A_LOOK and what & {State.FAILED, "trouble", "created"}:
            stuck.append(media_request)
        elif "created" in what:
            asked.append(media_request)
    return arrived, stuck, asked

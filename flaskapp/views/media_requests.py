"""The page of one request: its card, how it got there, its episodes; and taking it off the board."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import Gone, NotFound

from flaskapp.domain.origin import Origin
from flaskapp.extensions import db
from flaskapp.models import Change, MediaRequest
from flaskapp.models.media_request import read_cursor
from flaskapp.pipeline import Pipeline
from flaskapp.views import details
from flaskapp.views.banner import banner
from flaskapp.views.door import For, entrance, known_viewer
from flaskapp.views.shown_links import shown_links
from flaskapp.views.steps import attempts

bp = Blueprint("media_requests", __name__)


@bp.get("/requests/<int:request_id>")
@entrance(For.PEOPLE)
def show(request_id: int) -> ResponseReturnValue:
    """Show one request."""
    cursor = read_cursor(db.session())
    media_request = find(request_id)
    return render_template(
        "media_requests/show.html",
        cursor=str(cursor),
        media_request=media_request,
        attempts=attempts(timeline(request_id)),
        episodes=details.seasons(media_request),
        unasked=details.unasked(media_request),
        downloads=details.downloads(media_request),
        links=shown_links(media_request),
        **banner(),
    )


@bp.post("/requests/<int:request_id>/delete")
@entrance(For.ADMINS)
def delete(request_id: int) -> ResponseReturnValue:
    """Take the card off the board; no other service is touched."""
    remove(request_id)
    return redirect(url_for("board.index", _external=False), code=303)


def find(request_id: int) -> MediaRequest:
    """Give a request that whoever asks may see; 404 when there is none, 410 when it was taken off."""
    media_request = db.session.get(MediaRequest, request_id)
    if media_request is None or not known_viewer().audience.sees(request_id, media_request.requester_id):
        raise NotFound("There is no such request, or it is somebody else's.")
    if media_request.deleted_at is not None:
        raise Gone("This request was taken off the board. Whoever still wants it can ask for it in Seerr again.")
    return media_request


def remove(request_id: int) -> None:
    """Take a card off the board and tell everybody."""
    find(request_id)
    db.session.rollback()  # nobody writes while holding a reading transaction
    pipeline: Pipeline = current_app.extensions["pipeline"]
    pipeline.forget(request_id, Origin.only("board", datetime.now(UTC)))


def timeline(request_id: int) -> list[Change]:
    """Give the steps, the newest last; that somebody else is the owner now is no step, and nothing for the new one."""
    steps = select(Change).where(Change.media_request_id == request_id, Change.kind != "owner")
    return list(db.session.scalars(steps.order_by(Change.id)))

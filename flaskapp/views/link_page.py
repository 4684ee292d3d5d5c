"""``/l/<token>``: what somebody sees who has the private link of a request, and no account. It leads nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import Gone, HTTPException, NotFound, TooManyRequests

from flaskapp.access.gate import Gate
from flaskapp.access.links import find_link
from flaskapp.access.rates import LINKS, STRANGERS
from flaskapp.domain.viewer import Viewer
from flaskapp.extensions import db
from flaskapp.live.hub import Hub
from flaskapp.models import Change, MediaRequest
from flaskapp.models.media_request import read_cursor
from flaskapp.views.door import For, entrance
from flaskapp.views.errors import page
from flaskapp.views.events import COME_BACK_AFTER, open_stream
from flaskapp.views.pace import slow_down

bp = Blueprint("link_page", __name__, url_prefix="/l")

MOST_STEPS = 8
MOST_STREAMS = 20
"""Open streams of one link: whoever has it may pass it on, and others need room too."""
UNSEEN = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Referrer-Policy": "no-referrer"}
"""Nobody finds it by a search, and no page that is opened from here hears the address."""
TITLES = {404: "There is nothing here", 410: "This link has ended", 429: "A little too often"}


@bp.after_request
def hide(response: Response) -> Response:
    """Tell no one of the address; copies are kept nowhere, as everywhere on the board."""
    response.headers.update(UNSEEN)
    return response


@bp.errorhandler(HTTPException)
def answer(error: HTTPException) -> ResponseReturnValue:
    """Say what is the matter without a way into the board."""
    code = error.code or 500
    headers = [pair for pair in error.get_headers() if pair[0] == "Retry-After"]
    if request.endpoint == "link_page.listen":
        return {"error": error.description}, code, headers
    return page(error, TITLES, "links/_frame.html"), code, headers


@bp.get("/<token>")
@entrance(For.GUESTS)
def show(token: str) -> ResponseReturnValue:
    """Show the request."""
    [request_id] = _guest(token).audience.request_ids
    cursor = read_cursor(db.session())
    return render_template(
        "links/show.html",
        token=token,
        cursor=str(cursor),
        media_request=db.session.get_one(MediaRequest, request_id),
        steps=_steps(request_id),
    )


@bp.get("/<token>/events")
@entrance(For.GUESTS)
def listen(token: str) -> Response:
    """Open a stream of this request alone."""
    guest = _guest(token)
    hub: Hub = current_app.extensions["hub"]
    if hub.count_of(guest) >= MOST_STREAMS:
        raise TooManyRequests("This link is open in too many places.", retry_after=COME_BACK_AFTER)
    return open_stream(guest)


def _guest(token: str) -> Viewer:
    """Let in who has a link that counts; who tries addresses is slowed down like any stranger."""
    gate: Gate = current_app.extensions["gate"]
    guest = gate.by_link(token, datetime.now(UTC))
    if guest is not None:
        slow_down(LINKS, str(guest.link_id))
        return guest
    slow_down(STRANGERS)
    if find_link(db.session(), token) is None:
        raise NotFound("No private link leads here. Perhaps a part of the address is missing.")
    raise Gone("It was revoked, or what it showed is not on the board any more. Ask whoever gave it to you.")


def _steps(request_id: int) -> list[Change]:
    """Give the last states it came through; why is the household's affair, since reasons name people."""
    steps = select(Change).where(Change.media_request_id == request_id, Change.kind.in_(("created", "state")))
    return list(db.session.scalars(steps.order_by(Change.id.desc()).limit(MOST_STEPS)))

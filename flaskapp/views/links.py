"""Private links of a request: made and revoked on its page by admins and by who asked for it."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import segno
from flask import Blueprint, Response, current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, Forbidden, NotFound

from flaskapp.access.links import MOST, TooManyLinksError, make_link, revoke_link
from flaskapp.extensions import db, writing
from flaskapp.models import Link, MediaRequest
from flaskapp.views import media_requests
from flaskapp.views.door import For, entrance, known_viewer
from flaskapp.views.shown_links import address_of, may_share

bp = Blueprint("links", __name__)


@bp.post("/requests/<int:request_id>/links")
@entrance(For.PEOPLE)
def make(request_id: int) -> ResponseReturnValue:
    """Make one more link of a request."""
    _refuse_others(media_requests.find(request_id))
    db.session.rollback()  # nobody writes while holding a reading transaction
    try:
        with writing() as session:
            make_link(session, current_app.extensions["seal"], request_id, known_viewer().user_id, datetime.now(UTC))
    except TooManyLinksError:
        raise BadRequest(f"This request has {MOST} private links. Revoke one of them first.") from None
    return _to_page(request_id)


@bp.post("/links/<int:link_id>/revoke")
@entrance(For.PEOPLE)
def revoke(link_id: int) -> ResponseReturnValue:
    """Let a link lead nowhere; pages that it opened end at once."""
    now, request_id = datetime.now(UTC), _find(link_id).media_request_id
    db.session.rollback()
    with writing() as session:
        revoke_link(session, link_id, now)
    current_app.extensions["open_streams"].check(now)
    return _to_page(request_id)


@bp.get("/links/<int:link_id>/qr.svg")
@entrance(For.PEOPLE)
def draw(link_id: int) -> ResponseReturnValue:
    """Draw the address of a link for a camera."""
    address = address_of(_find(link_id))
    if address is None:
        raise NotFound("The address of this link can't be shown any more.")
    picture = BytesIO()
    # Black on white in every scheme, with the margin that readers need.
    segno.make(address, error="m", micro=False).save(picture, kind="svg", border=4, light="white")
    return Response(picture.getvalue(), mimetype="image/svg+xml")


def _find(link_id: int) -> Link:
    """Give a link that counts, of a request that whoever asks may share."""
    link = db.session.get(Link, link_id)
    if link is None or link.revoked_at is not None:
        raise NotFound("There is no such link.")
    _refuse_others(media_requests.find(link.media_request_id))
    return link


def _refuse_others(media_request: MediaRequest) -> None:
    if not may_share(media_request):
        raise Forbidden("Only who asked for it and admins can share it.")


def _to_page(request_id: int) -> ResponseReturnValue:
    return redirect(url_for("media_requests.show", request_id=request_id, _external=False, _anchor="links"), code=303)

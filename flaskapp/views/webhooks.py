"""``POST /webhooks/<source>``: check the token, keep the body, apply it, answer at once.

Senders are synchronous and give up: no network call is made while one waits. They take any 3xx for success and drop
the event, so no address here ever redirects.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import NotFound, RequestEntityTooLarge, ServiceUnavailable, Unauthorized

from flaskapp.deliveries import Deliveries
from flaskapp.sources import ALIASES, SOURCES
from flaskapp.sources.values import tidy
from flaskapp.views.door import For, entrance

bp = Blueprint("webhooks", __name__)

CHALLENGE = WWWAuthenticate("basic", {"realm": "Arrivarr webhooks"})
LONGEST_INSTANCE = 64
MOST_BYTES = 8 * 1024 * 1024
"""A larger body is refused with 413."""


@bp.route("/webhooks/<source>", methods=["POST", "PUT"], strict_slashes=False)
@bp.route("/webhooks/<source>/<instance>", methods=["POST", "PUT"], strict_slashes=False)
@entrance(For.SERVICES)
def receive(source: str, instance: str = "") -> ResponseReturnValue:
    """Take one webhook; Radarr and Sonarr may send PUT."""
    source = ALIASES.get(source.lower(), source.lower())
    if source not in SOURCES:
        raise NotFound(f"There is no source called {source[:40]}; there are {', '.join(SOURCES)}.")
    now = datetime.now(UTC)
    if not _is_trusted(current_app.extensions["settings"].webhook_token):
        current_app.extensions["signals"].refused[source] = now
        raise Unauthorized("The webhook token is missing or wrong.", www_authenticate=CHALLENGE)
    deliveries: Deliveries = current_app.extensions["deliveries"]
    body = _body()
    try:
        delivery_id = deliveries.keep(source, tidy(instance)[:LONGEST_INSTANCE].lower() or source, body, now)
    except SQLAlchemyError as error:
        current_app.logger.exception("Could not keep a webhook from %s", source)
        raise ServiceUnavailable("The webhook could not be kept; send it again.") from error
    applied = deliveries.apply(delivery_id, now)
    # Who posts one after another on one connection would not let the event loop have its turn in between.
    current_app.extensions["hub"].give_way()
    if applied.outcome == "rejected":
        return {"error": applied.reason}, 400
    return {"outcome": applied.outcome, "reason": applied.reason}, 200


def _is_trusted(token: str) -> bool:
    """Compare every way a sender can carry the token, in constant time; without a token nobody is trusted."""
    header = request.headers.get("Authorization", "")
    scheme, _, bearer = header.partition(" ")
    offered = [header, request.headers.get("X-Api-Key", ""), request.args.get("token", "")]
    if scheme.lower() == "bearer":
        offered.append(bearer)
    if request.authorization is not None and request.authorization.type == "basic":
        offered.append(request.authorization.password or "")
    return bool(token) and any(hmac.compare_digest(each.strip().encode(), token.encode()) for each in offered)


def _body() -> bytes:
    """Read the whole body; Werkzeug cuts a chunked one at its limit without a word, so ours lies one byte below."""
    request.max_content_length = MOST_BYTES + 1
    body = request.get_data(cache=False)
    if len(body) > MOST_BYTES:
        raise RequestEntityTooLarge(f"A webhook may have {MOST_BYTES} bytes.")
    return body

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
from werkzeug.exceptions import NotFound, ServiceUnavailable, Unauthorized

from flaskapp.deliveries import Deliveries
from flaskapp.sources import ALIASES, SOURCES

bp = Blueprint("webhooks", __name__)


@bp.route("/webhooks/<source>", methods=["POST", "PUT"], strict_slashes=False)
@bp.route("/webhooks/<source>/<instance>", methods=["POST", "PUT"], strict_slashes=False)
def receive(source: str, instance: str | None = None) -> ResponseReturnValue:
    """Take one webhook; Radarr and Sonarr may send PUT."""
    source = ALIASES.get(source.lower(), source.lower())
    if source not in SOURCES:
        raise NotFound(f"There is no source called {source[:40]}; there are {', '.join(SOURCES)}.")
    if not _is_trusted(current_app.extensions["settings"].webhook_token):
        raise Unauthorized("The webhook token is missing or wrong.")
    now = datetime.now(UTC)
    deliveries: Deliveries = current_app.extensions["deliveries"]
    body = request.get_data(cache=False)
    try:
        delivery_id = deliveries.keep(source, (instance or source).lower(), body, now)
    except SQLAlchemyError as error:
        current_app.logger.exception("Could not keep a webhook from %s", source)
        raise ServiceUnavailable("The webhook could not be kept; send it again.") from error
    applied = deliveries.apply(delivery_id, now)
    if applied.outcome == "rejected":
        return {"error": applied.reason}, 400
    return {"outcome": applied.outcome, "reason": applied.reason}, 200


def _is_trusted(token: str) -> bool:
    """Compare every way a sender can carry the token, in constant time."""
    header, key = request.headers.get("Authorization", ""), request.headers.get("X-Api-Key", "")
    offered = [header, header.removeprefix("Bearer "), key, request.args.get("token", "")]
    if request.authorization is not None and request.authorization.type == "basic":
        offered.append(request.authorization.password or "")
    return any(hmac.compare_digest(each.strip().encode(), token.encode()) for each in offered)

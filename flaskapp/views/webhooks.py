"""``POST /webhooks/<source>``: check the token, keep the body, apply it, answer at once.

Senders are synchronous and give up: no network call is made while one waits. They take any 3xx for success and drop
the event, so no address here ever redirects.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import NotFound, RequestEntityTooLarge, ServiceUnavailable, Unauthorized

from flaskapp.access.rates import STRANGERS
from flaskapp.access.secret import is_same
from flaskapp.access.webhook_tokens import whose_token
from flaskapp.config import Settings
from flaskapp.deliveries import Deliveries
from flaskapp.setup.proof import proof_of
from flaskapp.sources import ALIASES, SOURCES
from flaskapp.sources.values import tidy
from flaskapp.views.door import For, entrance
from flaskapp.views.pace import slow_down

bp = Blueprint("webhooks", __name__)

CHALLENGE = WWWAuthenticate("basic", {"realm": "Arrivarr webhooks"})
LONGEST_INSTANCE = LONGEST_QUESTION = 64
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
    deliveries: Deliveries = current_app.extensions["deliveries"]
    try:
        caller = _caller(source, tidy(instance)[:LONGEST_INSTANCE].lower() or source, now)
        delivery_id = deliveries.keep(source, caller, _body(), now)
    except SQLAlchemyError as error:
        current_app.logger.exception("Could not keep a webhook from %s", source)
        raise ServiceUnavailable("The webhook could not be kept; send it again.") from error
    applied = deliveries.apply(delivery_id, now)
    # Who posts one after another on one connection would not let the event loop have its turn in between.
    current_app.extensions["hub"].give_way()
    if applied.outcome == "rejected":
        return {"error": applied.reason}, 400
    return {"outcome": applied.outcome, "reason": applied.reason}, 200


@bp.get("/webhooks/proof/<question>")
@entrance(For.ANYBODY)
def prove(question: str) -> Response:
    """Prove to ourselves, at the address that services shall call, that it leads to this very board."""
    settings: Settings = current_app.extensions["settings"]
    return Response(proof_of(settings.secret_key, question[:LONGEST_QUESTION]), mimetype="text/plain")


def _caller(source: str, named: str, now: datetime) -> str:
    """Give which instance calls: its own token says so, and beside the token of all services the address does."""
    offered = [each.strip() for each in _offered()]
    token = current_app.extensions["settings"].webhook_token
    if any([is_same(each, token) for each in offered]):  # noqa: C419  # all are compared: the time tells nothing
        return named
    instance = whose_token(source, offered, now)
    if instance is None:
        current_app.extensions["signals"].refused[source] = now
        slow_down(STRANGERS)
        raise Unauthorized("The webhook token is missing or wrong.", www_authenticate=CHALLENGE)
    return instance


def _offered() -> Iterator[str]:
    """Give what may be a token, in every way a sender can carry it."""
    header = request.headers.get("Authorization", "")
    yield header
    yield request.headers.get("X-Api-Key", "")
    yield request.args.get("token", "")
    scheme, _, bearer = header.partition(" ")
    if scheme.lower() == "bearer":
        yield bearer
    if request.authorization is not None and request.authorization.type == "basic":
        yield request.authorization.password or ""


def _body() -> bytes:
    """Read the whole body; Werkzeug cuts a chunked one at its limit without a word, so ours lies one byte below."""
    request.max_content_length = MOST_BYTES + 1
    body = request.get_data(cache=False)
    if len(body) > MOST_BYTES:
        raise RequestEntityTooLarge(f"A webhook may have {MOST_BYTES} bytes.")
    return body

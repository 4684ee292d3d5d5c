"""``/keys``: what programs show to read the board, and services to call it; each secret is shown once."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotFound

from flaskapp.access.api_keys import api_keys, make_key, revoke_key
from flaskapp.access.webhook_tokens import OVERLAP, living_token, make_token, revoke_token, webhook_tokens
from flaskapp.extensions import db, writing
from flaskapp.sources import SOURCES
from flaskapp.sources.values import tidy
from flaskapp.views.door import For, entrance
from flaskapp.views.webhooks import LONGEST_INSTANCE

bp = Blueprint("keys", __name__, url_prefix="/keys")

LONGEST_NAME = 80
INSTANCE = re.compile(rf"[a-z0-9][a-z0-9._-]{{,{LONGEST_INSTANCE - 1}}}")


@bp.get("")
@entrance(For.KEEPERS)
def index() -> ResponseReturnValue:
    """Show what there is."""
    return _page()


@bp.post("")
@entrance(For.KEEPERS)
def make() -> ResponseReturnValue:
    """Make a key for a program."""
    name = tidy(request.form.get("name", ""))[:LONGEST_NAME]
    if not name:
        raise BadRequest("A key needs a name, by which you know it again.")
    with writing() as session:
        key = make_key(session, name, datetime.now(UTC), may_change=request.form.get("may") == "change")
    return _page(made_key=key, made_for=name)


@bp.post("/<int:key_id>/revoke")
@entrance(For.KEEPERS)
def revoke(key_id: int) -> ResponseReturnValue:
    """Let a key count no more; streams that it opened end at once."""
    now = datetime.now(UTC)
    with writing() as session:
        api_key = revoke_key(session, key_id, now)
        if api_key is None:
            raise NotFound("There is no such key.")
        flash(f"The key of {api_key.name} counts no more.", "done")
    current_app.extensions["open_streams"].check(now)
    return _back()


@bp.post("/webhooks")
@entrance(For.KEEPERS)
def make_for_service() -> ResponseReturnValue:
    """Make a token for a service, or for one of several instances of it."""
    source = request.form.get("source", "")
    if source not in SOURCES:
        raise BadRequest(f"A webhook token is for one of {', '.join(SOURCES)}.")
    instance = request.form.get("instance", "").strip().lower() or source
    if not INSTANCE.fullmatch(instance):
        raise BadRequest("An instance has a short name of letters, digits, dots and dashes, such as 4k.")
    return _made(source, instance)


@bp.post("/webhooks/<int:token_id>/rotate")
@entrance(For.KEEPERS)
def rotate(token_id: int) -> ResponseReturnValue:
    """Make the successor of a token; the old one stays valid for a while."""
    token = living_token(db.session(), token_id, datetime.now(UTC))
    if token is None:
        raise NotFound("There is no such webhook token.")
    return _made(token.source, token.instance)


@bp.post("/webhooks/<int:token_id>/revoke")
@entrance(For.KEEPERS)
def end(token_id: int) -> ResponseReturnValue:
    """Let a token of a service count no more."""
    with writing() as session:
        if revoke_token(session, token_id, datetime.now(UTC)) is None:
            raise NotFound("There is no such webhook token.")
    flash("The token counts no more.", "done")
    return _back()


def _made(source: str, instance: str) -> ResponseReturnValue:
    db.session.rollback()  # nobody writes while holding a reading transaction
    with writing() as session:
        token = make_token(session, source, instance, datetime.now(UTC))
    path = source if instance == source else f"{source}/{instance}"
    address = f"{request.url_root.rstrip('/')}/webhooks/{path}"
    return _page(made_token=token, made_address=address, made_source=source, made_instance=instance)


def _page(**made: str) -> ResponseReturnValue:
    now = datetime.now(UTC)
    return render_template(
        "keys.html",
        api_keys=api_keys(db.session()),
        tokens=webhook_tokens(db.session(), now),
        overlap=OVERLAP.days,
        sources=list(SOURCES),
        root=request.url_root.rstrip("/"),
        **made,
    )


def _back() -> ResponseReturnValue:
    return redirect(url_for("keys.index", _external=False), code=303)

"""``/sign-in/oidc``: to the provider, and back from it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from flask import Blueprint, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from flaskapp.access.accounts import account_of
from flaskapp.access.oidc import Attempt, OpenIDSignIn, SignInError
from flaskapp.access.secret import is_same
from flaskapp.clients.http import ClientError
from flaskapp.config import Settings
from flaskapp.views.door import For, entrance
from flaskapp.views.own_path import own_path
from flaskapp.views.sign_in import let_in, page

bp = Blueprint("oidc", __name__)

ATTEMPTS = "attempts"
"""Where the signed cookie keeps what belongs to sign-ins that were begun: one for each tab."""
MOST, ONWARD = 3, "onward"


@bp.get("/sign-in/oidc")
@entrance(For.ANYBODY)
def begin() -> ResponseReturnValue:
    """Send somebody to the provider."""
    onward = own_path(request.args.get("next"))
    try:
        address, attempt = _sign_in().begin(_here_again(), datetime.now(UTC))
    except ClientError as error:
        return page(onward, failure=str(error)), 502
    session[ATTEMPTS] = [*session.get(ATTEMPTS, []), {**asdict(attempt), ONWARD: onward}][-MOST:]
    return redirect(address, code=303)


@bp.get("/sign-in/oidc/callback")
@entrance(For.ANYBODY)
def come_back() -> ResponseReturnValue:
    """Let in whoever the provider vouches for; what was begun here can be finished once."""
    now = datetime.now(UTC)
    attempt, onward = _take(request.args.get("state", ""))
    try:
        identity = _sign_in().finish(attempt, request.args, now)
    except SignInError as error:
        return page(onward, failure=str(error)), 403
    except ClientError as error:
        return page(onward, failure=str(error)), 502
    user_id = account_of(identity, now)
    if user_id is None:
        return page(onward, failure="Your account may not come in here. An admin of this board can change that."), 403
    let_in(user_id, now)
    return redirect(onward, code=303)


def _here_again() -> str:
    """Give the address of ``come_back`` as this browser reaches it."""
    return f"{request.host_url.rstrip('/')}{url_for('oidc.come_back', _external=False)}"


def _take(state: str) -> tuple[Attempt | None, str]:
    """Give what this browser began under a state, and where to go on; it is forgotten with that."""
    attempts = session.get(ATTEMPTS, [])
    found = next((kept for kept in attempts if is_same(state, kept["state"])), None)
    if found is None:
        return None, own_path(None)
    session[ATTEMPTS] = [kept for kept in attempts if kept is not found]
    return Attempt(**{name: value for name, value in found.items() if name != ONWARD}), own_path(found[ONWARD])


def _sign_in() -> OpenIDSignIn:
    settings: Settings = current_app.extensions["settings"]
    if settings.auth != "oidc":
        raise NotFound("Nobody signs in this way here.")
    return OpenIDSignIn(settings)

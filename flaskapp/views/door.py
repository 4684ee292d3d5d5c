"""Every address says whom it is for; who is not let in learns nothing else.

A view without such a word stops the start, so none is open by mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum, auto
from typing import TypeVar

from flask import Flask, current_app, g, request, session
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import BadRequest, Forbidden, Unauthorized

from flaskapp.access import proxy
from flaskapp.access.accounts import account_of
from flaskapp.access.gate import Gate
from flaskapp.config import Settings
from flaskapp.domain.viewer import ANYONE, Viewer
from flaskapp.views.own_name import is_called_by_another, refuse_others

View = TypeVar("View", bound=Callable[..., object])

SAFE = ("GET", "HEAD", "OPTIONS")
SHOWN = "shown"
"""Where the signed cookie of a browser keeps the token of its session."""

csrf = CSRFProtect()


class For(Enum):
    """Whom an address is for."""

    ANYBODY = auto()
    """Nothing there belongs to the household, or only who was given the address knows it."""
    SERVICES = auto()
    """They show a webhook token, for which the view asks itself; no browser comes here."""
    GUESTS = auto()
    """Whoever has a private link, for which the view asks itself."""
    PEOPLE = auto()
    """Whoever is signed in, and programs with a key; each sees what is theirs."""
    ADMINS = auto()
    """Also programs whose key may change things."""
    KEEPERS = auto()
    """Admins themselves: a stolen key must not make people or other keys, which would outlive it."""


_entrances: dict[object, For] = {}


def entrance(whom: For) -> Callable[[View], View]:
    """Say whom a view is for."""

    def mark(view: View) -> View:
        _entrances[view] = whom
        return view

    return mark


def whom_for(app: Flask, endpoint: str) -> For | None:
    """Say whom an address is for, None when nobody said so."""
    return For.ANYBODY if endpoint == "static" else _entrances.get(app.view_functions[endpoint])


def register(app: Flask) -> None:
    """Guard every address of an app whose views are all there."""
    csrf.init_app(app)
    unmarked = [endpoint for endpoint in app.view_functions if whom_for(app, endpoint) is None]
    if unmarked:
        raise RuntimeError(f"Nobody says whom these are for: {', '.join(unmarked)}.")
    app.before_request(_guard)
    app.jinja_env.globals["viewer"] = viewer


def viewer() -> Viewer | None:
    """Give who asks; None for a stranger."""
    if "viewer" not in g:
        g.viewer = None  # an error page asks again, and must be drawn also when the database does not answer
        g.viewer = _identify(current_app.extensions["gate"])
    found: Viewer | None = g.viewer
    return found


def known_viewer() -> Viewer:
    """Give who asks, at an address that is not for strangers."""
    found = viewer()
    if found is None:
        raise Unauthorized("Sign in first.")
    return found


def _identify(gate: Gate) -> Viewer | None:
    now = datetime.now(UTC)
    key = request.headers.get("X-Api-Key")
    if key is not None:
        return gate.by_key(key, now)
    settings: Settings = current_app.extensions["settings"]
    if gate.is_open:
        return None if is_called_by_another(settings) else ANYONE
    if settings.auth == "proxy":
        return _vouched_for(settings, gate, now)
    token = session.get(SHOWN)
    return gate.by_session(token, now) if isinstance(token, str) else None


def _vouched_for(settings: Settings, gate: Gate, now: datetime) -> Viewer | None:
    """Let in whom the proxy names at this very call; no cookie counts beside its word."""
    identity = proxy.identify(settings, request.headers.get)
    user_id = None if identity is None else account_of(identity, now)
    return None if user_id is None else gate.by_user(user_id)


def _guard() -> None:
    if request.endpoint is None:
        return  # there is no such address
    whom, is_safe = whom_for(current_app, request.endpoint), request.method in SAFE
    if whom in (For.PEOPLE, For.ADMINS, For.KEEPERS):
        refuse_others(current_app.extensions["settings"])
        _let_in(known_viewer(), whom, is_safe=is_safe)
    if not is_safe and whom is not For.SERVICES and "X-Api-Key" not in request.headers:
        _expect_our_form()


def _let_in(found: Viewer, whom: For, *, is_safe: bool) -> None:
    if not found.is_admin and (whom is not For.PEOPLE or not (is_safe or found.user_id)):
        raise Forbidden("This is for admins. One of them can do it for you, or make you one.")
    if whom is For.KEEPERS and found.api_key_id is not None:
        raise Forbidden("This is for admins themselves, and for no program.")


def _expect_our_form() -> None:
    """Refuse what a page of another site sends: only ours know the token that belongs to the cookie."""
    try:
        csrf.protect()
    except CSRFError:
        raise BadRequest("This form is too old. Go back, load the page anew and send it again.") from None

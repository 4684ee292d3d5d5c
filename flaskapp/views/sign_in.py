"""``/sign-in`` and ``/sign-out``: how a browser becomes somebody's, and nobody's again."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from flaskapp.access import jellyfin
from flaskapp.access.browser_sessions import close_session, drop_old, open_session
from flaskapp.access.open_streams import OpenStreams
from flaskapp.access.people import by_password, has_admin, spelled
from flaskapp.access.throttle import Throttle, TooSoonError
from flaskapp.clients.http import ClientError
from flaskapp.config import Settings
from flaskapp.domain.provider import Provider
from flaskapp.extensions import db, writing
from flaskapp.models import User
from flaskapp.views.door import SHOWN, For, entrance, viewer
from flaskapp.views.own_path import own_path

bp = Blueprint("sign_in", __name__)

WITH_PASSWORDS = ("local", "jellyfin")


@bp.get("/sign-in")
@entrance(For.ANYBODY)
def show() -> ResponseReturnValue:
    """Ask who it is; who is known already goes on."""
    onward = own_path(request.args.get("next"))
    if viewer() is not None or _settings().auth == "none":
        return redirect(onward, code=303)
    if is_first_visit():
        return redirect(url_for("join.show", _external=False), code=303)
    return page(onward)


@bp.post("/sign-in")
@entrance(For.ANYBODY)
def enter() -> ResponseReturnValue:
    """Let in whoever knows a name and its password; every failure is answered alike."""
    if _settings().auth not in WITH_PASSWORDS:
        raise NotFound("Nobody signs in with a password here.")
    now = datetime.now(UTC)
    onward, name = own_path(request.form.get("next")), request.form.get("name", "")
    try:
        user_id = find_by_password(name, request.form.get("password", ""), now)
    except TooSoonError as error:
        return page(onward, name, str(error)), 429, {"Retry-After": str(error.retry_after)}
    except ClientError as error:
        return page(onward, name, str(error)), 502
    if user_id is None:
        return page(onward, name, "The name or the password is not right."), 401
    let_in(user_id, now)
    return redirect(onward, code=303)


@bp.post("/sign-out")
@entrance(For.ANYBODY)
def leave() -> ResponseReturnValue:
    """Sign this browser out; its streams end at once."""
    let_out(datetime.now(UTC))
    response = redirect(url_for("sign_in.show", _external=False), code=303)
    if (
        not _settings().base_path
    ):  # under a path the rest of the origin is somebody else's; our worker forgets by itself
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def is_first_visit() -> bool:
    """Tell whether accounts of this board have no admin yet, so that nobody can sign in."""
    if _settings().auth != "local":
        return False
    with Session(db.engine) as reading:
        return not has_admin(reading, Provider.LOCAL)


def find_by_password(name: str, password: str, now: datetime) -> int | None:
    """Give the number of whoever has this name and password; raises TooSoonError while guessing is slowed down.

    A ``ClientError`` says that Jellyfin, which is asked with ``AUTH=jellyfin``, could not say anything.
    """
    throttle: Throttle = current_app.extensions["throttle"]
    throttle.check(spelled(name), request.remote_addr, now)
    try:
        user_id = _judge(name, password, now)
    except ClientError:
        throttle.take_back(spelled(name), request.remote_addr)
        raise
    if user_id is not None:
        throttle.worked(spelled(name), request.remote_addr)
    return user_id


def _judge(name: str, password: str, now: datetime) -> int | None:
    settings = _settings()
    if settings.auth == "jellyfin":
        return jellyfin.account_by_password(settings.jellyfin_url, name, password, now)
    return by_password(name, password)


def let_in(user_id: int, now: datetime) -> None:
    """Make the browser at hand somebody's. Its token is new, and whoever was signed in there before is not any more."""
    let_out(now)
    with writing() as writer:
        drop_old(writer, now)
        user = writer.get_one(User, user_id)
        token = open_session(writer, user, now, request.remote_addr, request.user_agent.string)
    session[SHOWN], session.permanent = token, True


def let_out(now: datetime) -> None:
    """Make the browser at hand nobody's, and forget all that its cookie says."""
    found = viewer()
    if found is not None and found.user_id is not None and found.browser_session_id is not None:
        with writing() as writer:
            close_session(writer, found.user_id, found.browser_session_id)
        open_streams: OpenStreams = current_app.extensions["open_streams"]
        open_streams.check(now)
    session.clear()
    g.pop("viewer", None)


def page(onward: str, name: str = "", failure: str = "") -> str:
    """Draw the page that asks who it is, with what was typed and why that did not do."""
    return render_template("access/sign_in.html", auth=_settings().auth, onward=onward, name=name, failure=failure)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings

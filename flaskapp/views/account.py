"""``/account``: where somebody is signed in, and their password."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from flaskapp.access.browser_sessions import close_all, close_session, sessions_of
from flaskapp.access.open_streams import OpenStreams
from flaskapp.access.password import WeakPasswordError, hash_password, refuse_weak
from flaskapp.access.people import set_password
from flaskapp.access.throttle import TooSoonError
from flaskapp.config import Settings
from flaskapp.domain.provider import Provider
from flaskapp.extensions import db, writing
from flaskapp.models import User
from flaskapp.views.browsers import browser_name
from flaskapp.views.door import For, entrance, known_viewer
from flaskapp.views.sign_in import find_by_password, let_in, let_out

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
@entrance(For.PEOPLE)
def show() -> ResponseReturnValue:
    """Show the page."""
    settings: Settings = current_app.extensions["settings"]
    now = datetime.now(UTC)
    with Session(db.engine) as reading:
        user = _user(reading)
        return render_template(
            "access/account.html",
            user=user,
            browsers=[(browser_name(each.user_agent), each) for each in sessions_of(reading, user.id, now)],
            has_password=_has_password(user),
            sees_all=user.is_admin or settings.people_see == "all",
        )


@bp.post("/password")
@entrance(For.PEOPLE)
def change_password() -> ResponseReturnValue:
    """Take another password from who knows the old one; all other browsers are signed out."""
    now = datetime.now(UTC)
    with Session(db.engine) as reading:
        user = _user(reading)
    if not _has_password(user):
        raise NotFound("Your password is not kept here.")
    failure = _change_password(user, now)
    if failure is not None:
        flash(failure, "failed")
    else:
        flash("The password is changed, and every other browser is signed out.", "done")
    return redirect(url_for("account.show", _external=False), code=303)


@bp.post("/sessions/<int:browser_session_id>/end")
@entrance(For.PEOPLE)
def end(browser_session_id: int) -> ResponseReturnValue:
    """Sign out one browser; what it has open ends at once."""
    found = known_viewer()
    if found.browser_session_id == browser_session_id:
        return _leave()
    with writing() as session:
        close_session(session, _user(session).id, browser_session_id)
    _check_streams()
    flash("That browser is signed out.", "done")
    return redirect(url_for("account.show", _external=False), code=303)


@bp.post("/sessions/end")
@entrance(For.PEOPLE)
def end_all() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    with writing() as session:
        close_all(session, _user(session).id)
    _check_streams()
    return _leave()


def _change_password(user: User, now: datetime) -> str | None:
    """Change it, or give the sentence that says why not."""
    new = request.form.get("new", "")
    try:
        refuse_weak(new, user.name)
        if find_by_password(user.subject, request.form.get("password", ""), now) != user.id:
            return "The old password is not right."
    except (WeakPasswordError, TooSoonError) as error:
        return str(error)
    password_hash = hash_password(new)
    with writing() as session:
        set_password(session, session.get_one(User, user.id), password_hash)
    let_in(user.id, now)
    _check_streams()
    return None


def _has_password(user: User) -> bool:
    settings: Settings = current_app.extensions["settings"]
    return settings.auth == "local" and user.provider is Provider.LOCAL


def _user(session: Session) -> User:
    user_id = known_viewer().user_id
    user = None if user_id is None else session.get(User, user_id)
    if user is None:
        raise NotFound("There is no account here: only people who signed in have one.")
    return user


def _leave() -> ResponseReturnValue:
    let_out(datetime.now(UTC))
    return redirect(url_for("sign_in.show", _external=False), code=303)


def _check_streams() -> None:
    open_streams: OpenStreams = current_app.extensions["open_streams"]
    open_streams.check(datetime.now(UTC))

"""``/people``: who may come in, what they may do, and who they are in Seerr. For admins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from flaskapp.access import people
from flaskapp.access.browser_sessions import close_all
from flaskapp.access.invitations import VALID_FOR, invite
from flaskapp.access.open_streams import OpenStreams
from flaskapp.access.people import PeopleError
from flaskapp.config import Settings
from flaskapp.extensions import db, writing
from flaskapp.models import User
from flaskapp.views.door import For, entrance

bp = Blueprint("people", __name__, url_prefix="/people")

MOST_DIGITS = 18
Change = Callable[[Session, User, datetime], str]
"""Change somebody, and say in a sentence what is different now."""


@dataclass(frozen=True)
class Invitation:
    """Whom to give an address that is shown this once."""

    name: str
    address: str


@bp.get("")
@entrance(For.KEEPERS)
def index() -> ResponseReturnValue:
    """Show everybody."""
    return _page(None)


@bp.post("")
@entrance(For.KEEPERS)
def add() -> ResponseReturnValue:
    """Let somebody have an account, and show the address where they choose a password."""
    if _settings().auth != "local":
        raise NotFound("People have their accounts elsewhere.")
    return _invite(lambda session, now: people.add(session, request.form.get("name", ""), now))


@bp.post("/<int:user_id>/invite")
@entrance(For.KEEPERS)
def invite_again(user_id: int) -> ResponseReturnValue:
    """Show an address where somebody chooses a password anew."""
    return _invite(lambda session, _now: _find(session, user_id))


@bp.post("/<int:user_id>/admin")
@entrance(For.KEEPERS)
def set_admin(user_id: int) -> ResponseReturnValue:
    """Let somebody be an admin, or no more."""
    if _decided_elsewhere():
        raise NotFound("Who is an admin is decided where people have their accounts.")
    is_admin = request.form.get("is_admin") == "yes"

    def change(session: Session, user: User, _now: datetime) -> str:
        people.set_admin(session, user, is_admin=is_admin)
        return f"{user.name} is {'an admin now' if is_admin else 'no admin any more'}."

    return _change(user_id, change)


@bp.post("/<int:user_id>/requester")
@entrance(For.KEEPERS)
def set_requester(user_id: int) -> ResponseReturnValue:
    """Say who somebody is in Seerr."""
    number = request.form.get("requester", "")

    def change(session: Session, user: User, _now: datetime) -> str:
        people.set_requester(session, user, int(number) if number.isdecimal() and len(number) < MOST_DIGITS else None)
        return f"It is noted who {user.name} is in Seerr."

    return _change(user_id, change)


@bp.post("/<int:user_id>/bar")
@entrance(For.KEEPERS)
def bar(user_id: int) -> ResponseReturnValue:
    """Let somebody in no more."""

    def change(session: Session, user: User, now: datetime) -> str:
        people.bar(session, user, now)
        return f"{user.name} is signed out and can't come in any more."

    return _change(user_id, change)


@bp.post("/<int:user_id>/admit")
@entrance(For.KEEPERS)
def admit(user_id: int) -> ResponseReturnValue:
    """Let somebody in again."""

    def change(session: Session, user: User, _now: datetime) -> str:
        people.admit(session, user)
        return f"{user.name} can come in again."

    return _change(user_id, change)


@bp.post("/<int:user_id>/remove")
@entrance(For.KEEPERS)
def remove(user_id: int) -> ResponseReturnValue:
    """Forget somebody."""

    def change(session: Session, user: User, _now: datetime) -> str:
        people.remove(session, user)
        return f"{user.name} is removed."

    return _change(user_id, change)


@bp.post("/<int:user_id>/end-sessions")
@entrance(For.KEEPERS)
def end_sessions(user_id: int) -> ResponseReturnValue:
    """Sign somebody out everywhere."""

    def change(session: Session, user: User, _now: datetime) -> str:
        close_all(session, user.id)
        return f"{user.name} is signed out everywhere."

    return _change(user_id, change)


def _invite(whom: Callable[[Session, datetime], User]) -> ResponseReturnValue:
    now = datetime.now(UTC)
    try:
        with writing() as session:
            user = whom(session, now)
            name, code = user.name, invite(session, user, now)
    except PeopleError as error:
        return _back(str(error), "failed")
    address = url_for("join.show", code=code, _external=False)
    return _page(Invitation(name, f"{request.host_url.rstrip('/')}{address}"))


def _change(user_id: int, change: Change) -> ResponseReturnValue:
    now = datetime.now(UTC)
    try:
        with writing() as session:
            sentence = change(session, _find(session, user_id), now)
    except PeopleError as error:
        return _back(str(error), "failed")
    open_streams: OpenStreams = current_app.extensions["open_streams"]
    open_streams.check(now)
    return _back(sentence, "done")


def _find(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFound("There is nobody of that number.")
    return user


def _back(sentence: str, category: str) -> ResponseReturnValue:
    flash(sentence, category)
    return redirect(url_for("people.index", _external=False), code=303)


def _page(invitation: Invitation | None) -> ResponseReturnValue:
    settings = _settings()
    if settings.auth == "none":
        raise NotFound("Nobody has to sign in here, so there are no people to manage.")
    with Session(db.engine) as reading:
        return render_template(
            "access/people.html",
            people=people.everybody(reading, datetime.now(UTC)),
            requesters=people.requesters(reading),
            invitation=invitation,
            days=VALID_FOR.days,
            auth=settings.auth,
            is_decided_elsewhere=_decided_elsewhere(),
            sees_all=settings.people_see == "all",
        )


def _decided_elsewhere() -> bool:
    """Tell whether a provider says who is an admin, anew at each sign-in."""
    settings = _settings()
    return settings.auth == "jellyfin" or (settings.auth != "local" and bool(settings.admin_group))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings

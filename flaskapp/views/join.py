"""``/join``: the first visit makes the first admin, and an invitation lets somebody choose a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound, Unauthorized

from flaskapp.access.first_visit import WITH_A_CODE, is_first_code, make_first_admin
from flaskapp.access.invitations import accept, find_invited
from flaskapp.access.open_streams import OpenStreams
from flaskapp.access.password import WeakPasswordError, hash_password, refuse_weak
from flaskapp.access.people import PeopleError, add, has_admin, set_password
from flaskapp.config import Settings
from flaskapp.domain.provider import Provider
from flaskapp.extensions import db, writing
from flaskapp.models import User
from flaskapp.upstreams import Upstreams
from flaskapp.views.door import For, entrance, viewer
from flaskapp.views.sign_in import let_in

bp = Blueprint("join", __name__)

NO_CODE = "This code is not good, or not any more."


class Kind(StrEnum):
    """What a code can do here and now."""

    FIRST = "first"
    """Make the first account, which is an admin's."""
    PROMOTE = "promote"
    """Make the first admin of somebody for whom a provider vouches."""
    INVITED = "invited"
    """Let somebody who was invited choose a password."""
    NONE = "none"


@dataclass(frozen=True)
class Welcome:
    """What a visitor finds, and the name of whoever was invited."""

    kind: Kind
    name: str = ""


@bp.get("/join")
@entrance(For.ANYBODY)
def show() -> ResponseReturnValue:
    """Greet whoever comes with a code, or was sent here because there is nobody yet."""
    return _page(_welcome(request.args.get("code", ""), datetime.now(UTC)))


@bp.post("/join")
@entrance(For.ANYBODY)
def enter() -> ResponseReturnValue:
    """Use the code up and let its owner in."""
    now = datetime.now(UTC)
    welcome = _welcome(request.form.get("code", ""), now)
    try:
        user_id = USES[welcome.kind](welcome, now)
    except (PeopleError, WeakPasswordError) as error:
        return _page(welcome, str(error)), 400
    open_streams: OpenStreams = current_app.extensions["open_streams"]
    open_streams.check(now)
    if welcome.kind is not Kind.PROMOTE:
        let_in(user_id, now)
    upstreams: Upstreams = current_app.extensions["upstreams"]
    is_first = welcome.kind in (Kind.FIRST, Kind.PROMOTE) and not upstreams.now()
    return redirect(url_for("setup.index" if is_first else "board.index", _external=False), code=303)


def _welcome(code: str, now: datetime) -> Welcome:
    provider = _provider()
    with Session(db.engine) as reading:
        invited = find_invited(reading, code, now) if provider is Provider.LOCAL else None
        if invited is not None:
            return Welcome(Kind.INVITED, invited.name)
        if has_admin(reading, provider):
            return Welcome(Kind.NONE)
    if provider is Provider.LOCAL:
        return Welcome(Kind.FIRST)
    if viewer() is None:
        raise Unauthorized("Sign in first.")
    return Welcome(Kind.PROMOTE)


def _begin(_: Welcome, now: datetime) -> int:
    code, name = request.form.get("code", ""), request.form.get("name", "")
    with Session(db.engine) as reading:
        _refuse_unless(is_first_code(reading, code, Provider.LOCAL))
    password_hash = _chosen(name)
    with writing() as session:
        _refuse_unless(is_first_code(session, code, Provider.LOCAL))  # somebody may have been faster
        user = add(session, name, now)
        set_password(session, user, password_hash)
        make_first_admin(session, user)
        return user.id


def _promote(_: Welcome, _now: datetime) -> int:
    found = viewer()
    with writing() as session:
        _refuse_unless(is_first_code(session, request.form.get("code", ""), _provider()))
        if found is None or found.user_id is None:
            raise PeopleError("Only somebody who is signed in can become an admin.")
        make_first_admin(session, session.get_one(User, found.user_id))
        return found.user_id


def _accept(welcome: Welcome, now: datetime) -> int:
    password_hash = _chosen(welcome.name)
    with writing() as session:
        user = accept(session, request.form.get("code", ""), password_hash, now)
        if user is None:
            raise PeopleError(NO_CODE)
        return user.id


def _refuse(_: Welcome, _now: datetime) -> int:
    raise PeopleError(NO_CODE)


USES = {Kind.FIRST: _begin, Kind.PROMOTE: _promote, Kind.INVITED: _accept, Kind.NONE: _refuse}


def _chosen(name: str) -> str:
    password = request.form.get("password", "")
    refuse_weak(password, name)
    return hash_password(password)


def _refuse_unless(is_good: bool) -> None:  # noqa: FBT001  # the condition is all there is to say
    if not is_good:
        raise PeopleError(NO_CODE)


def _provider() -> Provider:
    settings: Settings = current_app.extensions["settings"]
    if settings.auth not in WITH_A_CODE:
        raise NotFound("Nobody needs a code here.")
    return Provider(settings.auth)


def _page(welcome: Welcome, failure: str = "") -> str:
    code, name = request.values.get("code", ""), request.form.get("name", "")
    return render_template("access/join.html", welcome=welcome, code=code, name=name, failure=failure)

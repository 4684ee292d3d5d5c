"""``/setup``: the first minute. Which services are there, what comes next, and at which address they reach us."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Conflict

from flaskapp.config import Settings
from flaskapp.extensions import db
from flaskapp.setup.callback import CallbackError, check, guess
from flaskapp.setup.identity import LABELS
from flaskapp.upstreams import ORDER, Upstreams
from flaskapp.views.door import For, entrance
from flaskapp.views.standing import Standing, standings

bp = Blueprint("setup", __name__, url_prefix="/setup")

LONGEST = 500
"""Letters of what somebody types."""


@dataclass(frozen=True)
class Step:
    """All services of one source."""

    source: str
    label: str
    standings: list[Standing]


@bp.get("")
@entrance(For.KEEPERS)
def index() -> ResponseReturnValue:
    """Show how far everything has come."""
    return _page()


@bp.post("/address")
@entrance(For.KEEPERS)
def say_address() -> ResponseReturnValue:
    """Keep the address at which services reach us, if this very board answers there."""
    settings: Settings = current_app.extensions["settings"]
    upstreams: Upstreams = current_app.extensions["upstreams"]
    if settings.callback_url:
        raise Conflict("CALLBACK_URL says this address. Change it there and start again.")
    typed = (request.form.get("instead") or request.form.get("address", ""))[:LONGEST]
    before = upstreams.callback_url
    db.session.rollback()  # we ask ourselves, and no transaction may be open meanwhile
    try:
        address = check(typed)
    except CallbackError as error:
        return _page(typed, error), 400
    upstreams.say_callback_url(address)
    if before and before != address and upstreams.now():
        flash("Kept. Services that call the old address: open each below and let it call this one.", "done")
    else:
        flash("This board answers there.", "done")
    return redirect(url_for("setup.index", _external=False), code=303)


def steps() -> list[Step]:
    """Give the services in the order in which people think of them."""
    upstreams: Upstreams = current_app.extensions["upstreams"]
    every = standings(upstreams.now())
    return [
        Step(source, LABELS[source], [each for each in every if each.upstream.source == source]) for source in ORDER
    ]


def next_source(every: list[Step], after: str = "") -> Step | None:
    """Give the step that comes next: the first without a service, looked for behind another one first."""
    order = [step.source for step in every]
    begin = order.index(after) + 1 if after else 0
    return next((step for step in every[begin:] + every[:begin] if not step.standings and step.source != after), None)


def _page(typed: str | None = None, failure: CallbackError | None = None) -> str:
    settings: Settings = current_app.extensions["settings"]
    upstreams: Upstreams = current_app.extensions["upstreams"]
    every, address = steps(), upstreams.callback_url
    return render_template(
        "setup/index.html",
        steps=every,
        next=next_source(every),
        address=address,
        is_locked=bool(settings.callback_url),
        is_private=settings.is_private,
        typed=typed if typed is not None else address or guess(request.url_root),
        failure=failure,
    )

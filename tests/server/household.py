"""The quick app with Alice, Bob and Eve: lets them in without a password, and lets happen what a test decides."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import request, session
from sqlalchemy import select

from flaskapp.access.browser_sessions import close_all, open_session
from flaskapp.access.links import make_link
from flaskapp.access.seal import Seal
from flaskapp.extensions import writing
from flaskapp.models import Link, User
from flaskapp.views.door import SHOWN, For, entrance
from tests import household
from tests.server.quick import app, hub


@app.post("/household/people")
@entrance(For.SERVICES)
def people() -> dict[str, int]:
    """Give them accounts."""
    return household.admit(app)


@app.post("/household/enter/<name>")
@entrance(For.SERVICES)
def enter(name: str) -> str:
    """Sign somebody in."""
    with writing() as writer:
        user = writer.scalars(select(User).where(User.name == name)).one()
        session[SHOWN] = open_session(writer, user, datetime.now(UTC), None, None)
    return ""


@app.post("/household/shut-out/<name>")
@entrance(For.SERVICES)
def shut_out(name: str) -> str:
    """Sign somebody out everywhere."""
    with writing() as writer:
        close_all(writer, writer.scalars(select(User.id).where(User.name == name)).one())
    app.extensions["open_streams"].check(datetime.now(UTC))
    return ""


@app.post("/household/links/<int:number>")
@entrance(For.SERVICES)
def link(number: int) -> dict[str, str | None]:
    """Make a private link of a request of Seerr; give its token."""
    seal: Seal = app.extensions["seal"]
    request_id = household.id_of(number)
    with writing() as writer:
        make_link(writer, seal, request_id, None, datetime.now(UTC))
        writer.flush()
        sealed = writer.scalars(select(Link.sealed_token).filter_by(media_request_id=request_id)).one()
    return {"token": seal.unseal(sealed)}


@app.post("/household/live")
@entrance(For.SERVICES)
def live() -> dict[str, int]:
    """Let these things happen; say how many events came of all so far."""
    steps: list[Any] = request.get_json()
    for step in steps:
        household.perform(app, [step])
        hub.give_way()
    return {"events": hub.meter.events, "head": hub.head}


@app.get("/household/numbers")
def numbers() -> list[list[int]]:
    """Give our number and Seerr's of each request."""
    return [[ours, theirs] for ours, theirs in household.numbers(app).items()]

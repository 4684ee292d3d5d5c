"""Streams that something between a browser and us holds back: browsers notice, and say so here."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from flaskapp.signals import Signals
from flaskapp.views.door import For, entrance

bp = Blueprint("held", __name__)

LONGEST = 80


@bp.post("/services/stream")
@entrance(For.PEOPLE)
def tell() -> ResponseReturnValue:
    """Take a browser's word on whether the stream reaches it."""
    signals: Signals = current_app.extensions["signals"]
    streams = signals.held_streams
    if request.form.get("held") == "yes":
        proxy = request.headers.get("Via") or request.form.get("proxy", "")
        streams.note(_address(), "" if proxy.startswith("gunicorn") else proxy[:LONGEST], datetime.now(UTC))
    else:
        streams.forget(_address(), datetime.now(UTC))
    return "", 204


def _address() -> str:
    """Name the browser as its proxy does; anybody could, and nothing but a line on a page comes of it."""
    return request.headers.get("X-Forwarded-For", request.remote_addr or "").partition(",")[0].strip()[:LONGEST]

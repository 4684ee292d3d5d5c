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
    streams, address = signals.held_streams, request.remote_addr or ""
    if request.form.get("held") == "yes":
        proxy = request.headers.get("Via") or request.form.get("proxy", "")
        streams.note(address, "" if proxy.startswith("gunicorn") else proxy[:LONGEST], datetime.now(UTC))
    else:
        streams.forget(address, datetime.now(UTC))
    return "", 204

"""The app, telling with each answer which of its processes gave it, and what that one knows."""

from __future__ import annotations

import os
from typing import Any

from flask import Response
from sqlalchemy import text

from flaskapp import create_app
from flaskapp.extensions import db

app = create_app()
app.config["WTF_CSRF_METHODS"] = []  # forms are posted here without having been loaded
hub = app.extensions["hub"]
hub.heartbeat = 0.5


@app.after_request
def sign(response: Response) -> Response:
    """Name the process."""
    response.headers["X-Worker"] = str(os.getpid())
    return response


@app.get("/known")
def known() -> dict[str, Any]:
    """Tell what this process knows."""
    signals = app.extensions["signals"]
    return {
        "head": hub.head,
        "is_asking": signals.is_asking,
        "is_watched": signals.watched(),
        "contacts": {name: str(contact.last_contact_at) for name, contact in signals.contacts.items()},
        "called": sorted(signals.called),
    }


@app.get("/slow")
def slow() -> str:
    """Ask the database something that takes it two seconds."""
    db.session.execute(text("SELECT pg_sleep(2)"))
    return ""

"""A card that waits for a made-up reason."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import update

from flaskapp.extensions import writing
from flaskapp.models import MediaRequest

Trouble = dict[str, Any]
STALLED: Trouble = {
    "kind": "stalled",
    "sentence": "Nobody sends any data right now. It goes on by itself when somebody does.",
    "since": "2026-03-14T12:00:00Z",
    "who": "nobody",
    "until": None,
    "items": [],
    "messages": [],
}
BLOCKED = STALLED | {
    "kind": "import_blocked",
    "sentence": "Downloaded, but Radarr can't import it by itself.",
    "who": "admin",
    "messages": ["Not an upgrade for existing files.", "<b>Campione</b> trovato"],
}
DELAYED = STALLED | {
    "kind": "delayed",
    "sentence": "A release is found. Radarr waits a little, in case a better one appears.",
    "until": "2026-03-14T18:00:00+00:00",
}
UNRELEASED = STALLED | {
    "kind": "not_released",
    "sentence": "Not released yet: expected on 24 December 2026.",
    "who": "release_date",
    "until": "2026-12-24T00:00:00+00:00",
}


def give(app: Flask, trouble: Trouble | None, request_id: int = 1, **columns: Any) -> None:
    """Let a request wait for this reason, whatever the rules would say."""
    with app.app_context(), writing() as session:
        session.execute(update(MediaRequest).filter_by(id=request_id).values(trouble=trouble, **columns))

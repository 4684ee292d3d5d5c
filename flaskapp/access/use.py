"""When something that opens a door was last used: noted once an hour, for not every call is worth a transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from flaskapp.extensions import writing
from flaskapp.models import ApiKey, Link, WebhookToken

STEP = timedelta(hours=1)
"""So often a use is noted at most."""


def is_worth_noting(last: datetime | None, now: datetime) -> bool:
    """Tell whether what was noted last is old by now."""
    return last is None or now - last >= STEP


def note_use(used: ApiKey | Link | WebhookToken, now: datetime) -> None:
    """Note it if the last note is old. Call it after the reading that found the row."""
    column = "opened_at" if isinstance(used, Link) else "used_at"
    if is_worth_noting(getattr(used, column), now):
        with writing() as session:
            setattr(session.get_one(type(used), used.id), column, now)

"""Keys with which programs read the board, or also change it. Each is shown once, where it is made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.access.secret import digest, hint, new_secret
from flaskapp.models import ApiKey
from flaskapp.models.revision import touch


def make_key(session: Session, name: str, now: datetime, *, may_change: bool) -> str:
    """Give a program its key, which nobody can be shown again."""
    key = new_secret()
    session.add(ApiKey(name=name, key_hash=digest(key), hint=hint(key), may_change=may_change, created_at=now))
    return key


def api_keys(session: Session) -> Sequence[ApiKey]:
    """Give those that count, the newest first."""
    return session.scalars(select(ApiKey).filter_by(revoked_at=None).order_by(ApiKey.id.desc())).all()


def revoke_key(session: Session, key_id: int, now: datetime) -> ApiKey | None:
    """Let a key count no more, also for streams that are open; gives None if it did not anyway."""
    api_key = session.scalar(select(ApiKey).filter_by(id=key_id, revoked_at=None))
    if api_key is not None:
        api_key.revoked_at = now
        touch(session)
    return api_key

"""What a service shows when it calls us: one token for each instance, and two while one replaces the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from flaskapp.access.secret import digest, hint, new_secret
from flaskapp.access.use import note_use
from flaskapp.extensions import db
from flaskapp.models import WebhookToken

OVERLAP = timedelta(days=7)
"""So long an old token stays valid beside the one that replaces it."""


def make_token(session: Session, source: str, instance: str, now: datetime) -> str:
    """Give an instance its token, which nobody can be shown again; an older one of it ends after ``OVERLAP``."""
    for older in session.scalars(select(WebhookToken).where(_counts(now)).filter_by(source=source, instance=instance)):
        older.expires_at = min(older.expires_at or now + OVERLAP, now + OVERLAP)
    token = new_secret()
    row = WebhookToken(source=source, instance=instance, token_hash=digest(token), hint=hint(token), created_at=now)
    session.add(row)
    return token


def take_back(session: Session, token: str) -> None:
    """Undo ``make_token``: nobody got to know the token, so the older ones stay."""
    row = session.scalar(select(WebhookToken).filter_by(token_hash=digest(token)))
    if row is None:
        return
    end = row.created_at + OVERLAP
    for older in session.scalars(select(WebhookToken).filter_by(source=row.source, instance=row.instance)):
        older.expires_at = None if older.expires_at == end else older.expires_at
    session.delete(row)


def was_shown(session: Session, token: str) -> bool:
    """Tell whether somebody has called with a token."""
    return session.scalar(select(WebhookToken.used_at).filter_by(token_hash=digest(token))) is not None


def webhook_tokens(session: Session, now: datetime) -> Sequence[WebhookToken]:
    """Give those that count, by instance, the newest of each first."""
    order = (WebhookToken.source, WebhookToken.instance, WebhookToken.id.desc())
    return session.scalars(select(WebhookToken).where(_counts(now)).order_by(*order)).all()


def living_token(session: Session, token_id: int, now: datetime) -> WebhookToken | None:
    """Give one that counts."""
    return session.scalar(select(WebhookToken).where(_counts(now)).filter_by(id=token_id))


def revoke_token(session: Session, token_id: int, now: datetime) -> WebhookToken | None:
    """Let a token count no more; gives None if it did not anyway."""
    token = living_token(session, token_id, now)
    if token is not None:
        token.revoked_at = now
    return token


def whose_token(source: str, offered: Iterable[str], now: datetime) -> str | None:
    """Give the instance whose token somebody shows; None when none of them is one of this source.

    Needs an application context. It is found by its digest, so that the time it takes says nothing of any token.
    """
    row = _find(source, offered, now)
    if row is None:
        return None
    note_use(row, now)
    return row.instance


def is_known(source: str, offered: Iterable[str], now: datetime) -> bool:
    """Tell whether one of them is a token of this source that counts, without noting a use of it."""
    return _find(source, offered, now) is not None


def _find(source: str, offered: Iterable[str], now: datetime) -> WebhookToken | None:
    of_source = select(WebhookToken).where(_counts(now)).filter_by(source=source)
    with Session(db.engine) as session:
        return session.scalar(of_source.where(WebhookToken.token_hash.in_([digest(each) for each in offered])))


def _counts(now: datetime) -> ColumnElement[bool]:
    has_time = or_(WebhookToken.expires_at.is_(None), WebhookToken.expires_at > now)
    return WebhookToken.revoked_at.is_(None) & has_time

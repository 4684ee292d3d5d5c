"""Browsers in which somebody is signed in. A token is made at every sign-in, so nobody can plant one before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from flaskapp.access.secret import digest, new_secret
from flaskapp.models import BrowserSession, User
from flaskapp.models.revision import touch

LASTS = timedelta(days=90)
"""Since the last visit."""


def open_session(session: Session, user: User, now: datetime, address: str | None, user_agent: str | None) -> str:
    """Sign somebody in; gives the token, which only the browser keeps."""
    token = new_secret()
    session.add(
        BrowserSession(
            token_hash=digest(token),
            user_id=user.id,
            created_at=now,
            seen_at=now,
            expires_at=now + LASTS,
            address=address,
            user_agent=(user_agent or "")[:200] or None,
        )
    )
    return token


def find_session(session: Session, token: str, now: datetime) -> BrowserSession | None:
    """Give what is known of a token; None when it is signed out, too old, or its person barred."""
    query = select(BrowserSession).where(BrowserSession.token_hash == digest(token))
    return valid(session.scalar(query), now)


def valid(browser_session: BrowserSession | None, now: datetime) -> BrowserSession | None:
    """Give it back while it counts."""
    if browser_session is None or browser_session.expires_at <= now or browser_session.user.barred_at is not None:
        return None
    return browser_session


def sessions_of(session: Session, user_id: int, now: datetime) -> Sequence[BrowserSession]:
    """Give where somebody is signed in, the newest visit first."""
    query = select(BrowserSession).where(BrowserSession.user_id == user_id, BrowserSession.expires_at > now)
    return session.scalars(query.order_by(BrowserSession.seen_at.desc())).all()


def note_visit(session: Session, browser_session_id: int, now: datetime) -> None:
    """Let a session last on from now."""
    browser_session = session.get(BrowserSession, browser_session_id)
    if browser_session is not None:
        browser_session.seen_at, browser_session.expires_at = now, now + LASTS


def close_session(session: Session, user_id: int, browser_session_id: int) -> None:
    """Sign out one browser of somebody."""
    _close(session, BrowserSession.user_id == user_id, BrowserSession.id == browser_session_id)


def close_all(session: Session, user_id: int) -> None:
    """Sign somebody out everywhere."""
    _close(session, BrowserSession.user_id == user_id)


def drop_old(session: Session, now: datetime) -> None:
    """Forget what no longer counts."""
    session.execute(delete(BrowserSession).where(BrowserSession.expires_at <= now))


def _close(session: Session, *which: object) -> None:
    session.execute(delete(BrowserSession).where(*which))  # type: ignore[arg-type]
    touch(session)

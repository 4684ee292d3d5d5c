"""Private addresses of one request, for somebody without an account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.access.seal import Seal
from flaskapp.access.secret import digest, new_secret
from flaskapp.models import Link
from flaskapp.models.revision import touch

MOST = 20
"""So many a request may have at once."""


class TooManyLinksError(Exception):
    """A request has as many links as it may have."""


def make_link(session: Session, seal: Seal, request_id: int, user_id: int | None, now: datetime) -> None:
    """Give a request one more private address."""
    if len(links_of(session, request_id)) >= MOST:
        raise TooManyLinksError
    token = new_secret()
    session.add(
        Link(
            media_request_id=request_id,
            token_hash=digest(token),
            sealed_token=seal.seal(token),
            created_by=user_id,
            created_at=now,
        )
    )


def links_of(session: Session, request_id: int) -> Sequence[Link]:
    """Give the links of a request that count, the oldest first."""
    query = select(Link).filter_by(media_request_id=request_id, revoked_at=None)
    return session.scalars(query.order_by(Link.id)).all()


def find_link(session: Session, token: str) -> Link | None:
    """Give the link of an address, also one that has ended."""
    return session.scalar(select(Link).filter_by(token_hash=digest(token)))


def revoke_link(session: Session, link_id: int, now: datetime) -> None:
    """Let a link lead nowhere, also for streams that are open."""
    session.get_one(Link, link_id).revoked_at = now
    touch(session)

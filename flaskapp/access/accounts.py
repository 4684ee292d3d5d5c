"""The account of somebody for whom a provider vouches: found or made, and what the provider says of it taken over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.domain.provider import Provider
from flaskapp.extensions import db, writing
from flaskapp.models import User
from flaskapp.models.revision import touch

LONGEST = 80
"""Characters of a name."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a provider says of somebody. ``subject`` is who they are to it, and never another person."""

    provider: Provider
    subject: str
    name: str
    email: str | None = None
    """Only where the provider vouches for it."""
    is_admin: bool | None = None
    """None where the provider has no say in it."""


def account_of(identity: Identity, now: datetime) -> int | None:
    """Give the number of the account, made when there is none; None for somebody who is barred.

    Needs an application context. Writes only when something is new, so that it can be asked at every call.
    """
    with Session(db.engine) as session:
        user = _find(session, identity)
        if user is not None and not _take_over(user, identity):
            return _if_not_barred(user)
    with writing() as session:
        user = _find(session, identity)
        if user is None:
            user = User(provider=identity.provider, subject=identity.subject, created_at=now)
            session.add(user)
        _take_over(user, identity)
        touch(session)
        session.flush()
        return _if_not_barred(user)


def _find(session: Session, identity: Identity) -> User | None:
    return session.scalar(select(User).filter_by(provider=identity.provider, subject=identity.subject))


def _take_over(user: User, identity: Identity) -> bool:
    """Let an account be as its provider says; tells whether anything was otherwise."""
    is_admin = user.is_admin if identity.is_admin is None else identity.is_admin
    said = (_shown(identity.name) or identity.subject, _address(identity.email), is_admin)
    before = (user.name, user.email, user.is_admin)
    user.name, user.email, user.is_admin = said
    return said != before


def _shown(name: str) -> str:
    """Give a name in one line, without signs that nobody sees."""
    line = " ".join(name.split())
    return "".join(sign for sign in line if sign.isprintable())[:LONGEST]


def _address(email: str | None) -> str | None:
    """Give an address as those of Seerr are kept; what is none could only be mistaken for one."""
    return email.strip().lower() if email and "@" in email else None


def _if_not_barred(user: User) -> int | None:
    return user.id if user.barred_at is None else None

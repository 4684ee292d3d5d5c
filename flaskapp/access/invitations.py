"""Invitations: a code with which somebody chooses a password, also when they lost the one they had."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.access.code import new_code, tidy
from flaskapp.access.people import PeopleError, set_password
from flaskapp.access.secret import digest
from flaskapp.domain.provider import Provider
from flaskapp.models import User

VALID_FOR = timedelta(days=7)


def invite(session: Session, user: User, now: datetime) -> str:
    """Give somebody a code, in the place of any before; the password they have goes on working until it is used."""
    if user.provider is not Provider.LOCAL:
        raise PeopleError("Passwords of other services are kept there.")
    if user.barred_at is not None:
        raise PeopleError("Let them in again first.")
    code = new_code()
    user.invitation_hash, user.invitation_expires_at = digest(code), now + VALID_FOR
    return code


def find_invited(session: Session, typed: str, now: datetime) -> User | None:
    """Find who was given a code that is still good."""
    user = session.scalar(select(User).filter_by(invitation_hash=digest(tidy(typed))))
    if user is None or user.invitation_expires_at is None or user.invitation_expires_at <= now:
        return None
    return None if user.barred_at is not None else user


def accept(session: Session, typed: str, password_hash: str, now: datetime) -> User | None:
    """Use a code up; None when somebody else was faster."""
    user = find_invited(session, typed, now)
    if user is not None:
        set_password(session, user, password_hash)
    return user

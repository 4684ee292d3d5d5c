"""The people of the board: who there is, what they may, and how they stop being there."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from flaskapp.access.browser_sessions import close_all
from flaskapp.access.password import hash_password, is_old, is_right
from flaskapp.domain.provider import Provider
from flaskapp.extensions import db, writing
from flaskapp.models import BrowserSession, Requester, User
from flaskapp.models.revision import touch

LONGEST_NAME = 60


class PeopleError(ValueError):
    """Something can't be done to somebody: one sentence that says why."""


@dataclass(frozen=True)
class Person:
    """Somebody, how many browsers they are signed in with, and when they last came (to the hour)."""

    user: User
    browsers: int
    seen_at: datetime | None


def everybody(session: Session, now: datetime) -> Sequence[Person]:
    """Give all people by name."""
    browsers = (
        select(BrowserSession.user_id, func.count().label("count"), func.max(BrowserSession.seen_at).label("seen_at"))
        .where(BrowserSession.expires_at > now)
        .group_by(BrowserSession.user_id)
        .subquery()
    )
    query = select(User, func.coalesce(browsers.c.count, 0), browsers.c.seen_at)
    query = query.join(browsers, browsers.c.user_id == User.id, isouter=True).options(joinedload(User.requester))
    return [Person(*row) for row in session.execute(query.order_by(func.lower(User.name), User.id))]


def requesters(session: Session) -> Sequence[Requester]:
    """Give the people of Seerr by name."""
    return session.scalars(select(Requester).order_by(func.lower(Requester.name), Requester.id)).all()


def has_admin(session: Session, provider: Provider) -> bool:
    """Tell whether an admin can sign in this way."""
    return session.scalar(select(_admins(provider).exists())) or False


def spelled(name: str) -> str:
    """Give the one spelling by which a name is compared; what nobody sees in it does not count."""
    seen = "".join(letter for letter in unicodedata.normalize("NFKC", name) if letter.isprintable())
    return " ".join(seen.split()).casefold()


def add(session: Session, name: str, now: datetime) -> User:
    """Let somebody have an account of this board; raises PeopleError when the name can't be theirs."""
    shown = " ".join(name.split())
    if not shown or len(shown) > LONGEST_NAME or not shown.isprintable():
        raise PeopleError(f"A name has 1 to {LONGEST_NAME} characters.")
    if find(session, shown) is not None:
        raise PeopleError("Somebody has this name already.")
    user = User(provider=Provider.LOCAL, subject=spelled(shown), name=shown, created_at=now)
    session.add(user)
    touch(session)
    session.flush()
    return user


def find(session: Session, name: str) -> User | None:
    """Find somebody with an account of this board."""
    return session.scalar(select(User).filter_by(provider=Provider.LOCAL, subject=spelled(name)))


def by_password(name: str, password: str) -> int | None:
    """Give the number of whoever has this name and password and may come in. Needs an application context."""
    with Session(db.engine) as session:
        user = find(session, name)
        known = (user.id, user.password_hash) if user is not None and user.barred_at is None else (None, None)
    user_id, password_hash = known
    if not is_right(password_hash, password):
        return None
    if password_hash is not None and is_old(password_hash):
        renewed = hash_password(password)
        with writing() as session:
            session.get_one(User, user_id).password_hash = renewed
    return user_id


def set_password(session: Session, user: User, password_hash: str) -> None:
    """Let somebody have another password; whoever came with the old one is signed out."""
    user.password_hash = password_hash
    user.invitation_hash = user.invitation_expires_at = None
    close_all(session, user.id)


def set_admin(session: Session, user: User, *, is_admin: bool) -> None:
    """Let somebody be an admin or no more."""
    if not is_admin:
        _refuse_last(session, user)
    user.is_admin = is_admin
    touch(session)


def set_requester(session: Session, user: User, requester_id: int | None) -> None:
    """Say who somebody is in Seerr."""
    if requester_id is not None and session.get(Requester, requester_id) is None:
        raise PeopleError("There is nobody of that number in Seerr.")
    user.requester_id = requester_id
    touch(session)


def bar(session: Session, user: User, now: datetime) -> None:
    """Let somebody in no more, whatever their provider says."""
    _refuse_last(session, user)
    user.barred_at = user.barred_at or now
    user.invitation_hash = user.invitation_expires_at = None
    close_all(session, user.id)


def admit(session: Session, user: User) -> None:
    """Let somebody in again."""
    user.barred_at = None
    touch(session)


def remove(session: Session, user: User) -> None:
    """Forget somebody; what they asked for stays on the board."""
    _refuse_last(session, user)
    session.delete(user)
    touch(session)


def _refuse_last(session: Session, user: User) -> None:
    others = _admins(user.provider).where(User.id != user.id)
    is_one = user.is_admin and user.barred_at is None
    if is_one and not session.scalar(select(others.exists())):
        raise PeopleError("Somebody has to be an admin: make another one first.")


def _admins(provider: Provider) -> Select[User]:
    can_enter = or_(User.provider != Provider.LOCAL, User.password_hash.is_not(None))
    return select(User).where(User.is_admin, User.barred_at.is_(None), User.provider == provider, can_enter)

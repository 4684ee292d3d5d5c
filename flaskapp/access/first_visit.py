"""The first visit: while nobody is an admin, a code that the server prints makes one."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from flaskapp.access.code import new_code, tidy
from flaskapp.access.people import has_admin, set_admin
from flaskapp.access.secret import digest, is_same
from flaskapp.domain.provider import Provider
from flaskapp.models import Setting, User
from flaskapp.models.setting import read_setting, write_setting

WITH_A_CODE = ("local", "oidc", "proxy")
"""Ways to sign in where the first admin is made by a code; Jellyfin says who its own are."""
FIRST_VISIT = "first visit"
"""The ``Setting`` with the digest of the code that was printed last."""


def new_first_code(session: Session, provider: Provider) -> str | None:
    """Make a code in the place of any before; None, and none is good, when there is an admin."""
    if has_admin(session, provider):
        _forget_code(session)
        return None
    code = new_code()
    write_setting(session, FIRST_VISIT, digest(code))
    return code


def is_first_code(session: Session, typed: str, provider: Provider) -> bool:
    """Tell whether this is the code that was printed last, and is still needed."""
    kept = read_setting(session, FIRST_VISIT) or ""
    return is_same(digest(tidy(typed)), kept) and not has_admin(session, provider)


def make_first_admin(session: Session, user: User) -> None:
    """Use the code up."""
    _forget_code(session)
    set_admin(session, user, is_admin=True)


def _forget_code(session: Session) -> None:
    session.execute(delete(Setting).filter_by(name=FIRST_VISIT))

"""How often something changed that every process keeps in mind: numbers in the database, which all can compare."""

from __future__ import annotations

from sqlalchemy.orm import Session

from flaskapp.models.setting import read_setting, write_setting

ACCESS = "access revision"
"""Who may enter."""
SERVICES = "services revision"
"""Which services there are, and where."""


def read_revision(session: Session, subject: str = ACCESS) -> int:
    """Give the number."""
    return int(read_setting(session, subject) or 0)


def touch(session: Session, subject: str = ACCESS) -> None:
    """Count on, in the transaction of the change itself."""
    write_setting(session, subject, str(read_revision(session, subject) + 1))

"""How often something changed that every process keeps in mind: numbers in the database, which all can compare."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.models.delivery import Setting

ACCESS = "access revision"
"""Who may enter."""
SERVICES = "services revision"
"""Which services there are, and where."""


def read_revision(session: Session, subject: str = ACCESS) -> int:
    """Give the number."""
    return int(session.scalar(select(Setting.value).filter_by(name=subject)) or 0)


def touch(session: Session, subject: str = ACCESS) -> None:
    """Count on, in the transaction of the change itself."""
    setting = session.scalar(select(Setting).filter_by(name=subject))
    if setting is None:
        session.add(Setting(name=subject, value="1"))
    else:
        setting.value = str(int(setting.value) + 1)

"""How often anything changed in who may enter: a number in the database, which every process can compare."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.models.delivery import Setting

REVISION = "access revision"


def read_revision(session: Session) -> int:
    """Give the number."""
    return int(session.scalar(select(Setting.value).filter_by(name=REVISION)) or 0)


def touch(session: Session) -> None:
    """Count on, in the transaction of the change itself."""
    setting = session.scalar(select(Setting).filter_by(name=REVISION))
    if setting is None:
        session.add(Setting(name=REVISION, value="1"))
    else:
        setting.value = str(int(setting.value) + 1)

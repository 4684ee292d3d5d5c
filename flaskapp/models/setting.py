"""Named values of ours, each read and written in one place."""

from __future__ import annotations

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flaskapp.models.row import Row

EPOCH = "epoch"
"""The ``Setting`` that tells one life of the stream's ids from another: a random word."""


def history_mark(upstream: str) -> str:
    """Name the ``Setting`` that says up to when the history of a Radarr or Sonarr was read."""
    return f"history of {upstream}"


class Setting(Row):
    """One named value of ours, such as the epoch of the stream."""

    __tablename__ = "setting"
    name: Mapped[str] = mapped_column(unique=True)
    value: Mapped[str]


NAMED = Setting.name == bindparam("name", type_=String)
VALUE, SETTING = select(Setting.value).where(NAMED), select(Setting).where(NAMED)


def read_setting(session: Session, name: str) -> str | None:
    """Give a value; None if there is none of this name."""
    return session.scalar(VALUE, {"name": name})


def write_setting(session: Session, name: str, value: str) -> None:
    """Keep a value in the place of the one there was."""
    setting = session.scalar(SETTING, {"name": name})
    if setting is None:
        session.add(Setting(name=name, value=value))
    else:
        setting.value = value

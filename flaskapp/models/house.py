"""What is known of the house as a whole: causes that hit everybody, and our webhooks in each Radarr and Sonarr."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from flaskapp.domain.house import CauseKind
from flaskapp.models.row import Row


class Cause(Row):
    """A house-wide cause that is true now, as one upstream sees it."""

    __tablename__ = "cause"
    kind: Mapped[CauseKind]
    upstream: Mapped[str]
    since: Mapped[datetime]

    __table_args__ = (UniqueConstraint("kind", "upstream"),)


class Connection(Row):
    """Our webhook in one Radarr or Sonarr, as it was last read there."""

    __tablename__ = "connection"
    source: Mapped[str]
    instance: Mapped[str]
    upstream: Mapped[str] = mapped_column(unique=True)
    """The name people know it by: ``Radarr 4K``."""
    is_registered: Mapped[bool]
    missing: Mapped[list[str]]
    """Triggers that we need and that are off, as the page there names them."""
    read_at: Mapped[datetime]

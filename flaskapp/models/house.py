"""What is known of the house as a whole: causes that hit everybody."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from flaskapp.domain.house import CauseKind
from flaskapp.models.row import Row


class Cause(Row):
    """A house-wide cause that is true now, as one upstream sees it."""

    __tablename__ = "cause"
    kind: Mapped[CauseKind]
    upstream: Mapped[str]
    since: Mapped[datetime]

    __table_args__ = (UniqueConstraint("kind", "upstream"),)

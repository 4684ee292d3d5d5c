"""Which process asks the services."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped

from flaskapp.models.row import Row


class Lease(Row):
    """The one row that says how often the lease was won, which names its holder, and how long it holds."""

    __tablename__ = "lease"
    term: Mapped[int]
    until: Mapped[datetime]
    """By the clock of the database."""

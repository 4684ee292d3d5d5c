"""Webhook bodies as they came."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from flaskapp.models.row import Row


class Delivery(Row):
    """A webhook body as it came, kept before it is parsed."""

    __tablename__ = "delivery"
    source: Mapped[str]
    instance: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str | None]
    outcome: Mapped[str | None]
    """applied, ignored, rejected, failed; None: not applied yet."""
    reason: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        Index("ix_delivery_outcome", "outcome"),
        Index("ix_delivery_kind", "source", "instance", "kind"),  # the last of each kind, without reading bodies
        {"sqlite_autoincrement": True},
    )

"""The services of the house that people connected on the pages, rather than by environment variables."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from flaskapp.models.row import Row

CALLBACK = "callback address"
"""The ``Setting`` with the address at which services reach this board."""


class Service(Row):
    """One Seerr, Radarr, Sonarr, qBittorrent or Jellyfin; ``instance`` is its last part in a webhook address."""

    __tablename__ = "service"
    source: Mapped[str]
    instance: Mapped[str]
    name: Mapped[str] = mapped_column(unique=True)
    """What people call it."""
    url: Mapped[str]
    username: Mapped[str] = mapped_column(default="")
    sealed_key: Mapped[str] = mapped_column(default="")
    """Its API key, for qBittorrent the password, encrypted."""
    is_4k: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("source", "instance"),)

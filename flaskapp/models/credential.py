"""What programs show instead of a password. Only their digests are kept, so each is shown once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from flaskapp.models.media_request import MediaRequest
from flaskapp.models.row import Row


class ApiKey(Row):
    """What one program shows to read the board, or also to change it."""

    __tablename__ = "api_key"
    name: Mapped[str]
    key_hash: Mapped[str] = mapped_column(unique=True)
    hint: Mapped[str]
    """Its last characters, by which people know it again."""
    may_change: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """To the hour."""
    revoked_at: Mapped[datetime | None]


class WebhookToken(Row):
    """What one instance of a service shows when it calls us; two are valid while one replaces the other."""

    __tablename__ = "webhook_token"
    source: Mapped[str]
    instance: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    hint: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    """Set when another one replaces it."""
    used_at: Mapped[datetime | None]
    """To the hour."""
    revoked_at: Mapped[datetime | None]


class Link(Row):
    """A private address of one request, for somebody without an account."""

    __tablename__ = "link"
    media_request_id: Mapped[int] = mapped_column(ForeignKey("media_request.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    sealed_token: Mapped[str]
    """Encrypted, so that its address can be shown again to those who may."""
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    """To the hour."""
    revoked_at: Mapped[datetime | None]

    media_request: Mapped[MediaRequest] = relationship(lazy="joined", innerjoin=True)

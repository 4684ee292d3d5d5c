"""The people who may sign in, the browsers they are signed in with, and the tries that failed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from flaskapp.domain.provider import Provider
from flaskapp.models.requester import Requester
from flaskapp.models.row import Row


class User(Row):
    """A person; ``subject`` is who they are to their provider, and never another person's."""

    __tablename__ = "account"  # "user" means something else to PostgreSQL
    provider: Mapped[Provider]
    subject: Mapped[str]
    """Local: the name in its one spelling. Jellyfin: the id. OpenID Connect: issuer and subject. Proxy: the name."""
    name: Mapped[str]
    email: Mapped[str | None]
    """In lower case, and only where a provider vouches for it."""
    is_admin: Mapped[bool] = mapped_column(default=False)
    requester_id: Mapped[int | None] = mapped_column(ForeignKey("requester.id"))
    """Who they are in Seerr, where an admin said so; besides, addresses and Jellyfin's ids tell."""
    password_hash: Mapped[str | None]
    invitation_hash: Mapped[str | None] = mapped_column(unique=True)
    """With this code they choose a password."""
    invitation_expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    barred_at: Mapped[datetime | None]
    """Since then they may not sign in, whatever their provider says."""

    requester: Mapped[Requester | None] = relationship()
    __table_args__ = (UniqueConstraint("provider", "subject"), {"sqlite_autoincrement": True})


class BrowserSession(Row):
    """A browser in which somebody is signed in; only it knows its token."""

    __tablename__ = "browser_session"
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """To the hour: not every call is worth a transaction."""
    expires_at: Mapped[datetime]
    address: Mapped[str | None]
    user_agent: Mapped[str | None]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = ({"sqlite_autoincrement": True},)


class FailedSignIn(Row):
    """How often somebody failed to sign in as one name, or from one address, since it last worked."""

    __tablename__ = "failed_sign_in"
    subject: Mapped[str] = mapped_column(unique=True)
    """``name:`` or ``address:`` and a digest: what people type by mistake may be a password."""
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)

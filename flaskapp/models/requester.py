"""The people of each Seerr, as far as their requests name them."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from flaskapp.models.row import Row


class Requester(Row):
    """Somebody who asked for something in one Seerr; in another one they are another row.

    A webhook names nobody by number: a row begins with an address or a name, and a reading gives it the number.
    """

    __tablename__ = "requester"
    seerr_instance: Mapped[str] = mapped_column(server_default=text("'seerr'"))
    seerr_user_id: Mapped[int | None]
    """Unique in its Seerr."""
    jellyfin_user_id: Mapped[str | None] = mapped_column(index=True)
    """32 hex digits, as Jellyfin gives them at a sign-in too."""
    email: Mapped[str | None] = mapped_column(index=True)
    """In lower case. Seerr takes a name for it where somebody has none; that is left out here."""
    name: Mapped[str]
    """How Seerr shows them; people may change theirs, so nobody is let in by it."""

    __table_args__ = (UniqueConstraint("seerr_instance", "seerr_user_id"), {"sqlite_autoincrement": True})

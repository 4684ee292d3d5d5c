"""What was asked for, and the log of what changed on its card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, false, func, or_, select, text, true
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from flaskapp.domain.audience import Audience
from flaskapp.domain.state import Stage, State
from flaskapp.models.media import Media
from flaskapp.models.row import Row
from flaskapp.models.setting import EPOCH, read_setting

DONE = (State.AVAILABLE, State.DECLINED, State.REMOVED)
MANY_SECONDS = 10_000_000_000
"""Later than any time we shall see, so that a difference to it sorts the newest first."""


class MediaRequest(Row):
    """What someone asked for: a card. The words of Seerr are facts, the rest is derived."""

    __tablename__ = "media_request"
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id"), index=True)
    seerr_instance: Mapped[str | None]
    """The Seerr in which it was asked for: its last part in a webhook address."""
    seerr_request_id: Mapped[int | None]
    """Unique in its Seerr. None: nobody asked, shown because of ``TRACK_UNREQUESTED``."""
    requested_by: Mapped[str | None]
    requester_id: Mapped[int | None] = mapped_column(ForeignKey("requester.id"), index=True)
    """Whose it is: only they see it, besides those who see all."""
    is_4k: Mapped[bool] = mapped_column(default=False)
    seasons: Mapped[list[int] | None]
    pending_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    vanished_at: Mapped[datetime | None]
    """When Seerr said that what was complete is no longer there."""
    gone_at: Mapped[datetime | None]
    """When Seerr no longer had the request."""
    lacked_at: Mapped[datetime | None]
    """When a reading of its Radarr or Sonarr first missed the title."""
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]

    state: Mapped[State]
    state_since: Mapped[datetime]
    progress: Mapped[int] = mapped_column(default=0)
    eta: Mapped[int] = mapped_column(default=-1)
    """Seconds; -1 is unknown."""
    speed: Mapped[int] = mapped_column(default=0)
    """Bytes per second over the open downloads."""
    measured_at: Mapped[datetime | None]
    """When progress, eta and speed were last told, and by which source."""
    measured_by: Mapped[str | None]
    measured_of: Mapped[list[int] | None]
    """The downloads whose numbers these are, as they were derived last; None before."""
    trouble: Mapped[dict[str, Any] | None]
    """Why it waits: see ``tracking/face.py``."""
    look_at: Mapped[datetime | None] = mapped_column(index=True)
    """When its trouble reads otherwise although nobody says anything."""
    stage: Mapped[Stage] = mapped_column(default=Stage.WAITING, server_default=text("'waiting'"))
    """Where on the board the card stands."""
    sought: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """What it is found by: see ``domain/search.py``."""
    face: Mapped[dict[str, Any]]
    """What else the card shows: see ``tracking/face.py``."""
    updated_at: Mapped[datetime]
    rev: Mapped[int] = mapped_column(default=0)
    """Id of its newest ``Change``."""

    media: Mapped[Media] = relationship(lazy="joined")
    __table_args__ = (
        UniqueConstraint("seerr_instance", "seerr_request_id"),
        Index("ix_media_request_stage", "deleted_at", "stage", "state_since"),
        Index("ix_media_request_history", "deleted_at", "state_since"),
        Index("ix_media_request_rev", "rev"),
        {"sqlite_autoincrement": True},
    )

    @property
    def month(self) -> str:
        """Give the month since when it is where it is: ``2026-11``."""
        return f"{self.state_since:%Y-%m}"

    @property
    def sort_key(self) -> str:
        """Give the place within its stage: what came there last stands first."""
        return f"{MANY_SECONDS - int(self.state_since.timestamp()):011}.{self.id}"


class Change(Row):
    """What changed on a card: timeline, audit and replay log in one. Its id is the cursor of the stream."""

    __tablename__ = "change"
    media_request_id: Mapped[int] = mapped_column(ForeignKey("media_request.id"), index=True)
    kind: Mapped[str]
    """created, state, detail, trouble, owner, deleted"""
    from_state: Mapped[State | None]
    to_state: Mapped[State]
    source: Mapped[str]
    reason: Mapped[str]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    is_reconstructed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """No webhook told it: it was found by asking."""

    __table_args__ = ({"sqlite_autoincrement": True},)


@dataclass(frozen=True)
class Cursor:
    """A place in the stream: ``<epoch>.<n>``, n being the id of a ``Change``."""

    epoch: str
    n: int

    def __str__(self) -> str:
        """Write it as it stands in the page and in ``Last-Event-ID``."""
        return f"{self.epoch}.{self.n}"

    def read(self, since: str) -> int | None:
        """Give the n of an earlier cursor; None for one of another database, or of no place that was reached."""
        epoch, _, n = since.rpartition(".")
        is_number = n.isdecimal() and n.isascii() and len(n) <= 18
        return int(n) if epoch == self.epoch and is_number and int(n) <= self.n else None


def read_cursor(session: Session) -> Cursor:
    """Give the place after everything that is committed now."""
    epoch = read_setting(session, EPOCH) or ""
    return Cursor(epoch, session.scalar(select(func.max(Change.id))) or 0)


def seen_by(audience: Audience) -> ColumnElement[bool]:
    """Say of requests what ``Audience.sees`` says of one."""
    if audience.sees_all:
        return true()
    asked = MediaRequest.requester_id.in_(sorted(audience.requesters))
    return or_(asked, MediaRequest.id.in_(sorted(audience.request_ids)))


def was_handed_over(session: Session, after: int) -> bool:
    """Tell whether a request became somebody else's after a Change: who saw it then may not have heard of that."""
    return session.scalar(select(Change.id).where(Change.id > after, Change.kind == "owner").limit(1)) is not None

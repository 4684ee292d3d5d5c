"""Facts about downloads: under which ids a client knows them, what they carry, how far they are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from flaskapp.domain.observation import DownloadStage
from flaskapp.domain.queue import Dropping, Hold, Protocol, QueueStage
from flaskapp.models.media import Entry
from flaskapp.models.row import Row


class Download(Row):
    """One download of a client; it may carry many items."""

    __tablename__ = "download"
    title: Mapped[str | None]
    quality: Mapped[str | None]
    indexer: Mapped[str | None]
    client: Mapped[str | None]
    size: Mapped[int | None]
    grabbed_at: Mapped[datetime]
    stage: Mapped[DownloadStage | None]
    """What was last polled; None until a client spoke of it."""
    speaker: Mapped[str | None]
    """The client that spoke of it, by the name people know it by."""
    stage_since: Mapped[datetime | None]
    progress: Mapped[float] = mapped_column(default=0.0)
    size_left: Mapped[int | None]
    speed: Mapped[int | None]
    eta: Mapped[int | None]
    seeds: Mapped[int | None]
    place: Mapped[int | None]
    last_byte_at: Mapped[datetime | None]
    polled_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    queue_stage: Mapped[QueueStage | None]
    """What the queue of a Radarr or Sonarr said last; None until one listed it."""
    queue_since: Mapped[datetime | None]
    """When ``queue_stage`` began."""
    queue_read_at: Mapped[datetime | None]
    queue_progress: Mapped[float | None]
    queue_size: Mapped[int | None]
    queue_eta: Mapped[int | None]
    queue_messages: Mapped[list[str] | None]
    protocol: Mapped[Protocol] = mapped_column(default=Protocol.UNKNOWN, server_default="unknown")
    dropped_at: Mapped[datetime | None]
    dropping: Mapped[Dropping | None]
    drop_message: Mapped[str | None]
    drop_known_at: Mapped[datetime | None]
    """When we heard of it; ``dropped_at`` may be by the clock of Radarr or Sonarr."""
    blocked_at: Mapped[datetime | None]
    blocked_messages: Mapped[list[str] | None]

    aliases: Mapped[list[DownloadAlias]] = relationship(back_populates="download", lazy="selectin")

    def take_back_drop(self) -> None:
        """Forget that it brings nothing any more."""
        self.dropped_at = self.dropping = self.drop_message = self.drop_known_at = None


class DownloadAlias(Row):
    """One id of a download in lower case: what was grabbed, v1 hash, v2 hash cut to 40."""

    __tablename__ = "download_alias"
    download_pk: Mapped[int] = mapped_column(ForeignKey("download.id"), index=True)
    value: Mapped[str] = mapped_column(unique=True)
    is_nameless: Mapped[bool] = mapped_column(default=False)
    """True for a made-up value: the client gave no id (blackholes)."""

    download: Mapped[Download] = relationship(back_populates="aliases")


class Grab(Row):
    """That a download carries an item of an entry."""

    __tablename__ = "grab"
    entry_pk: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    download_pk: Mapped[int] = mapped_column(ForeignKey("download.id"), index=True)
    item_pk: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)

    entry: Mapped[Entry] = relationship()
    download: Mapped[Download] = relationship()
    __table_args__ = (UniqueConstraint("entry_pk", "download_pk", "item_pk"),)


class HeldRelease(Row):
    """A release that a Radarr or Sonarr has found for an item and holds back."""

    __tablename__ = "held_release"
    entry_pk: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    item_pk: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    hold: Mapped[Hold]
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    entry: Mapped[Entry] = relationship()
    __table_args__ = (UniqueConstraint("entry_pk", "item_pk"),)

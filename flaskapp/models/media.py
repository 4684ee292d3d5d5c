"""Facts about films and series: what exists, what lies on disk, what Jellyfin shows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from flaskapp.domain.observation import FileDeath, LibraryItemType, MediaType
from flaskapp.extensions import Base
from flaskapp.models.row import Row


class Media(Row):
    """A film or a series."""

    __tablename__ = "media"
    media_type: Mapped[MediaType]
    title: Mapped[str | None]
    year: Mapped[int | None]
    poster_url: Mapped[str | None]
    poster_at: Mapped[datetime | None]
    """When our own copy of the poster was stored."""
    episodes_read_at: Mapped[datetime | None]
    """Start of the last reading of the season's episode list."""

    external_ids: Mapped[list[ExternalId]] = relationship(back_populates="media")


class ExternalId(Row):
    """One id of a media; ids that were told together belong to one media for ever."""

    __tablename__ = "external_id"
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id"), index=True)
    media_type: Mapped[MediaType]
    provider: Mapped[str]
    value: Mapped[str]

    media: Mapped[Media] = relationship(back_populates="external_ids")
    __table_args__ = (UniqueConstraint("media_type", "provider", "value"),)


class Item(Row):
    """The film itself (season 0, episode 0), or one episode."""

    __tablename__ = "item"
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id"))
    season: Mapped[int]
    episode: Mapped[int]
    title: Mapped[str | None]
    air_at: Mapped[datetime | None]
    aired: Mapped[bool | None]
    """What the last reading said; None while only webhooks spoke of it."""

    __table_args__ = (UniqueConstraint("media_id", "season", "episode"),)


class Entry(Row):
    """A movie or series in one Radarr or Sonarr; its id never returns after a deletion."""

    __tablename__ = "entry"
    source: Mapped[str]
    instance: Mapped[str]
    entry_id: Mapped[int]
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id"), index=True)
    is_4k: Mapped[bool]
    deleted_at: Mapped[datetime | None]
    files_deleted: Mapped[bool] = mapped_column(default=False)
    read_at: Mapped[datetime | None]
    """Start of the last reading of its files."""
    doubted_at: Mapped[datetime | None]
    """When history last said that its files changed, without saying which."""
    monitored: Mapped[bool | None]
    is_released: Mapped[bool | None]
    release_at: Mapped[datetime | None]
    searched_at: Mapped[datetime | None]
    path: Mapped[str | None]

    __table_args__ = (UniqueConstraint("source", "instance", "entry_id"),)


class EpisodeSearch(Row):
    """What one Sonarr does to get an episode; that of the other quality goes its own way."""

    __tablename__ = "episode_search"
    entry_pk: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    item_pk: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    monitored: Mapped[bool]
    searched_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("entry_pk", "item_pk"),)


file_items = Table(
    "media_file_item",
    Base.metadata,
    Column("media_file_id", ForeignKey("media_file.id", ondelete="CASCADE"), primary_key=True),
    Column("item_id", ForeignKey("item.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class MediaFile(Row):
    """A file record of Radarr or Sonarr with the items it carries."""

    __tablename__ = "media_file"
    entry_pk: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    file_id: Mapped[int]
    download_id: Mapped[str | None]
    quality: Mapped[str | None]
    size: Mapped[int | None]
    told_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    """Start of the last reading that listed it."""
    death: Mapped[FileDeath | None]
    died_at: Mapped[datetime | None]

    entry: Mapped[Entry] = relationship()
    items: Mapped[list[Item]] = relationship(secondary=file_items, lazy="selectin")
    __table_args__ = (UniqueConstraint("entry_pk", "file_id"),)


class ImportHint(Row):
    """Sonarr said that the import of a download is complete, without saying which file carries which item."""

    __tablename__ = "import_hint"
    entry_pk: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    item_pk: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    download_id: Mapped[str] = mapped_column(default="")

    entry: Mapped[Entry] = relationship()
    __table_args__ = (UniqueConstraint("entry_pk", "item_pk", "download_id"),)


class LibraryItem(Row):
    """An item Jellyfin shows; kept also while its media is unknown."""

    __tablename__ = "library_item"
    instance: Mapped[str]
    item_id: Mapped[str]
    item_type: Mapped[LibraryItemType]
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"), index=True)
    series_id: Mapped[str | None] = mapped_column(index=True)
    title: Mapped[str | None]
    season: Mapped[int | None]
    episodes: Mapped[list[int]]
    added_at: Mapped[datetime | None]
    """First ItemAdded."""
    read_at: Mapped[datetime | None]
    """Start of the last reading that listed it."""
    gone_at: Mapped[datetime | None]
    """Start of the last reading that missed it for good."""
    server_id: Mapped[str | None]

    __table_args__ = (UniqueConstraint("instance", "item_id"),)

"""What all rows share: a number of their own and the types of their columns."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, Integer, TypeDecorator
from sqlalchemy.orm import Mapped, mapped_column

from flaskapp.domain.house import CauseKind
from flaskapp.domain.observation import DownloadStage, FileDeath, LibraryItemType, MediaType
from flaskapp.domain.provider import Provider
from flaskapp.domain.queue import Dropping, Hold, Protocol, QueueStage
from flaskapp.domain.state import Stage, State
from flaskapp.extensions import Base


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite forgets the zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _words(enum: type[StrEnum]) -> Enum:
    """Store a word by its value as plain text: a new word needs no migration."""
    return Enum(enum, native_enum=False, length=32, values_callable=lambda words: [str(word) for word in words])


WORDS: tuple[type[StrEnum], ...] = (
    *(CauseKind, DownloadStage, Dropping, FileDeath, Hold, LibraryItemType, MediaType),
    *(Protocol, Provider, QueueStage, Stage, State),
)

Base.registry.update_type_annotation_map(
    {
        datetime: UtcDateTime,
        int: BigInteger().with_variant(Integer, "sqlite"),  # sizes in bytes; SQLite's INTEGER holds them anyway
        dict[str, Any]: JSON,
        list[int]: JSON,
        list[str]: JSON,
        **{enum: _words(enum) for enum in WORDS},
    }
)


class Row(Base):
    """A row with a number of its own."""

    __abstract__ = True
    id: Mapped[int] = mapped_column(primary_key=True)

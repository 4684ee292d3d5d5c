"""What Seerr and Radarr answered when asked: registers that replace what was told before the asking began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flaskapp.domain.observation import EntryRef, MediaRef, Observation, Word


@dataclass(frozen=True, kw_only=True)
class RequestRead(Observation):
    """Seerr lists this request. ``vanished``: it was complete once, and its files are gone since."""

    seerr_request_id: int
    media: MediaRef
    word: Word
    completed: bool
    vanished: bool
    requested_by: str | None
    seasons: tuple[int, ...] | None
    is_4k: bool
    asked_at: datetime
    """When the person asked; older than any webhook we can have had."""


@dataclass(frozen=True, kw_only=True)
class RequestGone(Observation):
    """Seerr no longer has this request, and said so more than once."""

    seerr_request_id: int


@dataclass(frozen=True, kw_only=True)
class TitleRead(Observation):
    """How a film or series is called, which Seerr's list of requests leaves out."""

    media: MediaRef


@dataclass(frozen=True, kw_only=True)
class MovieRead(Observation):
    """Radarr has this film; ``file_id`` is None while it has no file of it. ``size`` in bytes."""

    entry: EntryRef
    file_id: int | None
    quality: str | None = None
    size: int | None = None

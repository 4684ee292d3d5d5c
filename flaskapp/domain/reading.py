"""What Seerr, Radarr, Sonarr and Jellyfin answered when asked: registers that replace what was told before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flaskapp.domain.observation import EntryRef, LibraryItemType, MediaRef, Observation, RequesterRef, Word


@dataclass(frozen=True, kw_only=True)
class RequestRead(Observation):
    """Seerr lists this request. ``vanished``: it was complete once, and its files are gone since."""

    seerr_request_id: int
    media: MediaRef
    word: Word
    completed: bool
    vanished: bool
    requested_by: RequesterRef | None
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
    """Radarr has this film; ``file_id`` is None while it has no file of it. ``size`` in bytes.

    ``is_released``: Radarr would take it now. ``release_at``: the next or last date on which it comes out for home.
    """

    entry: EntryRef
    file_id: int | None
    quality: str | None = None
    size: int | None = None
    monitored: bool = True
    is_released: bool = True
    release_at: datetime | None = None
    searched_at: datetime | None = None
    path: str | None = None


@dataclass(frozen=True)
class ListedEpisode:
    """One row of Sonarr's episode list. ``file_id`` None: no file."""

    season: int
    episode: int
    title: str | None
    air_at: datetime | None
    aired: bool
    monitored: bool
    file_id: int | None
    searched_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class EpisodesRead(Observation):
    """The whole episode list of a series as Sonarr has it."""

    entry: EntryRef
    episodes: tuple[ListedEpisode, ...]
    monitored: bool = True
    path: str | None = None


@dataclass(frozen=True, kw_only=True)
class EntryAbsent(Observation):
    """Radarr or Sonarr answered that it does not have this title."""

    media: MediaRef


@dataclass(frozen=True, kw_only=True)
class EntryDoubted(Observation):
    """History says that the files of a title changed, without saying which: it has to be read again."""

    entry: EntryRef


@dataclass(frozen=True, kw_only=True)
class LibraryItemRead(Observation):
    """Jellyfin was asked about an item: which show it is, or which show, season and numbers it has."""

    item_id: str
    item_type: LibraryItemType
    media: MediaRef | None
    series_id: str | None = None
    season: int | None = None
    episodes: tuple[int, ...] = ()
    server_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class LibraryItemAbsent(Observation):
    """Jellyfin answered more than once without this item."""

    item_id: str

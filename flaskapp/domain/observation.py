"""All that any source may say, as frozen dataclasses.

A webhook body and a polled answer are translated into these in ``sources/``; foreign words end there.
*Told* observations (webhooks) add facts. *Read* observations (``…Read``, ``DownloadPolled``) are registers
stamped with the start of the reading: they replace what was told or read about that subject before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MediaType(StrEnum):
    """What is asked for; a film and a series with one number are different media."""

    MOVIE = "movie"
    TV = "tv"


@dataclass(frozen=True)
class MediaRef:
    """A film or a series as a source names it. Ids that mean nothing (0, "") are None here."""

    media_type: MediaType
    tmdb_id: int | None = None
    tvdb_id: int | None = None
    imdb_id: str | None = None
    title: str | None = None
    year: int | None = None
    poster_url: str | None = None

    def ids(self) -> tuple[tuple[str, str], ...]:
        """Give the known external ids as (provider, value) pairs."""
        known = (("tmdb", self.tmdb_id), ("tvdb", self.tvdb_id), ("imdb", self.imdb_id))
        return tuple((provider, str(value)) for provider, value in known if value)


@dataclass(frozen=True)
class EpisodeRef:
    """One episode in TVDB numbering; season 0 holds the specials."""

    season: int
    episode: int
    title: str | None = None
    air_at: datetime | None = None


@dataclass(frozen=True)
class RequesterRef:
    """Somebody who asks in Seerr, as it names them; a webhook knows no number.

    ``jellyfin_user_id`` is 32 hex digits, ``email`` in lower case; a word that is no address is None here.
    """

    name: str | None
    seerr_user_id: int | None = None
    jellyfin_user_id: str | None = None
    email: str | None = None


FILM = EpisodeRef(0, 0)
"""The only item of a film."""


@dataclass(frozen=True)
class EntryRef:
    """A movie or series in one Radarr or Sonarr; its id is unique only within that instance."""

    entry_id: int
    media: MediaRef


@dataclass(frozen=True)
class Release:
    """What was grabbed: ``size`` in bytes, ``group`` are those who made it."""

    title: str | None = None
    quality: str | None = None
    indexer: str | None = None
    size: int | None = None
    group: str | None = None


class Word(StrEnum):
    """What Seerr says of a request."""

    PENDING = "pending"
    APPROVED = "approved"
    DECLINED = "declined"
    FAILED = "failed"


class FileDeath(StrEnum):
    """Why Radarr or Sonarr deleted a file record."""

    MANUAL = "manual"
    MISSING_FROM_DISK = "missingFromDisk"
    NO_LINKED_EPISODES = "noLinkedEpisodes"
    UPGRADE = "upgrade"
    MANUAL_OVERRIDE = "manualOverride"

    @property
    def for_good(self) -> bool:
        """Tell whether the item is gone: an upgrade or override has a successor on disk."""
        return self not in (FileDeath.UPGRADE, FileDeath.MANUAL_OVERRIDE)


class DownloadStage(StrEnum):
    """What a download client is doing with one download."""

    QUEUED = "queued"
    METADATA = "metadata"
    DOWNLOADING = "downloading"
    STALLED = "stalled"
    PAUSED = "paused"
    CHECKING = "checking"
    MOVING = "moving"
    COMPLETE = "complete"
    ERROR = "error"
    MISSING_FILES = "missing_files"
    UNKNOWN = "unknown"


class LibraryItemType(StrEnum):
    """Kinds of Jellyfin item that matter to a request."""

    MOVIE = "movie"
    SERIES = "series"
    SEASON = "season"
    EPISODE = "episode"


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One thing a source said; ``seen_at`` is aware UTC: arrival of a webhook, start of a reading.

    ``from_history``: no webhook told it, a history did, and ``seen_at`` is the time written there.
    """

    seen_at: datetime
    from_history: bool = False


@dataclass(frozen=True, kw_only=True)
class RequestTold(Observation):
    """Seerr spoke of a request. ``word`` is None when only ``completed`` was said (MEDIA_AVAILABLE)."""

    seerr_request_id: int
    media: MediaRef
    word: Word | None
    completed: bool = False
    requested_by: RequesterRef | None = None
    seasons: tuple[int, ...] | None = None
    is_4k: bool = False


@dataclass(frozen=True, kw_only=True)
class EntryTold(Observation):
    """Radarr or Sonarr has this title (MovieAdded, SeriesAdd, Rename)."""

    entry: EntryRef


@dataclass(frozen=True, kw_only=True)
class EntryDeleted(Observation):
    """The title left Radarr or Sonarr; its entry id never returns."""

    entry: EntryRef
    files_deleted: bool


@dataclass(frozen=True, kw_only=True)
class Grabbed(Observation):
    """A release was handed to a download client. A pack is one download for many items."""

    entry: EntryRef
    items: tuple[EpisodeRef, ...]
    download_id: str | None
    release: Release
    client: str | None = None


@dataclass(frozen=True, kw_only=True)
class FileImported(Observation):
    """A file lies in the library folder. ``replaced`` are the file ids it took the place of."""

    entry: EntryRef
    file_id: int
    items: tuple[EpisodeRef, ...]
    download_id: str | None = None
    quality: str | None = None
    size: int | None = None
    is_upgrade: bool = False
    replaced: tuple[int, ...] = ()
    replaced_quality: str | None = None


@dataclass(frozen=True, kw_only=True)
class ImportCompleted(Observation):
    """Sonarr finished importing a download: a hint for items whose own file was never told."""

    entry: EntryRef
    items: tuple[EpisodeRef, ...]
    download_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class FileDeleted(Observation):
    """A file record is gone; its id never returns."""

    entry: EntryRef
    file_id: int
    items: tuple[EpisodeRef, ...]
    reason: FileDeath


@dataclass(frozen=True, kw_only=True)
class ImportBlocked(Observation):
    """Radarr or Sonarr wants a person (ManualInteractionRequired); ``messages`` are upstream's own."""

    entry: EntryRef
    items: tuple[EpisodeRef, ...]
    download_id: str | None
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LibraryItemAdded(Observation):
    """Jellyfin shows an item. An episode knows its show only by Jellyfin's ``series_id``."""

    item_id: str
    item_type: LibraryItemType
    media: MediaRef | None
    title: str | None = None
    series_id: str | None = None
    season: int | None = None
    episodes: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LibraryItemRemoved(Observation):
    """Jellyfin says an item is gone: only a hint, upgrades and renames say it too."""

    item_id: str


@dataclass(frozen=True, kw_only=True)
class DownloadPolled(Observation):
    """What a download client says of one download.

    ``download_id`` and ``aliases`` are lower case; an alias is another id of the same torrent (v1 hash, v2 hash
    cut to 40). ``progress`` is 0…1, sizes are bytes, ``speed`` bytes/s, ``eta`` seconds or None when unknown.
    ``client`` is the name that people know the client by, where there may be several.
    """

    download_id: str
    aliases: tuple[str, ...] = ()
    client: str | None = None
    stage: DownloadStage
    progress: float
    size: int | None = None
    size_left: int | None = None
    speed: int | None = None
    eta: int | None = None
    seeds: int | None = None
    place: int | None = None
    last_byte_at: datetime | None = None
    availability: float | None = None
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class DownloadGone(Observation):
    """All clients answered well several times and know this download under none of its ids."""

    download_id: str


@dataclass(frozen=True, kw_only=True)
class PosterKept(Observation):
    """A poster picture lies in the data folder for this media (our own id)."""

    media_id: int


@dataclass(frozen=True, kw_only=True)
class TimePassed(Observation):
    """Nothing was said, but a card of this media (our own id) reads otherwise by now."""

    media_id: int

"""What is known of one media, as plain values: the input of ``lifecycle``.

Every fact carries ``is_4k`` where it belongs to an HD or a 4K instance, so that a 4K request counts only its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flaskapp.domain.observation import DownloadStage, FileDeath, MediaType

ItemKey = tuple[int, int]
"""(season, episode); a film is (0, 0)."""


@dataclass(frozen=True)
class ItemFact:
    """A film or an episode. ``aired`` is what Sonarr last said, None while it was not asked."""

    key: ItemKey
    title: str | None = None
    air_at: datetime | None = None
    aired: bool | None = None


@dataclass(frozen=True)
class EntryFact:
    """A title in one Radarr or Sonarr; ``read_at`` is the start of the last reading of its files."""

    pk: int
    is_4k: bool = False
    deleted_at: datetime | None = None
    files_deleted: bool = False
    read_at: datetime | None = None


@dataclass(frozen=True)
class FileFact:
    """A file record. ``read_at`` is the last reading that listed it, ``told_at`` when it was first told."""

    entry: EntryFact
    file_id: int
    items: frozenset[ItemKey]
    told_at: datetime
    download_id: str | None = None
    quality: str | None = None
    death: FileDeath | None = None
    died_at: datetime | None = None
    read_at: datetime | None = None


@dataclass(frozen=True)
class DownloadFact:
    """One download with all its ids; ``nameless`` when the client gave none. Sizes are bytes."""

    pk: int
    aliases: frozenset[str]
    grabbed_at: datetime
    nameless: bool = False
    stage: DownloadStage | None = None
    progress: float = 0.0
    size: int | None = None
    speed: int | None = None
    eta: int | None = None
    gone: bool = False
    polled_at: datetime | None = None


@dataclass(frozen=True)
class GrabFact:
    """That a download carries items of an entry."""

    entry: EntryFact
    download: DownloadFact
    items: frozenset[ItemKey]


@dataclass(frozen=True)
class HintFact:
    """That the import of a download with these items was reported complete."""

    entry: EntryFact
    items: frozenset[ItemKey]
    download_id: str | None = None


@dataclass(frozen=True)
class ShownFact:
    """That Jellyfin shows items: told (ItemAdded) or read."""

    items: frozenset[ItemKey]
    read_at: datetime | None = None


@dataclass(frozen=True)
class RequestFact:
    """The words of Seerr about one request; each time is that of the last arrival.

    ``vanished_at``: what was complete is no longer there; ``gone_at``: Seerr no longer has the request.
    """

    is_4k: bool = False
    seasons: frozenset[int] | None = None
    pending_at: datetime | None = None
    approved_at: datetime | None = None
    declined_at: datetime | None = None
    failed_at: datetime | None = None
    completed_at: datetime | None = None
    vanished_at: datetime | None = None
    gone_at: datetime | None = None


@dataclass(frozen=True)
class MediaFacts:
    """Everything that is known of a film or a series.

    ``list_read``: the episode list of the series was read. ``has_library``: a Jellyfin is configured or has called.
    """

    media_type: MediaType
    items: tuple[ItemFact, ...] = ()
    entries: tuple[EntryFact, ...] = ()
    files: tuple[FileFact, ...] = ()
    grabs: tuple[GrabFact, ...] = ()
    hints: tuple[HintFact, ...] = ()
    shown: tuple[ShownFact, ...] = ()
    list_read: bool = False
    has_library: bool = False

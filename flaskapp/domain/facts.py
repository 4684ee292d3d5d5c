"""What is known of one media, as plain values: the input of ``lifecycle``.

Every fact carries ``is_4k`` where it belongs to an HD or a 4K instance, so that a 4K request counts only its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flaskapp.domain.observation import DownloadStage, FileDeath, MediaType
from flaskapp.domain.queue import Dropping, Hold, Protocol, QueueStage

ItemKey = tuple[int, int]
"""(season, episode); a film is (0, 0)."""


@dataclass(frozen=True)
class ItemFact:
    """A film or an episode. ``aired`` is what was last read, None while nobody was asked."""

    key: ItemKey
    title: str | None = None
    air_at: datetime | None = None
    aired: bool | None = None


@dataclass(frozen=True)
class EntryFact:
    """A title in one Radarr or Sonarr; ``read_at`` is the start of the last reading of its files.

    The four last are what that reading said; ``monitored`` and ``is_released`` are None while it was not asked.
    """

    pk: int
    is_4k: bool = False
    deleted_at: datetime | None = None
    files_deleted: bool = False
    read_at: datetime | None = None
    monitored: bool | None = None
    is_released: bool | None = None
    release_at: datetime | None = None
    searched_at: datetime | None = None


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
class ListingFact:
    """What the queue of a Radarr or Sonarr last said of a download; ``since`` is when ``stage`` began.

    ``progress`` is 0…1 and None while the size is unknown, sizes are bytes, ``eta`` seconds.
    """

    stage: QueueStage
    since: datetime
    seen_at: datetime
    protocol: Protocol = Protocol.UNKNOWN
    progress: float | None = None
    size: int | None = None
    eta: int | None = None
    messages: tuple[str, ...] = ()


@dataclass(frozen=True)
class DropFact:
    """That a download left the queue without an import, and why."""

    why: Dropping
    at: datetime
    message: str | None = None


@dataclass(frozen=True)
class DownloadFact:
    """One download with all its ids; ``nameless`` when the client gave none. Sizes are bytes.

    ``stage`` … ``polled_at`` are what the client itself said (qBittorrent), ``listing`` what Radarr or Sonarr says
    of it, ``drop`` that it will bring nothing any more; ``gone_at`` that the client no longer knows it.
    ``blocked_at``: a webhook said that the import needs a person.
    """

    pk: int
    aliases: frozenset[str]
    grabbed_at: datetime
    nameless: bool = False
    stage: DownloadStage | None = None
    stage_since: datetime | None = None
    speaker: str | None = None
    progress: float = 0.0
    size: int | None = None
    speed: int | None = None
    eta: int | None = None
    place: int | None = None
    last_byte_at: datetime | None = None
    gone_at: datetime | None = None
    polled_at: datetime | None = None
    listing: ListingFact | None = None
    drop: DropFact | None = None
    blocked_at: datetime | None = None
    blocked_messages: tuple[str, ...] = ()


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
class SearchFact:
    """Whether one Sonarr wants an episode, and when it last searched for it by itself."""

    entry: EntryFact
    item: ItemKey
    monitored: bool
    searched_at: datetime | None = None


@dataclass(frozen=True)
class HeldFact:
    """That an item has a release which is not grabbed yet."""

    entry: EntryFact
    item: ItemKey
    hold: Hold
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class ShownFact:
    """That Jellyfin shows items: told (ItemAdded) or read."""

    items: frozenset[ItemKey]
    read_at: datetime | None = None


@dataclass(frozen=True)
class HiddenFact:
    """That Jellyfin showed items once, and since when it no longer does."""

    items: frozenset[ItemKey]
    since: datetime


@dataclass(frozen=True)
class RequestFact:
    """The words of Seerr about one request; each time is that of the last arrival.

    ``vanished_at``: what was complete is no longer there; ``gone_at``: Seerr no longer has the request; ``lacked_at``:
    Radarr or Sonarr was read and did not have the title.
    """

    asked_at: datetime | None = None
    """When the person asked: first as it was told, then as Seerr itself says it."""
    is_4k: bool = False
    seasons: frozenset[int] | None = None
    pending_at: datetime | None = None
    approved_at: datetime | None = None
    declined_at: datetime | None = None
    failed_at: datetime | None = None
    completed_at: datetime | None = None
    vanished_at: datetime | None = None
    gone_at: datetime | None = None
    lacked_at: datetime | None = None


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
    held: tuple[HeldFact, ...] = ()
    searches: tuple[SearchFact, ...] = ()
    shown: tuple[ShownFact, ...] = ()
    hidden: tuple[HiddenFact, ...] = ()
    list_read: bool = False
    has_library: bool = False

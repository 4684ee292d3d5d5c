"""What the queues and histories of Radarr and Sonarr say of downloads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flaskapp.domain.observation import EntryRef, EpisodeRef, Observation


class QueueStage(StrEnum):
    """Where Radarr or Sonarr sees a download."""

    QUEUED = "queued"
    PAUSED = "paused"
    DOWNLOADING = "downloading"
    WARNED = "warned"
    """The client warns: stalled, errors. Which of them only the client itself can say."""
    UNPACKING = "unpacking"
    """Every byte is there and the client is not done: a usenet client repairs or unpacks."""
    COMPLETE = "complete"
    UNREACHABLE = "unreachable"
    """Complete, but Radarr or Sonarr can't find the files: a path or a category is wrong."""
    PENDING = "pending"
    """Waits to be imported."""
    HELD = "held"
    """Waits to be imported with a warning; unpacking passes through here."""
    BLOCKED = "blocked"
    """Waits for a person."""
    IMPORTING = "importing"
    FAILED = "failed"


class Protocol(StrEnum):
    """How a download comes; usenet knows no peers."""

    TORRENT = "torrent"
    USENET = "usenet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class DownloadListed(Observation):
    """A queue lists a download with all the items it carries; Sonarr's row for each of them has the size of all.

    ``progress`` is 0…1 and None while the size is unknown, sizes are bytes, ``eta`` seconds. ``messages`` are
    upstream's own, meant for people; ``client_text`` is the download client's.
    """

    entry: EntryRef
    items: tuple[EpisodeRef, ...]
    download_id: str
    stage: QueueStage
    protocol: Protocol = Protocol.UNKNOWN
    progress: float | None = None
    size: int | None = None
    size_left: int | None = None
    eta: int | None = None
    title: str | None = None
    quality: str | None = None
    indexer: str | None = None
    client: str | None = None
    added_at: datetime | None = None
    messages: tuple[str, ...] = ()
    client_text: str | None = None


class Dropping(StrEnum):
    """Why a download left the queue without an import."""

    FAILED = "failed"
    IGNORED = "ignored"
    REMOVED = "removed"
    """Nobody said why; history has no word of it."""


@dataclass(frozen=True, kw_only=True)
class DownloadDropped(Observation):
    """A download will bring nothing any more: history says so, or the queue lacks it for long enough.

    ``seen_at`` is the time of the row in history, or the start of the reading that proved the absence.
    """

    entry: EntryRef
    items: tuple[EpisodeRef, ...]
    download_id: str
    why: Dropping
    message: str | None = None


class Hold(StrEnum):
    """Why a found release is not grabbed yet."""

    DELAY = "delay"
    CLIENT_UNAVAILABLE = "client_unavailable"


@dataclass(frozen=True)
class HeldRelease:
    """A release that is found and not grabbed; ``until`` is when a delay profile lets it go."""

    entry: EntryRef
    item: EpisodeRef
    hold: Hold
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ReleasesHeld(Observation):
    """All releases that one Radarr or Sonarr holds back now: replaces what it held before."""

    held: tuple[HeldRelease, ...]


@dataclass(frozen=True, kw_only=True)
class HistoryRead(Observation):
    """The history of one Radarr or Sonarr (the name people know it by) was taken in up to a row of this time."""

    upstream: str
    until: datetime

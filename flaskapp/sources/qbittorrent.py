"""qBittorrent's list of torrents, of all versions from 4.1 on."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from flaskapp.domain.observation import DownloadPolled, DownloadStage
from flaskapp.sources.fields import LARGEST_ID, LONGEST
from flaskapp.sources.values import as_text, as_whole, tidy

STAGES = {
    "metaDL": DownloadStage.METADATA,
    "forcedMetaDL": DownloadStage.METADATA,
    "queuedDL": DownloadStage.QUEUED,
    "checkingResumeData": DownloadStage.CHECKING,
    "checkingDL": DownloadStage.CHECKING,
    "checkingUP": DownloadStage.CHECKING,
    "allocating": DownloadStage.DOWNLOADING,
    "downloading": DownloadStage.DOWNLOADING,
    "forcedDL": DownloadStage.DOWNLOADING,
    "stalledDL": DownloadStage.STALLED,
    "pausedDL": DownloadStage.PAUSED,
    "stoppedDL": DownloadStage.PAUSED,
    "moving": DownloadStage.MOVING,
    "uploading": DownloadStage.COMPLETE,
    "stalledUP": DownloadStage.COMPLETE,
    "forcedUP": DownloadStage.COMPLETE,
    "queuedUP": DownloadStage.COMPLETE,
    "pausedUP": DownloadStage.COMPLETE,
    "stoppedUP": DownloadStage.COMPLETE,
    "missingFiles": DownloadStage.MISSING_FILES,
    "error": DownloadStage.ERROR,
}
"""A word that is not here says nothing: the last known stage stays."""
ENDLESS = 8_640_000
"""What qBittorrent sends as seconds left when it can't tell."""
ID_FIELDS = ("hash", "infohash_v1", "infohash_v2")
"""Where the ids of a torrent stand, that of qBittorrent first."""
EARLIEST, NEVER = 946_684_800, 4_294_967_295
"""Seconds since 1970: the year 2000, before which there are no torrents, and "never" as 4.1 spells it."""

_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ID_LENGTH = 40


def parse(torrents: Iterable[Mapping[str, object]], seen_at: datetime) -> tuple[DownloadPolled, ...]:
    """Give what a list of torrents means; an entry without a usable hash is left out."""
    return tuple(_polled(torrent, ids, seen_at) for torrent in torrents if (ids := ids_of(torrent)))


def ids_of(torrent: Mapping[str, object]) -> tuple[str, ...]:
    """Give all ids of a torrent, that of qBittorrent first: the v1 hash, or the v2 hash cut to 40 digits.

    A hybrid torrent has both, and is listed under the v1 hash only until its metadata arrives.
    """
    known = (torrent_id(torrent.get(name)) for name in ID_FIELDS)
    return tuple(dict.fromkeys(id_ for id_ in known if id_))


def torrent_id(value: object) -> str | None:
    """Give an id as qBittorrent spells it; None when it can't be the id of a torrent."""
    text = value.strip().lower() if isinstance(value, str) else ""
    return text[:_ID_LENGTH] if _HASH.fullmatch(text) else None


def _polled(torrent: Mapping[str, object], ids: tuple[str, ...], seen_at: datetime) -> DownloadPolled:
    stage = STAGES.get(str(torrent.get("state")), DownloadStage.UNKNOWN)
    size = _whole(torrent, "size") or None  # 0 before the metadata is there, and then nothing is left either
    progress = _progress(torrent, size)
    if stage is DownloadStage.COMPLETE:
        progress = 1.0
    elif progress is None:
        stage = DownloadStage.UNKNOWN  # without a number the last truth is better than a made-up 0
    is_flowing = stage is DownloadStage.DOWNLOADING
    is_queued = stage is DownloadStage.QUEUED
    return DownloadPolled(
        seen_at=seen_at,
        download_id=ids[0],
        aliases=ids[1:],
        stage=stage,
        progress=progress or 0.0,
        size=size,
        size_left=_whole(torrent, "amount_left") if size else None,
        # Outside a download both speak of something else: a decaying average, the end of seeding.
        speed=_whole(torrent, "dlspeed") if is_flowing else None,
        eta=_eta(torrent) if is_flowing else None,
        seeds=_whole(torrent, "num_seeds"),
        place=_whole(torrent, "priority") or None if is_queued else None,
        last_byte_at=None if stage is DownloadStage.COMPLETE else _last_byte_at(torrent),
        availability=_number(torrent, "availability"),
        name=_name(torrent),
    )


def _progress(torrent: Mapping[str, object], size: int | None) -> float | None:
    progress = _number(torrent, "progress")
    if progress is not None:
        return min(progress, 1.0)
    left = _whole(torrent, "amount_left")
    return None if size is None or left is None else max(0.0, 1 - left / size)


def _eta(torrent: Mapping[str, object]) -> int | None:
    eta = _whole(torrent, "eta")
    return eta if eta is not None and eta < ENDLESS else None


def _last_byte_at(torrent: Mapping[str, object]) -> datetime | None:
    """Read when a byte last went down or up; before the first one, the time of adding stands there."""
    seconds = _whole(torrent, "last_activity")
    if seconds is None or not EARLIEST < seconds < NEVER or seconds == _whole(torrent, "added_on"):
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _whole(torrent: Mapping[str, object], name: str) -> int | None:
    number = as_whole(torrent.get(name))
    return number if number is not None and 0 <= number <= LARGEST_ID else None


def _number(torrent: Mapping[str, object], name: str) -> float | None:
    """Read a number from 0 up; whole ones come as integers, -1 means that there is none."""
    value = torrent.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    number = min(float(value), 1e9) if abs(value) < LARGEST_ID else math.inf
    return number if math.isfinite(number) and number >= 0 else None


def _name(torrent: Mapping[str, object]) -> str | None:
    text = as_text(torrent.get("name"))
    return (tidy(text[: LONGEST * 4])[:LONGEST] or None) if text else None

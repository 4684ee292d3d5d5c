"""Which torrents to ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import inf

from flaskapp.polling.missing import TrackedDownload
from flaskapp.sources.qbittorrent import torrent_id

LOOK_UP = timedelta(seconds=1)
"""So old may the list be; whoever asks less often has it anew each time."""


class Followed:
    """The open downloads that can be torrents, as ``tracked()`` gave them a moment ago."""

    def __init__(self, tracked: Callable[[], Sequence[TrackedDownload]]) -> None:
        self._tracked = tracked
        self._looked_up_at: datetime | None = None
        self._downloads: list[TrackedDownload] = []

    def at(self, now: datetime) -> list[TrackedDownload]:
        """Give them with those of their ids that can be a torrent's."""
        if self._looked_up_at is None or not timedelta(0) <= now - self._looked_up_at < LOOK_UP:
            self._downloads = [replace(each, aliases=ids) for each in self._tracked() if (ids := _askable(each))]
            self._looked_up_at = now
        return self._downloads

    def left(self, now: datetime) -> float:
        """Give the seconds until a list of an earlier moment is old: what was grabbed since is not in it."""
        age = timedelta(0) if self._looked_up_at is None else now - self._looked_up_at
        return (LOOK_UP - age).total_seconds() if age else inf


def _askable(download: TrackedDownload) -> tuple[str, ...]:
    """Give the ids that can be a torrent's: usenet clients have ids of other shapes."""
    return tuple(id_ for alias in download.aliases if (id_ := torrent_id(alias)))

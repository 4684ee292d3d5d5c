"""What each download said last: only news are worth a transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from flaskapp.domain.observation import DownloadPolled, DownloadStage

REFRESH = timedelta(seconds=10)
"""What did not change is said again after this time, so that a card can tell how old its numbers are."""
STANDSTILL = timedelta(seconds=30)
"""qBittorrent says "downloading" for a minute, and sometimes for ever, after the last seed has left."""


class Measurements:
    """Remembers downloads by the id that the client uses."""

    def __init__(self) -> None:
        self._handed: dict[str, DownloadPolled] = {}
        self._left: dict[str, tuple[int | None, datetime]] = {}
        self._settled: dict[str, tuple[DownloadPolled, datetime, datetime]] = {}

    def judge(self, polled: DownloadPolled) -> DownloadPolled:
        """Call a download stalled that gets no bytes, whatever the client says of it."""
        if polled.stage is not DownloadStage.DOWNLOADING:
            self._left.pop(polled.download_id, None)
            return polled
        left, since = self._left.get(polled.download_id, (None, polled.seen_at))
        if left != polled.size_left or polled.seen_at < since:
            since = polled.seen_at
        self._left[polled.download_id] = (polled.size_left, since)
        if polled.size_left is None or polled.seen_at - since < STANDSTILL:
            return polled
        return replace(polled, stage=DownloadStage.STALLED, speed=None, eta=None)

    def is_news(self, polled: DownloadPolled) -> bool:
        """Tell whether the record should hear of it."""
        before = self._handed.get(polled.download_id)
        if before is None or replace(before, seen_at=polled.seen_at, last_byte_at=polled.last_byte_at) != polled:
            return True
        return not timedelta(0) <= polled.seen_at - before.seen_at < REFRESH

    def keep(self, handed: Iterable[DownloadPolled]) -> None:
        """Remember what the record has."""
        self._handed.update((polled.download_id, polled) for polled in handed)

    def settle(self, polled: Iterable[DownloadPolled]) -> None:
        """Note what needs no second look until time makes news of it: it grows old, or stands still."""
        for each in polled:
            handed_at = self._handed[each.download_id].seen_at
            _, since = self._left.get(each.download_id, (None, handed_at - STANDSTILL))
            ends = (handed_at + REFRESH, since + STANDSTILL)
            self._settled[each.download_id] = (each, handed_at, min(end for end in ends if end > handed_at))

    def is_settled(self, polled: DownloadPolled, now: datetime) -> bool:
        """Tell whether this very observation was settled, and that still holds; a clock that was set back ends it."""
        observation, since, until = self._settled.get(polled.download_id, (None, now, now))
        return observation is polled and since <= now < until

    def keep_only(self, ids: Collection[str]) -> None:
        """Forget downloads that nobody follows any more."""
        self._handed = {id_: polled for id_, polled in self._handed.items() if id_ in ids}
        self._left = {id_: left for id_, left in self._left.items() if id_ in ids}
        self._settled = {id_: settled for id_, settled in self._settled.items() if id_ in ids}

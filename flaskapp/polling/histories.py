"""What happened in one Radarr or Sonarr: failures, which no webhook tells, and everything whose webhook was lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from flaskapp.domain.house import CauseKind
from flaskapp.domain.observation import FileImported, Grabbed
from flaskapp.domain.queue import HistoryRead
from flaskapp.polling.causes import Causes
from flaskapp.polling.outlet import Outlet, origin_of
from flaskapp.polling.pace import Pace
from flaskapp.sources.servarr_history import HistoryRow
from flaskapp.upstreams import Upstream

PACE = 60.0
"""Seconds between two passes."""
OVERLAP = timedelta(minutes=1)
"""Rows may be written a moment late; those that were seen already are left out."""
BATCH = 25
"""Rows in one step: each is a transaction of its own, so that the timeline has every step."""
PATIENCE = timedelta(minutes=1)
"""A webhook may be so late behind its row in history, or so early."""

ReadHistory = Callable[[Sequence[dict[str, object]], datetime], tuple[HistoryRow, ...]]


class HistoryClient(Protocol):
    """What is needed of Radarr or Sonarr."""

    def history(self, since: datetime) -> list[dict[str, object]]:
        """Give all that happened from a time on, the oldest first."""


@dataclass(frozen=True)
class Memory:
    """What the record knows of one instance.

    ``mark()`` is the time of the last row taken in, None in the beginning; ``heard(at)`` tells whether a webhook of
    this instance came since then; ``reach`` is how far back the first reading goes.
    """

    mark: Callable[[], datetime | None]
    heard: Callable[[datetime], bool]
    reach: timedelta


class History:
    """Reads the history of one Radarr or Sonarr from where it was read last."""

    def __init__(
        self, upstream: Upstream, client: HistoryClient, read: ReadHistory, memory: Memory, outlet: Outlet
    ) -> None:
        self._upstream, self._client, self._read, self._memory = upstream, client, read, memory
        self._outlet = outlet
        self._pace = Pace(outlet.signals, upstream.source)
        self._silence = Causes(upstream.name, [CauseKind.WEBHOOKS_SILENT], outlet)
        self._waiting: deque[HistoryRow] = deque()
        self._seen: set[int] = set()
        self._begun_at: datetime | None = None
        self._told_at: datetime | None = None

    def tick(self, now: datetime) -> float:
        """Ask when it is time, and take in some rows; give the seconds until there is more to do."""
        self._begun_at = self._begun_at or now
        if not self._waiting:
            early = self._pace.left(PACE, now)
            if early > 0:
                return early
            self._ask(self._begun_at, now)
        # At once: what is read after history would tell how it ended before it is told.
        self._take_in(now)
        return 0.0 if self._waiting else self._pace.left(PACE, now)

    def _ask(self, begun_at: datetime, now: datetime) -> None:
        since = self._memory.mark() or now - self._memory.reach
        with self._outlet.asking(self._upstream.name, now):
            rows = self._client.history(since - OVERLAP)
        read = self._read(rows, now)
        self._waiting.extend(row for row in read if row.id not in self._seen)
        self._seen &= {row.id for row in read}
        self._pace.done(now)
        self._judge(begun_at, now)

    def _take_in(self, now: datetime) -> None:
        origin = origin_of(self._upstream, now)
        # If the record fails on one, all that wait are read again from the mark: none is lost.
        rows, self._waiting = self._waiting, deque()
        for _ in range(min(BATCH, len(rows))):
            row = rows.popleft()
            mark = HistoryRead(seen_at=now, upstream=self._upstream.name, until=row.at)
            self._outlet.ingest([*row.observations, mark], origin)
            self._seen.add(row.id)
            if any(isinstance(each, Grabbed | FileImported) for each in row.observations):
                at = min(row.at, now)  # its clock may be ahead of ours
                self._told_at = max(at, self._told_at or at)
        self._waiting = rows

    def _judge(self, begun_at: datetime, now: datetime) -> None:
        """Tell when something happened while we were here, and no webhook came about it."""
        told_at = self._told_at
        if told_at is None or told_at < begun_at:
            if self._memory.heard(begun_at):
                self._silence.tell([], now)  # one from before our start is over
        elif now - told_at >= PATIENCE:
            is_silent = not self._memory.heard(told_at - PATIENCE)
            self._silence.tell([CauseKind.WEBHOOKS_SILENT] if is_silent else [], now)

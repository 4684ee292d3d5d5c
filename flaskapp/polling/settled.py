"""What nobody waits for any more: whether Radarr or Sonarr still has it. The call that it left may have been lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flaskapp.domain.observation import EntryRef
from flaskapp.domain.reading import EntryDoubted
from flaskapp.polling.entries import Entries, OpenEntry
from flaskapp.polling.outlet import Outlet, origin_of
from flaskapp.polling.pace import Pace
from flaskapp.upstreams import Upstream

PACE = 120.0
"""Seconds from one title to the next: however many there are, the service is asked no more than that."""


@dataclass(frozen=True)
class Known:
    """A title that was read: the number of its entry, its TMDB or TVDB id, and when it was last asked for."""

    entry_id: int
    number: int
    asked_at: datetime


class Settled:
    """Reads the titles of one Radarr or Sonarr in turn; ``oldest()`` is what was asked for longest ago, if anything."""

    def __init__(
        self, upstream: Upstream, entries: Entries, oldest: Callable[[], Sequence[Known]], outlet: Outlet
    ) -> None:
        self._upstream, self._entries, self._oldest, self._outlet = upstream, entries, oldest, outlet
        self._pace = Pace(outlet.signals)

    def tick(self, now: datetime) -> float:
        """Read one title when it is time; give the seconds until the next one."""
        early = self._pace.left(PACE, now)
        if early > 0:
            return early
        for known in self._oldest():
            if not self._entries.read(OpenEntry(known.number, known.asked_at), now):
                self._doubt(known, now)
        self._pace.done(now)
        return PACE

    def _doubt(self, known: Known, now: datetime) -> None:
        """Let it be asked for like one that somebody waits for: one look proves nothing."""
        entry = EntryRef(known.entry_id, self._entries.media(known.number))
        self._outlet.ingest([EntryDoubted(seen_at=now, entry=entry)], origin_of(self._upstream, now))

"""Asking one Radarr or Sonarr about the titles that somebody waits for, one at a time."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flaskapp.domain.observation import MediaRef, Observation
from flaskapp.domain.reading import EntryAbsent
from flaskapp.polling.errand import Errand
from flaskapp.polling.outlet import Outlet, origin_of
from flaskapp.sources.translation import UnusablePayloadError
from flaskapp.upstreams import Upstream

logger = logging.getLogger(__name__)


LACKED = timedelta(seconds=30)
"""How long a title has to be missing until it counts as gone: a list may be read while it is being saved."""
AGAIN = 60.0
"""Seconds until a title is read a second time; queue and history tell sooner what happens to it."""


@dataclass(frozen=True)
class OpenEntry:
    """A title to ask about, by its TMDB id (films) or TVDB id (series), and when its card last changed."""

    number: int
    opened_at: datetime


class Entries(ABC):
    """Reads what is open, each title less often the longer nothing happens to its card."""

    def __init__(self, upstream: Upstream, open_entries: Callable[[], Sequence[OpenEntry]], outlet: Outlet) -> None:
        self._upstream, self._open_entries, self._outlet = upstream, open_entries, outlet
        self._errand = Errand(AGAIN)
        self._lacked_since: dict[int, datetime] = {}

    def tick(self, now: datetime) -> float:
        """Read the next title that is due; give the seconds until another one is."""
        due, pause = self._errand.due(self._open_entries(), now)
        if due:
            self.read(due[0], now)
            return 0.0
        return pause

    def read(self, subject: OpenEntry, now: datetime) -> bool:
        """Read a title; tell whether it is there."""
        with self._outlet.asking(self._upstream.name, now):
            answer = self.ask(subject.number)
        self._errand.answered([subject], now)
        if answer is None:
            self._miss(subject.number, now)
            return False
        self._lacked_since.pop(subject.number, None)
        try:
            self._ingest(answer(now), now)
        except UnusablePayloadError as odd:
            logger.warning("%s gives a title that we can't use: %s", self._upstream.name, odd)
            return False
        return True

    def _miss(self, number: int, now: datetime) -> None:
        """Take a title for gone, or for never added, when it is missing for long enough."""
        if now - self._lacked_since.setdefault(number, now) >= LACKED:
            self._ingest(EntryAbsent(seen_at=now, media=self.media(number)), now)

    def _ingest(self, reading: Observation, now: datetime) -> None:
        self._outlet.ingest([reading], origin_of(self._upstream, now))

    @abstractmethod
    def ask(self, number: int) -> Callable[[datetime], Observation] | None:
        """Ask for a title; give how to read the answer, or None where it is not there."""

    @abstractmethod
    def media(self, number: int) -> MediaRef:
        """Name the title that has this number."""

"""What films and series are called: Seerr's list of requests names none."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flaskapp.clients.http import ClientError
from flaskapp.domain.observation import MediaRef, MediaType
from flaskapp.polling.errand import LOOK_UP, Errand
from flaskapp.polling.outlet import Outlet, origin_of
from flaskapp.sources.seerr import read_title
from flaskapp.upstreams import Upstream

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class OpenTitle:
    """A film or series that was asked for and whose title nobody told."""

    media_type: MediaType
    tmdb_id: int
    opened_at: datetime


class TitleClient(Protocol):
    """What is needed of Seerr."""

    def title(self, media_type: str, tmdb_id: int) -> dict[str, object]:
        """Give what a film or series is called."""


class Titles:
    """Asks one Seerr for one title at a time: it may have to ask TMDB itself."""

    def __init__(
        self, upstream: Upstream, client: TitleClient, open_titles: Callable[[], Sequence[OpenTitle]], outlet: Outlet
    ) -> None:
        self._upstream, self._client, self._open_titles, self._outlet = upstream, client, open_titles, outlet
        self._errand = Errand()

    def tick(self, now: datetime) -> float:
        """Ask for the next title that is due; give the seconds until another one is."""
        if self._outlet.signals.is_down(self._upstream.name):
            return LOOK_UP
        due, pause = self._errand.due(self._open_titles(), now)
        if not due:
            return pause
        # Noted before the try: Seerr answers an unknown id with an error, which must not hold up the others.
        self._errand.answered(due[:1], now)
        self._ask(due[0], now)
        return 0.0

    def _ask(self, subject: OpenTitle, now: datetime) -> None:
        try:
            row = self._client.title(subject.media_type, subject.tmdb_id)
        except ClientError as error:
            logger.warning("No title for %s %s: %s", subject.media_type, subject.tmdb_id, error)
            return
        media = MediaRef(subject.media_type, tmdb_id=subject.tmdb_id)
        self._outlet.ingest([read_title(row, media, now)], origin_of(self._upstream, now))

"""What Sonarr's webhooks leave open: which episodes a season has, and which of them have aired."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flaskapp.clients.http import ClientError
from flaskapp.config import Upstream
from flaskapp.domain.origin import Origin
from flaskapp.polling.errand import Errand
from flaskapp.polling.outlet import Outlet
from flaskapp.sources.sonarr import read_episodes
from flaskapp.sources.translation import UnusablePayloadError

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class OpenSeries:
    """A series whose episode list has to be read, and when it was told that this is so."""

    tvdb_id: int
    opened_at: datetime


class SeriesClient(Protocol):
    """What is needed of Sonarr."""

    def series(self, tvdb_id: int) -> dict[str, object] | None:
        """Give the series with this id."""

    def episodes(self, series_id: int) -> list[object]:
        """Give all its episodes."""


class EpisodeLists:
    """Reads the open series of one Sonarr, one at a time."""

    def __init__(
        self, upstream: Upstream, client: SeriesClient, open_series: Callable[[], Sequence[OpenSeries]], outlet: Outlet
    ) -> None:
        self._upstream, self._client, self._open_series, self._outlet = upstream, client, open_series, outlet
        self._errand = Errand(upstream.name)

    def tick(self, now: datetime) -> float:
        """Read the next series that is due; give the seconds until another one is."""
        due, pause = self._errand.due(self._open_series(), now)
        if due:
            self._read(due[0], now)
            return 0.0
        return pause

    def _read(self, subject: OpenSeries, now: datetime) -> None:
        try:
            answer = self._ask(subject.tvdb_id, now)
        except ClientError as error:
            logger.warning("%s We ask again in %.0f s.", error, self._errand.refused(now))
            return
        self._errand.answered([subject], now)
        if answer is None:
            logger.info("%s does not have series %s yet", self._upstream.name, subject.tvdb_id)
            return
        try:
            reading = read_episodes(*answer, now)
        except UnusablePayloadError as odd:
            logger.warning("%s gives a series that we can't use: %s", self._upstream.name, odd)
            return
        origin = Origin(self._upstream.source, self._upstream.instance, self._upstream.is_4k, now)
        self._outlet.ingest([reading], origin)

    def _ask(self, tvdb_id: int, now: datetime) -> tuple[dict[str, object], list[object]] | None:
        with self._outlet.asking(self._upstream.name, now):
            series = self._client.series(tvdb_id)
            number = series.get("id") if series else None
            if series is None or not isinstance(number, int):
                return None
            return series, self._client.episodes(number)

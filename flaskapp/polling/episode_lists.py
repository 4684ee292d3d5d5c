"""What Sonarr's webhooks leave open: which episodes a season has, which have aired, and which have a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

from flaskapp.domain.observation import MediaRef, MediaType
from flaskapp.domain.reading import EpisodesRead
from flaskapp.polling.entries import Entries, OpenEntry
from flaskapp.polling.outlet import Outlet
from flaskapp.sources.sonarr import read_episodes
from flaskapp.upstreams import Upstream


class SeriesClient(Protocol):
    """What is needed of Sonarr."""

    def series(self, tvdb_id: int) -> dict[str, object] | None:
        """Give the series with this id."""

    def episodes(self, series_id: int) -> list[object]:
        """Give all its episodes."""


class EpisodeLists(Entries):
    """Reads the open series of one Sonarr."""

    def __init__(
        self, upstream: Upstream, client: SeriesClient, open_series: Callable[[], Sequence[OpenEntry]], outlet: Outlet
    ) -> None:
        super().__init__(upstream, open_series, outlet)
        self._client = client

    def ask(self, number: int) -> Callable[[datetime], EpisodesRead] | None:
        """Ask for a series by its TVDB id, and for its episodes."""
        series = self._client.series(number)
        series_id = series.get("id") if series else None
        if series is None or not isinstance(series_id, int):
            return None
        return partial(read_episodes, series, self._client.episodes(series_id))

    def media(self, number: int) -> MediaRef:
        """Name the title by its TVDB id."""
        return MediaRef(MediaType.TV, tvdb_id=number)

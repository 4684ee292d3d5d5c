"""Sonarr's REST API: a series and its episodes."""

from __future__ import annotations

from typing import ClassVar

from flaskapp.clients.servarr import ServarrClient


class SonarrClient(ServarrClient):
    """Asks one Sonarr."""

    NESTED: ClassVar = {"includeSeries": "true", "includeEpisode": "true"}

    def series(self, tvdb_id: int) -> dict[str, object] | None:
        """Give the series with this id; None while Sonarr does not have it."""
        rows = self._rows("series", {"tvdbId": str(tvdb_id)})
        return next((row for row in rows if row.get("tvdbId") == tvdb_id), None)

    def episodes(self, series_id: int) -> list[object]:
        """Give all episodes of a series, by Sonarr's own number of it."""
        return list[object](self._rows("episode", {"seriesId": str(series_id)}))

"""Sonarr's REST API: a series and its episodes."""

from __future__ import annotations

from flaskapp.clients.http import Client, ClientError


class SonarrClient(Client):
    """Asks one Sonarr."""

    def __init__(self, name: str, url: str, api_key: str) -> None:
        super().__init__(name, f"{url.rstrip('/')}/api/v3", {"X-Api-Key": api_key})

    def series(self, tvdb_id: int) -> dict[str, object] | None:
        """Give the series with this id; None while Sonarr does not have it."""
        rows = self._list("series", {"tvdbId": str(tvdb_id)})
        return next((row for row in rows if isinstance(row, dict) and row.get("tvdbId") == tvdb_id), None)

    def episodes(self, series_id: int) -> list[object]:
        """Give all episodes of a series, by Sonarr's own number of it."""
        return self._list("episode", {"seriesId": str(series_id)})

    def _list(self, path: str, params: dict[str, str]) -> list[object]:
        rows = self.get_json(path, params)
        if not isinstance(rows, list):
            raise ClientError(f"{self.name} answered something that is no list.")
        return rows

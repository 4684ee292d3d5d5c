"""Radarr's REST API: a film and whether it has a file."""

from __future__ import annotations

from flaskapp.clients.http import Client, ClientError


class RadarrClient(Client):
    """Asks one Radarr."""

    def __init__(self, name: str, url: str, api_key: str) -> None:
        super().__init__(name, f"{url.rstrip('/')}/api/v3", {"X-Api-Key": api_key})

    def movie(self, tmdb_id: int) -> dict[str, object] | None:
        """Give the film with this id; None while Radarr does not have it."""
        rows = self.get_json("movie", {"tmdbId": str(tmdb_id)})
        if not isinstance(rows, list):
            raise ClientError(f"{self.name} answered something that is no list.")
        return next((row for row in rows if isinstance(row, dict) and row.get("tmdbId") == tmdb_id), None)

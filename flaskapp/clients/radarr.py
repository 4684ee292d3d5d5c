"""Radarr's REST API: a film and whether it has a file."""

from __future__ import annotations

from typing import ClassVar

from flaskapp.clients.servarr import ServarrClient


class RadarrClient(ServarrClient):
    """Asks one Radarr."""

    NESTED: ClassVar = {"includeMovie": "true"}

    def movie(self, tmdb_id: int) -> dict[str, object] | None:
        """Give the film with this id; None while Radarr does not have it."""
        rows = self._rows("movie", {"tmdbId": str(tmdb_id)})
        return next((row for row in rows if row.get("tmdbId") == tmdb_id), None)

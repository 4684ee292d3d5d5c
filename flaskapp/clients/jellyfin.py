"""Jellyfin's REST API: who it is, items by their ids or titles, and the episodes of a show."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from flaskapp.clients.http import Client, ClientError


def authorization(api_key: str) -> str:
    """Give the header that shows a key; older ones and ``?api_key=`` are off by default since 12.0."""
    token = quote(api_key, safe="")  # its values are URL-decoded
    return f'MediaBrowser Token="{token}", Client="Arrivarr", Device="Arrivarr", DeviceId="arrivarr", Version="1"'


class JellyfinClient(Client):
    """Asks one Jellyfin with an API key."""

    def __init__(self, name: str, url: str, api_key: str) -> None:
        super().__init__(name, url, {"Authorization": authorization(api_key)})

    def server_id(self) -> str:
        """Give the id of the server, which links for people need."""
        answer = self.get_json("System/Info/Public")
        server_id = answer.get("Id") if isinstance(answer, dict) else None
        if not isinstance(server_id, str) or not server_id:
            raise ClientError(f"{self.name} does not say which server it is: is its address right?")
        return server_id

    def items(self, ids: Sequence[str]) -> list[dict[str, object]]:
        """Give the items with these ids that are there, with the provider ids of each.

        Media sources are not asked for: they cost Jellyfin a look-up each, and say no more than its location type.
        """
        if not ids:
            return []
        return self._rows("Items", {"ids": ",".join(ids), "fields": "ProviderIds"})

    def search(self, item_type: str, title: str) -> list[dict[str, object]]:
        """Give films (``Movie``) or shows (``Series``) of about this title; there is no search by provider id."""
        shared = {"recursive": "true", "fields": "ProviderIds,Path", "enableImages": "false", "limit": "50"}
        return self._rows("Items", {"includeItemTypes": item_type, "searchTerm": title, **shared})

    def episodes(self, series_id: str) -> list[dict[str, object]]:
        """Give the episodes of a show that are really there."""
        return self._rows(
            f"Shows/{quote(series_id, safe='')}/Episodes", {"isMissing": "false", "fields": "ProviderIds"}
        )

    def _rows(self, path: str, params: dict[str, str]) -> list[dict[str, object]]:
        found = self.get_json(path, params)
        rows = found.get("Items") if isinstance(found, dict) else None
        if not isinstance(rows, list):
            raise ClientError(f"{self.name} answered something that is no list of items.")
        return [row for row in rows if isinstance(row, dict)]

"""Jellyfin's REST API: items by their ids."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from flaskapp.clients.http import Client, ClientError


class JellyfinClient(Client):
    """Asks one Jellyfin with an API key."""

    def __init__(self, url: str, api_key: str) -> None:
        # The older headers and ?api_key= are off by default since 12.0; values of this one are URL-decoded.
        token = quote(api_key, safe="")
        who = f'MediaBrowser Token="{token}", Client="Arrivarr", Device="Arrivarr", DeviceId="arrivarr", Version="1"'
        super().__init__("Jellyfin", url, {"Authorization": who})

    def items(self, ids: Sequence[str]) -> list[dict[str, object]]:
        """Give the items with these ids that are there, with the provider ids of each."""
        if not ids:
            return []
        found = self.get_json("Items", {"ids": ",".join(ids), "fields": "ProviderIds"})
        rows = found.get("Items") if isinstance(found, dict) else None
        if not isinstance(rows, list):
            raise ClientError("Jellyfin answered something that is no list of items.")
        return [row for row in rows if isinstance(row, dict)]

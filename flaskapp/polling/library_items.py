"""What Jellyfin's webhooks leave open: which show an episode belongs to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flaskapp.polling.errand import Errand
from flaskapp.polling.outlet import Outlet, origin_of
from flaskapp.sources.jellyfin import read_item
from flaskapp.upstreams import Upstream

BATCH = 50
"""Items in one question: a season comes as one burst of webhooks."""


@dataclass(frozen=True)
class OpenLibraryItem:
    """A Jellyfin item whose media is unknown; its show is asked for once its id is known."""

    item_id: str
    series_id: str | None
    opened_at: datetime

    @property
    def wanted_id(self) -> str:
        """Give the id that leads on."""
        return self.series_id or self.item_id


class ItemClient(Protocol):
    """What is needed of Jellyfin."""

    def items(self, ids: Sequence[str]) -> list[dict[str, object]]:
        """Give the items with these ids."""


class LibraryItems:
    """Reads the open items, many at a time."""

    def __init__(
        self,
        upstream: Upstream,
        client: ItemClient,
        open_items: Callable[[], Sequence[OpenLibraryItem]],
        outlet: Outlet,
    ) -> None:
        self._upstream, self._client, self._open_items, self._outlet = upstream, client, open_items, outlet
        self._errand = Errand()

    def tick(self, now: datetime) -> float:
        """Read the items that are due; give the seconds until others are."""
        due, pause = self._errand.due(self._open_items(), now)
        if due:
            self._read(due, now)
            return 0.0
        return pause

    def _read(self, due: Sequence[OpenLibraryItem], now: datetime) -> None:
        wanted = list(dict.fromkeys(item.wanted_id for item in due))[:BATCH]
        with self._outlet.asking(self._upstream.name, now):
            items = self._client.items(wanted)
        self._errand.answered([item for item in due if item.wanted_id in wanted], now)
        readings = [reading for item in items if (reading := read_item(item, now))]
        if readings:
            self._outlet.ingest(readings, origin_of(self._upstream, now))

"""Whether Jellyfin still has what the board calls available: it tells no removal for good, and forgets its calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from flaskapp.domain.observation import Observation
from flaskapp.domain.reading import LibraryItemAbsent
from flaskapp.polling.outlet import Outlet, origin_of
from flaskapp.polling.pace import Pace
from flaskapp.sources.jellyfin import read_item
from flaskapp.upstreams import Upstream

PACE, DOUBT_PACE = 300.0, 30.0
"""Seconds between two passes, and while an item is missing."""
CONFIRMED = timedelta(minutes=1)
"""An item is gone when it was missing for so long: a rename or an upgrade removes and adds it again."""
BATCH = 100
"""Items in one question."""
NOBODY = "0" * 32
"""The id of no item: asked for when there is no other, to see whether Jellyfin answers us."""


@dataclass(frozen=True)
class ShownItem:
    """An item that Jellyfin has shown, and whether it was ever read there."""

    item_id: str
    is_read: bool


class ItemClient(Protocol):
    """What is needed of Jellyfin."""

    def items(self, ids: Sequence[str]) -> list[dict[str, object]]:
        """Give the items with these ids that are there."""


class ShownItems:
    """Asks for all items behind the cards that are available."""

    def __init__(
        self, upstream: Upstream, client: ItemClient, shown: Callable[[], Sequence[ShownItem]], outlet: Outlet
    ) -> None:
        self._upstream, self._client, self._shown, self._outlet = upstream, client, shown, outlet
        self._pace = Pace(outlet.signals, "jellyfin")
        self._missing: dict[str, datetime] = {}

    def tick(self, now: datetime) -> float:
        """Make a pass when it is time; give the seconds until the next."""
        pace = DOUBT_PACE if self._missing else PACE
        early = self._pace.left(pace, now)
        if early > 0:
            return early
        shown = self._shown()
        found = self._find([each.item_id for each in shown] or [NOBODY], now)
        self._pace.done(now)
        unread = [each for each in shown if not each.is_read and each.item_id in found]
        news: list[Observation] = [read for each in unread if (read := read_item(found[each.item_id], now))]
        news += self._gone({each.item_id for each in shown} - found.keys(), now)
        if news:
            self._outlet.ingest(news, origin_of(self._upstream, now))
        return DOUBT_PACE if self._missing else PACE

    def _find(self, ids: Sequence[str], now: datetime) -> dict[str, dict[str, object]]:
        """Give the items that are there by their ids."""
        found: dict[str, dict[str, object]] = {}
        for start in range(0, len(ids), BATCH):
            with self._outlet.asking(self._upstream.name, now):
                rows = self._client.items(ids[start : start + BATCH])
            found |= {str(row.get("Id", "")).replace("-", "").lower(): row for row in rows}
        return found

    def _gone(self, missing: set[str], now: datetime) -> list[LibraryItemAbsent]:
        self._missing = {item_id: self._missing.get(item_id, now) for item_id in missing}
        gone = [item_id for item_id, since in self._missing.items() if now - since >= CONFIRMED]
        for item_id in gone:
            del self._missing[item_id]
        return [LibraryItemAbsent(seen_at=now, item_id=item_id) for item_id in gone]

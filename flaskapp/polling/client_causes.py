"""What is wrong with qBittorrent as a whole: slow mode, no way out, no room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from flaskapp.domain.house import SEEN_BY_CLIENTS, CauseKind
from flaskapp.polling.causes import Causes
from flaskapp.polling.outlet import Outlet
from flaskapp.polling.pace import Pace
from flaskapp.upstreams import Upstream

PACE = 30.0
"""Seconds between two looks while something is on the way."""
CONFIRMED = 2
"""Looks in a row without a connection: a client that starts has none for a moment."""
LEAST_ROOM = 64 * 2**20


class StateClient(Protocol):
    """What is needed of qBittorrent."""

    def is_slowed(self) -> bool:
        """Tell whether the alternative speed limits hold."""

    def is_connected(self) -> bool:
        """Tell whether it has a way to the internet."""

    def free_space(self) -> int | None:
        """Give the free bytes where it writes; expensive."""


class ClientCauses:
    """Looks while ``left()``, the missing bytes of each open download and whether it is in error, has any."""

    def __init__(
        self,
        upstream: Upstream,
        client: StateClient,
        left: Callable[[], Sequence[tuple[int | None, bool]]],
        outlet: Outlet,
    ) -> None:
        self._upstream, self._client, self._left, self._outlet = upstream, client, left, outlet
        self._causes = Causes(upstream.name, SEEN_BY_CLIENTS, outlet)
        self._pace = Pace(outlet.signals)
        self._cut_off = 0

    def tick(self, now: datetime) -> float:
        """Look when something is on the way; give the seconds until the next look."""
        early = self._pace.left(PACE, now)
        if early > 0:
            return early
        left = self._left()
        if not left:
            self._pace.done(now)
            self._causes.tell([], now)
            return PACE
        with self._outlet.asking(self._upstream.name, now):
            is_slowed, is_connected = self._client.is_slowed(), self._client.is_connected()
            is_full = self._is_full([size or 0 for size, is_in_error in left if is_in_error])
        self._pace.done(now)
        self._cut_off = 0 if is_connected else self._cut_off + 1
        true = {
            CauseKind.SLOW_MODE: is_slowed,
            CauseKind.DISCONNECTED: self._cut_off >= CONFIRMED,
            CauseKind.DOWNLOADS_FULL: is_full,
        }
        self._causes.tell([kind for kind, holds in true.items() if holds], now)
        return PACE

    def _is_full(self, wanted: Sequence[int]) -> bool:
        """Tell whether what is in error lacks room; nobody else says why it is."""
        if not wanted:
            return False
        free = self._client.free_space()
        return free is not None and free < max(LEAST_ROOM, min(wanted))

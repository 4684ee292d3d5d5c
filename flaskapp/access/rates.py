"""How often somebody may come who has shown nothing that is worth more, counted in the memory of this process."""

from __future__ import annotations

import time
from math import ceil

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.storage.memory import Entry
from limits.strategies import MovingWindowRateLimiter

STRANGERS = RateLimitItemPerMinute(60, namespace="strangers")
"""Of each address: calls of who is not signed in, wrong keys, tokens and links."""
LINKS = RateLimitItemPerMinute(120, namespace="links")
"""Of each private link, from each address."""
PEOPLE = RateLimitItemPerMinute(1200, namespace="people")
"""Of everybody who is signed in: more than all tabs of a house ask for."""

MOST_KEPT = 1000
"""So many are told apart by each rate; whoever comes beyond that shares one count, so that memory has a bound."""
OTHERS = "others"


class Rates:
    """Who came how often within the last minute; one per app. Strangers crowd out nobody but strangers."""

    def __init__(self) -> None:
        self._windows: dict[RateLimitItem, Window] = {}

    def wait(self, rate: RateLimitItem, *who: str) -> int:
        """Count a call; gives 0, or after how many seconds the next one will be heard."""
        if rate not in self._windows:
            self._windows[rate] = Window(rate)  # not before: it starts a timer, and making an app starts nothing
        return self._windows[rate].wait(*who)


class Window:
    """Who came how often by one rate."""

    def __init__(self, rate: RateLimitItem) -> None:
        self._rate, self._storage = rate, MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)

    @property
    def kept(self) -> dict[str, list[Entry]]:
        """Give the calls that are remembered; who was silent for a minute has none."""
        return self._storage.events

    def wait(self, *who: str) -> int:
        """Count a call; gives 0, or the seconds to wait."""
        if not self._has_room(self._rate.key_for(*who)):
            who = (OTHERS,)
        if self._limiter.hit(self._rate, *who):
            return 0
        return max(1, ceil(self._limiter.get_window_stats(self._rate, *who).reset_time - time.time()))

    def _has_room(self, key: str) -> bool:
        if key in self.kept or len(self.kept) < MOST_KEPT:
            return True
        for silent in [other for other, calls in self.kept.items() if not calls]:
            self._storage.clear(silent)  # the storage forgets calls, and never who made them
        return len(self.kept) < MOST_KEPT

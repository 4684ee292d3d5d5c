"""How often somebody may come who has shown nothing that is worth more, counted in the memory of this process."""

from __future__ import annotations

import time
from functools import cached_property
from ipaddress import IPv6Address, ip_address
from math import ceil

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

STRANGERS = RateLimitItemPerMinute(60, namespace="strangers")
"""Of each address: calls of who is not signed in, wrong keys, tokens and links."""
LINKS = RateLimitItemPerMinute(120, namespace="links")
"""Of each private link, from each address."""
PEOPLE = RateLimitItemPerMinute(1200, namespace="people")
"""Of everybody who is signed in: more than all tabs of a house ask for."""

MOST_KEPT = 1000
"""So many are told apart; whoever comes beyond that shares one count, so that many addresses use no more memory."""
OTHERS = "others"


class Rates:
    """Who came how often within the last minute; one per app."""

    @cached_property
    def storage(self) -> MemoryStorage:
        """Made at the first call: it starts a timer, and making an app starts nothing."""
        return MemoryStorage()

    @cached_property
    def _limiter(self) -> MovingWindowRateLimiter:
        return MovingWindowRateLimiter(self.storage)

    def wait(self, rate: RateLimitItem, *who: str) -> int:
        """Count a call; gives 0, or after how many seconds the next one will be heard."""
        if not self._has_room(rate.key_for(*who)):
            who = (OTHERS,)
        if self._limiter.hit(rate, *who):
            return 0
        return max(1, ceil(self._limiter.get_window_stats(rate, *who).reset_time - time.time()))

    def _has_room(self, key: str) -> bool:
        kept = self.storage.events
        if key in kept or len(kept) < MOST_KEPT:
            return True
        for silent in [other for other, calls in kept.items() if not calls]:
            self.storage.clear(silent)
        return len(kept) < MOST_KEPT


def network(address: str | None) -> str:
    """Give whom an address stands for: of IPv6 everybody has a whole network."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return address or ""
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)

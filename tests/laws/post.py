"""Carriers of webhooks: one that is prompt, and one that loses, delays and doubles."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from demo.clock import Clock
from demo.webhook import Webhook
from tests.demo.recorder import KIND

Receive = Callable[[Webhook], int]
Fate = tuple[int, ...]
"""Seconds after which a webhook arrives, once for each; none: it is lost."""
IN_TIME: Fate = (0,)


class Prompt:
    """Delivers at once."""

    def __init__(self) -> None:
        self.receive: Receive

    def send(self, webhook: Webhook) -> None:
        assert self.receive(webhook) == 200

    def deliver(self, webhook: Webhook) -> int:
        return self.receive(webhook)


class Unreliable(Prompt):
    """Lets ``fate_of`` decide what becomes of each webhook; ``deliver_due`` brings what is late."""

    def __init__(self, clock: Callable[[], Clock], fate_of: Callable[[str], Fate]) -> None:
        super().__init__()
        self._clock, self._fate_of = clock, fate_of
        self._late: list[tuple[datetime, int, Webhook]] = []
        self._order = count()

    def send(self, webhook: Webhook) -> None:
        now = self._clock().now
        for seconds in self._fate_of(f"{webhook.source} {webhook.payload[KIND[webhook.source]]}"):
            if seconds:
                heapq.heappush(self._late, (now + timedelta(seconds=seconds), next(self._order), webhook))
            else:
                super().send(webhook)

    def deliver_due(self, now: datetime | None = None) -> None:
        """Deliver what is due; without a time everything."""
        while self._late and (now is None or self._late[0][0] <= now):
            super().send(heapq.heappop(self._late)[2])

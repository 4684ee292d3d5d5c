"""A post that loses half of all webhooks, and brings the others twice and out of order."""

from __future__ import annotations

import random

from demo.webhook import Post, Webhook

LOSS, WINDOW = 0.5, 8
"""How much is lost, and how many deliveries are shuffled among each other."""


class Chaos:
    """Stands before a good post. The same seed loses the same webhooks; their senders believe that all is well."""

    def __init__(self, post: Post, seed: int) -> None:
        self._post, self._dice = post, random.Random(seed)
        self._waiting: list[Webhook] = []
        self.lost, self.sent = 0, 0

    def send(self, webhook: Webhook) -> None:
        """Lose a webhook, or keep it twice until enough others are there to be shuffled with."""
        if self._dice.random() < LOSS:
            self.lost += 1
            return
        self.sent += 1
        self._waiting += [webhook, webhook]
        if len(self._waiting) >= WINDOW:
            self.flush()

    def flush(self) -> None:
        """Send what waits, in any order."""
        self._dice.shuffle(self._waiting)
        for webhook in self._waiting:
            self._post.send(webhook)
        self._waiting.clear()

    def deliver(self, webhook: Webhook) -> int:
        """Deliver a test: somebody looks at it."""
        return self._post.deliver(webhook)

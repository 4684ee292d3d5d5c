"""A receiver that answers well and forgets nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from demo.webhook import Webhook
from demo.world import World

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
KIND = {"seerr": "notification_type", "jellyfin": "notification_type", "radarr": "eventType", "sonarr": "eventType"}


@dataclass
class Recorder:
    status: int = 200
    webhooks: list[Webhook] = field(default_factory=list)

    def send(self, webhook: Webhook) -> None:
        self.webhooks.append(webhook)
        webhook.on_answer(self.status < 400)

    def deliver(self, webhook: Webhook) -> int:
        self.webhooks.append(webhook)
        return self.status

    def of(self, source: str, kind: str = "") -> list[dict[str, Any]]:
        payloads = [webhook.payload for webhook in self.webhooks if webhook.source == source]
        return [payload for payload in payloads if kind in ("", payload[KIND[source]])]

    def kinds(self, source: str) -> list[str]:
        return [payload[KIND[source]] for payload in self.of(source)]


def connected_world(post: Recorder) -> World:
    world = World(NOON, post)
    world.connect("http://127.0.0.1:2774", "token")
    return world

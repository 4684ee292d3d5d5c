"""Connections of the type Webhook: which events they want, and where they go."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from demo.webhook import Receiver

HIDDEN = "********"


@dataclass
class Notification:
    """One connection as it was saved."""

    id: int
    name: str
    triggers: frozenset[str]
    fields: dict[str, Any]
    tags: tuple[int, ...] = ()

    @classmethod
    def from_resource(cls, id_: int, resource: dict[str, Any]) -> Notification:
        """Read what a client posts."""
        triggers = frozenset(name for name, value in resource.items() if value is True)
        fields = {row["name"]: row["value"] for row in resource["fields"]}
        return cls(id_, resource["name"], triggers, fields, tuple(resource["tags"]))

    @property
    def receiver(self) -> Receiver:
        """Give the address and the headers of its webhooks."""
        headers = {row["key"]: row["value"] for row in self.fields.get("headers") or ()}
        username, password = self.fields.get("username") or "", self.fields.get("password") or ""
        if username or password:
            headers["Authorization"] = f"Basic {b64encode(f'{username}:{password}'.encode('latin-1')).decode()}"
        return Receiver(self.fields["url"], headers)

    def to_resource(self, triggers: tuple[str, ...]) -> dict[str, Any]:
        """Show it; passwords stay hidden."""
        fields = {**self.fields, "password": HIDDEN if self.fields.get("password") else ""}
        return {
            **{trigger: trigger in self.triggers for trigger in triggers},
            "name": self.name,
            "fields": [{"name": name, "value": value} for name, value in fields.items()],
            "implementationName": "Webhook",
            "implementation": "Webhook",
            "configContract": "WebhookSettings",
            "tags": list(self.tags),
            "id": self.id,
        }


def schema(triggers: tuple[str, ...]) -> dict[str, Any]:
    """Show what a connection of this type can be told."""
    events = [trigger for trigger in triggers if trigger.startswith("on")]
    fields = (("url", "url"), ("method", "select"), ("username", "textbox"), ("password", "password"))
    return {
        **dict.fromkeys(triggers, False),
        **{f"supports{event[0].upper()}{event[1:]}": True for event in events},
        "fields": [
            *({"name": name, "type": kind, "advanced": False} for name, kind in fields),
            {"name": "headers", "type": "keyValueList", "advanced": True},
        ],
        "implementationName": "Webhook",
        "implementation": "Webhook",
        "configContract": "WebhookSettings",
        "tags": [],
    }


def webhook_resource(name: str, url: str, token: str, triggers: tuple[str, ...]) -> dict[str, Any]:
    """Give what a person fills in under Settings, Connect, Webhook."""
    headers = [{"key": "Authorization", "value": f"Bearer {token}"}]
    return {
        "name": name,
        "implementation": "Webhook",
        "configContract": "WebhookSettings",
        **dict.fromkeys(triggers, True),
        "fields": [
            {"name": "url", "value": url},
            {"name": "method", "value": 1},
            {"name": "headers", "value": headers},
        ],
        "tags": [],
    }

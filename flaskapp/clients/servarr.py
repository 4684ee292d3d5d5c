"""The REST API that Radarr and Sonarr share: queue, history, health, connections and disks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import ClassVar

from flaskapp.clients.http import Answer, Client, ClientError

_RECEIVED = re.compile(r"HTTP request failed: \[([0-9]{3})\b")
"""The status that a receiver answered with, in what Radarr and Sonarr say of it."""


class UndeliveredError(ClientError):
    """Its webhook did not arrive well: ``status`` is what was answered to it, None if nothing was."""

    def __init__(self, sentence: str, status: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status


class ServarrClient(Client):
    """Asks one Radarr or Sonarr; ``NESTED`` asks for the objects that its rows hold."""

    NESTED: ClassVar[Mapping[str, str]] = {}

    def __init__(self, name: str, url: str, api_key: str) -> None:
        super().__init__(name, f"{url.rstrip('/')}/api/v3", {"X-Api-Key": api_key})

    def status(self) -> dict[str, object]:
        """Give what it is, its version and when it was started."""
        answer = self.get_json("system/status")
        if not isinstance(answer, dict):
            raise ClientError(f"{self.name} answered something that is no object.")
        return answer

    def queue(self) -> list[dict[str, object]]:
        """Give the whole queue: unlike ``/queue`` this one has no pages."""
        return self._rows("queue/details", self.NESTED)

    def history(self, since: datetime) -> list[dict[str, object]]:
        """Give all that happened from a time on, which is kept to the second, the oldest first."""
        date = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return self._rows("history/since", {"date": date, **self.NESTED})

    def health(self) -> list[dict[str, object]]:
        """Give what it finds wrong with itself."""
        return self._rows("health")

    def disks(self) -> list[dict[str, object]]:
        """Give the disks that it sees, with what is free on them."""
        return self._rows("diskspace")

    def notifications(self) -> list[dict[str, object]]:
        """Give its connections, our webhook among them."""
        return self._rows("notification")

    def notification_schema(self) -> list[dict[str, object]]:
        """Give what each kind of connection can be told in this version."""
        return self._rows("notification/schema")

    def save_notification(self, notification: Mapping[str, object]) -> dict[str, object]:
        """Save a connection, a new one if it has no ``id``. It sends a test through it meanwhile, and waits for it."""
        number = notification.get("id")
        method, path = ("POST", "notification") if number is None else ("PUT", f"notification/{number}")
        answer = self.send(method, path, resource=notification)
        self._expect_delivered(answer, f"{self.name} did not save the connection")
        saved = self.read_json(answer)
        return saved if isinstance(saved, dict) else {}

    def delete_notification(self, number: int) -> None:
        """Delete a connection; one that is gone already is no error."""
        answer = self.send("DELETE", f"notification/{number}")
        if answer.status != 404:
            self.expect_good(answer)

    def test_notification(self, notification: Mapping[str, object]) -> None:
        """Let it send a test through a saved connection; if that arrives, it ends a pause of the connection."""
        answer = self.send("POST", "notification/test", resource=notification)
        self._expect_delivered(answer, f"The test of {self.name} failed")

    def _expect_delivered(self, answer: Answer, what: str) -> None:
        # What it says about a failure holds the address of the connection, and with it our token.
        if answer.status == 400:
            said = _RECEIVED.search(answer.text)
            if said is None:
                raise ClientError(f"{what}: it finds fault with it.")
            raise UndeliveredError(f"{what}: it sent something, and got no good answer.", int(said[1]))
        if answer.status == 500:
            raise UndeliveredError(f"{what}: it can't reach the address of its connection.")
        self.expect_good(answer)

    def _rows(self, path: str, params: Mapping[str, str] | None = None) -> list[dict[str, object]]:
        rows = self.get_json(path, params)
        if not isinstance(rows, list):
            raise ClientError(f"{self.name} answered something that is no list.")
        return [row for row in rows if isinstance(row, dict)]

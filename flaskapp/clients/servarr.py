"""The REST API that Radarr and Sonarr share: queue, history, health, connections and disks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import ClassVar

from flaskapp.clients.http import Client, ClientError


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

    def test_notification(self, notification: Mapping[str, object]) -> None:
        """Let it send a test through a saved connection; if that arrives, it ends a pause of the connection."""
        answer = self.send("POST", "notification/test", resource=notification)
        # What it says about a failure holds the address of the connection, and with it our token.
        if answer.status == 400:
            raise ClientError(f"The test of {self.name} failed: it sent something, and got no good answer.")
        if answer.status == 500:
            raise ClientError(f"The test of {self.name} failed: it can't reach the address of its connection.")
        self.expect_good(answer)

    def _rows(self, path: str, params: Mapping[str, str] | None = None) -> list[dict[str, object]]:
        rows = self.get_json(path, params)
        if not isinstance(rows, list):
            raise ClientError(f"{self.name} answered something that is no list.")
        return [row for row in rows if isinstance(row, dict)]

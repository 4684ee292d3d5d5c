"""A reader of event streams with no manners of its own: it shows every line of a frame."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

Fields = dict[str, Any]


class Reader:
    """One open stream; reading waits for at most ``patience`` seconds. ``headers`` show who reads."""

    def __init__(
        self,
        url: str,
        path: str = "/events",
        cursor: str | None = None,
        patience: float = 10.0,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=patience)
        place = {"Last-Event-ID": cursor} if cursor else {}
        self._connection.request("GET", path, headers={**(headers or {}), **place})
        try:
            self.response = self._connection.getresponse()
        except OSError:
            self._connection.close()
            raise
        self.cursor = cursor
        """The last id that was read."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Leave."""
        self.response.close()
        self._connection.close()

    def __iter__(self) -> Iterator[Fields]:
        """Give every frame: its lines by name, ``data`` parsed."""
        fields: Fields = {}
        for line in self.response:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name:
                fields[name] = json.loads(value) if name == "data" else value
                continue
            self.cursor = fields.get("id", self.cursor)
            yield fields
            fields = {}
        assert fields == {}, "The stream ended inside a frame."

    def until(self, kind: str) -> list[Fields]:
        """Read the data of frames up to the first of this type, heartbeats aside."""
        return self.read(lambda event: event["type"] == kind)

    def read(self, is_last: Callable[[Fields], bool]) -> list[Fields]:
        """Read the data of frames up to one that fits, heartbeats aside."""
        events: list[Fields] = []
        for frame in self:
            if frame.get("event") != "heartbeat":
                events.append(frame["data"])
                if is_last(frame["data"]):
                    return events
        raise AssertionError(f"The stream ended before; it had {events}.")

"""What Seerr posts about one film, after its real bodies; without the poster, which is not on this machine."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any

import requests

from tests.server.process import Server

PAYLOADS = Path(__file__).parent.parent / "payloads" / "seerr"
TITLE = "Nosferatu (1922)"
NUMBERS = count(1)


def seerr(kind: str, request_id: int = 1, title: str = TITLE) -> dict[str, Any]:
    """Give the body for ``pending``, ``approved``, ``declined``, ``available`` or ``failed``."""
    payload: dict[str, Any] = json.loads((PAYLOADS / f"media-{kind}-movie.json").read_text(encoding="utf-8"))
    payload["subject"], payload["image"] = title, ""
    payload["media"]["tmdbId"] = str(1000 + request_id)
    payload["request"]["request_id"] = str(request_id)
    return payload


class Film:
    """One that nobody has asked for before; somebody does at once."""

    def __init__(self, server: Server, title: str = TITLE) -> None:
        self._server, self._title, self._number = server, title, next(NUMBERS)
        self.tell("pending")

    def tell(self, kind: str) -> None:
        """Let Seerr tell what became of it."""
        self._server.webhook("seerr", seerr(kind, self._number, self._title))

    @property
    def id(self) -> int:
        """Give the id of its request on the board."""
        rows = requests.get(f"{self._server.url}/api/requests?limit=500", timeout=10).json()["requests"]
        return next(int(row["id"]) for row in rows if row["seerr_request_id"] == self._number)

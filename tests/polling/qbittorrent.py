"""A qBittorrent that answers as a test says; its rows are of the recorded list."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flaskapp.clients.http import ClientError

PAYLOADS = Path(__file__).parent.parent / "payloads" / "qbittorrent"
RUNNING: dict[str, Any] = next(
    row for row in json.loads((PAYLOADS / "torrents-4.5.2.json").read_bytes()) if row["state"] == "downloading"
)
V1, V2 = "ab" * 20, "cd" * 20


def torrent(id_: str = V1, **changes: Any) -> dict[str, object]:
    return {**RUNNING, "hash": id_, "infohash_v1": id_, **changes}


@dataclass
class FakeClient:
    """``rows`` is all it has; ``fails`` and ``fails_at_all`` are raised instead of an answer."""

    rows: list[dict[str, object]] = field(default_factory=list)
    fails: ClientError | None = None
    fails_at_all: ClientError | None = None
    asked: list[object] = field(default_factory=list)

    def version(self) -> str:
        return str(self._answer("version", []))

    def torrents(self, ids: Sequence[str]) -> list[dict[str, object]]:
        return self._answer(list(ids), [row for row in self.rows if row["hash"] in ids])

    def all_torrents(self) -> list[dict[str, object]]:
        if self.fails_at_all:
            raise self.fails_at_all
        return self._answer("all", self.rows)

    def _answer(self, question: object, rows: list[dict[str, object]]) -> list[dict[str, object]]:
        self.asked.append(question)
        if self.fails:
            raise self.fails
        return rows

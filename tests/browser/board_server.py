"""A board that people ask for films."""

from __future__ import annotations

import json

from tests.server.process import ROOT, Server

PAYLOADS = ROOT / "tests" / "payloads" / "seerr"


class BoardServer(Server):
    """A real server that is told what people ask for."""

    def ask(self, title: str, number: int, kind: str = "media-pending-movie", **words: str) -> None:
        """Let somebody ask for a film in Seerr; ``kind`` is an example body, ``number`` the Seerr request."""
        payload = json.loads((PAYLOADS / f"{kind}.json").read_text(encoding="utf-8"))
        payload |= {"subject": f"{title} (1927)", "image": ""}
        payload["media"] |= {"tmdbId": str(70_000 + number)}
        payload["request"] |= {"request_id": str(number)} | words
        self.webhook("seerr", payload)

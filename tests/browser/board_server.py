"""Boards that people ask for films."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.server.process import ROOT, Server, fill

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


class ReusedServer(BoardServer):
    """One gunicorn that serves board after board; a test may kill it and start it again."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self._earlier = 0
        super().__init__(folder, env, app="tests.server.renewed:app")

    @property
    def log(self) -> str:
        """What it has logged since this board is served."""
        return super().log[self._earlier :]

    def serve(self, folder: Path, env: Mapping[str, str]) -> None:
        """Serve another board."""
        self._earlier = len(super().log)
        self.data_dir = folder / "data"
        self.env = self.settings(folder, env)
        if self.is_running:
            requests.post(f"{self.url}/anew", json=self.env, timeout=10).raise_for_status()
        else:
            self.restart()


class Boards:
    """Gives empty boards in ``folder``, as many gunicorns as are needed at once; ``prepared`` is an empty database."""

    def __init__(self, folder: Path, prepared: Path) -> None:
        self._folder, self._prepared = folder, prepared
        self._count = 0
        self._servers: list[ReusedServer] = []
        self._free: list[ReusedServer] = []

    @contextmanager
    def open(self, env: Mapping[str, str]) -> Iterator[BoardServer]:
        """Give a board with these settings; nothing may have gone wrong in silence when it is given back."""
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir()
        fill(folder, self._prepared)
        if self._free:
            server = self._free.pop()
            server.serve(folder, env)
        else:
            server = ReusedServer(folder, env)
            self._servers.append(server)
        yield server
        self._free.append(server)
        server.assert_log_is_clean()

    def close(self) -> None:
        """Stop all."""
        for server in self._servers:
            server.stop()

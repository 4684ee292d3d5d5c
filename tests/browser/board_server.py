"""A board as a person runs it: gunicorn on a port of its own, told by webhooks."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).parents[2]
PAYLOADS = ROOT / "tests" / "payloads"
TOKEN = "token-of-the-tests"
PATIENCE = 30.0


class BoardServer:
    """One server process; ``kill`` and ``start`` may follow each other."""

    def __init__(self, data_dir: Path) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._data_dir = data_dir
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Make the database."""
        self._run("flask", "--app", "wsgi", "prepare").wait(PATIENCE)

    def start(self) -> None:
        """Serve, and come back when it answers."""
        self._process = self._run("gunicorn", "-c", "gunicorn.conf.py", "wsgi:app")
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self._data_dir / "log").read_text())
            time.sleep(0.05)

    def kill(self) -> None:
        """End it without a word to anybody."""
        assert self._process is not None
        # The worker would serve on without its master.
        os.killpg(self._process.pid, 9)
        self._process.wait(PATIENCE)

    def stop(self) -> None:
        """End it as a service manager does."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        self._process.wait(PATIENCE)

    def tell(self, source: str, payload: dict[str, Any]) -> None:
        """Post a webhook."""
        answer = requests.post(f"{self.url}/webhooks/{source}", json=payload, headers={"X-Api-Key": TOKEN}, timeout=10)
        assert answer.status_code == 200, answer.text

    def ask(self, title: str, number: int, kind: str = "media-pending-movie", **words: str) -> None:
        """Let somebody ask for a film in Seerr; ``kind`` is an example body, ``number`` the Seerr request."""
        payload = json.loads((PAYLOADS / "seerr" / f"{kind}.json").read_text())
        payload |= {"subject": f"{title} (1927)"}
        payload["media"] |= {"tmdbId": str(70_000 + number)}
        payload["request"] |= {"request_id": str(number)} | words
        self.tell("seerr", payload)

    def _run(self, *command: str) -> subprocess.Popen[bytes]:
        environ = os.environ | {
            "DATA_DIR": str(self._data_dir),
            "PORT": str(self.port),
            "WEBHOOK_TOKEN": TOKEN,
            "PYTHONUNBUFFERED": "1",
        }
        with (self._data_dir / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=5).ok
        except requests.RequestException:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

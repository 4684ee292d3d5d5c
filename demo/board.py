"""The real board as a child process, on a database of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
PATIENCE, STEP = 30.0, 0.2
"""Seconds to wait for its first answer, and between two questions."""

INHERITED = ("PATH", "HOME", "LANG", "TZ", "TMPDIR", "LOG_LEVEL")


class BoardError(Exception):
    """The board did not start."""


class Board:
    """Prepares the database, then serves until it is stopped. ``settings`` win over the environment."""

    def __init__(self, port: int, settings: Mapping[str, str]) -> None:
        self._port, self.url = port, f"http://{HOST}:{port}"
        # Settings of a real board must not lead a demo to a real house.
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        # Made-up people have no secrets: whoever looks from afar may come by any name.
        is_open = {"AUTH": "none", "AUTH_NONE_OK": "yes"}
        own = {"PORT": str(port), "HOST": HOST, "CALLBACK_URL": self.url, "DEMO": "yes"}
        self._environ = {**inherited, **settings, **is_open, **own}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and come back when it answers."""
        self._refuse_taken_port()
        if self._run("flask", "--app", "wsgi", "prepare").wait() != 0:
            raise BoardError("The board can't be prepared; what it said is above.")
        self._process = self._run("gunicorn", "-c", "gunicorn.conf.py", "wsgi:app")
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise BoardError("The board did not start; what it said is above.")
            time.sleep(STEP)

    def _refuse_taken_port(self) -> None:
        """Look before: another board that listens there would answer in our place."""
        try:
            socket.create_server((HOST, self._port)).close()
        except OSError:
            raise BoardError(f"Port {self._port} is taken. Choose another: PORT=2775 make demo") from None

    def stop(self) -> None:
        """Stop as a service manager would."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def _run(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        # In a session of its own: Ctrl-C in a terminal is for us, and we stop the board after the last webhook.
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=self._environ, start_new_session=True)  # noqa: S603

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=PATIENCE).ok
        except requests.RequestException:
            return False

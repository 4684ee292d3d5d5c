"""The real board as a child process, on a database of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
PATIENCE, STEP = 30.0, 0.2
"""Seconds to wait for its first answer, and between two questions."""


class BoardError(Exception):
    """The board did not start."""


class Board:
    """Prepares the database, then serves until it is stopped. ``settings`` win over the environment."""

    def __init__(self, port: int, settings: Mapping[str, str]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        # Settings of a real board must not lead a demo to a real house.
        inherited = {
            name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ", "LOG_LEVEL") if name in os.environ
        }
        self._environ = {**inherited, **settings, "PORT": str(port), "HOST": "127.0.0.1", "DEMO": "yes"}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and come back when it answers."""
        if self._run("flask", "--app", "wsgi", "prepare").wait() != 0:
            raise BoardError("The board can't be prepared; what it said is above.")
        self._process = self._run("gunicorn", "-c", "gunicorn.conf.py", "wsgi:app")
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise BoardError("The board did not start; what it said is above. Is its PORT taken?")
            time.sleep(STEP)

    def stop(self) -> None:
        """Stop as a service manager would."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def _run(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", module, *arguments], cwd=ROOT, env=self._environ)  # noqa: S603

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=PATIENCE).ok
        except requests.RequestException:
            return False

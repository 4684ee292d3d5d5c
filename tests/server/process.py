"""A real gunicorn with a database of its own, on a free port of this machine."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import requests

from flaskapp.config import Settings
from tests.app import prepare

ROOT = Path(__file__).parent.parent.parent
TOKEN = "a-token-for-the-tests"  # made up
BAD_WORDS = ("ERROR", "CRITICAL", "Traceback", "MonkeyPatchWarning")


def free_port() -> int:
    """Give a port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def wait_until(holds: Any, seconds: float = 10.0, step: float = 0.02) -> None:
    """Ask again and again, every ``step`` seconds, until it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"It did not come true within {seconds} s."
        time.sleep(step)


def fill(folder: Path, prepared: Path) -> None:
    """Give a server its empty database: to migrate one takes a moment."""
    (folder / "data").mkdir()
    shutil.copy(prepared, folder / "data" / "arrivarr.db")


class Server:
    """Starts at once. ``env`` adds settings, ``options`` go to gunicorn, ``app`` is what it serves.

    A folder that has no ``data`` yet gets an empty database.
    """

    def __init__(
        self, folder: Path, env: Mapping[str, str] | None = None, app: str = "wsgi:app", options: Sequence[str] = ()
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data_dir = folder / "data"
        self._log = folder / "gunicorn.log"
        self._command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", *options, app]
        self.env = self.settings(folder, env or {})
        if not self.data_dir.exists():
            prepare(Settings.from_environ(self.env))
        self._process = self._start()

    def settings(self, folder: Path, env: Mapping[str, str]) -> dict[str, str]:
        """Give the environment of a board whose data lie in ``folder``."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "DATA_DIR": str(folder / "data"),
            "WEBHOOK_TOKEN": TOKEN,
            "AUTH": "none",
            "PYTHONDONTWRITEBYTECODE": "1",
            **env,
        }

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                self._command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        self._process = process
        try:
            wait_until(self._answers, 30)
        except BaseException:
            self.kill()
            raise
        return process

    def _answers(self) -> bool:
        assert self._process.poll() is None, f"gunicorn left at once:\n{self.log}"
        try:
            return requests.get(f"{self.url}/healthz", timeout=5, headers={"Connection": "close"}).ok
        except requests.RequestException:
            return False

    @property
    def pid(self) -> int:
        """The process id of gunicorn's master."""
        return self._process.pid

    @property
    def worker(self) -> int:
        """The process id of the worker; the newest while two overlap."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return int(children.split()[-1])

    @property
    def is_running(self) -> bool:
        """Whether gunicorn has not left."""
        return self._process.poll() is None

    @property
    def log(self) -> str:
        """What all starts have logged."""
        return self._log.read_text()

    def assert_log_is_clean(self) -> None:
        """Nothing went wrong in silence."""
        assert [line for line in self.log.splitlines() if any(word in line for word in BAD_WORDS)] == []

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the master."""
        self._process.send_signal(number)

    def wait(self, seconds: float = 15.0) -> int:
        """Wait until it has left; give its exit code."""
        return self._process.wait(seconds)

    def stop(self) -> float:
        """End it as systemd does; give how many seconds that took. Twice is no mistake."""
        began = time.monotonic()
        if self.is_running:
            self.signal(signal.SIGTERM)
            self.wait()
        return time.monotonic() - began

    def kill(self) -> None:
        """End master and worker with SIGKILL, as a power cut would."""
        with suppress(ProcessLookupError):  # it may have left by itself
            os.killpg(self.pid, signal.SIGKILL)  # they are a session of their own, led by the master
        self.wait()

    def restart(self) -> None:
        """Stop if need be, and start again with the same folder, port and settings."""
        self.stop()
        self._start()

    def webhook(self, source: str, payload: Mapping[str, Any]) -> requests.Response:
        """Post a webhook body and expect it to be taken."""
        response = requests.post(
            f"{self.url}/webhooks/{source}", json=payload, headers={"X-Api-Key": TOKEN}, timeout=10
        )
        assert response.ok, response.text
        return response

    @property
    def streams(self) -> int:
        """How many event streams are open."""
        count: int = requests.get(f"{self.url}/readyz", timeout=10).json()["streams"]
        return count

"""A real Redis on a free port of this machine."""

from __future__ import annotations

import signal
import subprocess
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from redis import Redis, RedisError

from tests.server.process import free_port, wait_until


class RedisServer:
    """Starts at once."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self.start()

    @property
    def url(self) -> str:
        """Give its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Serve, also again after ``kill``."""
        command = [
            "redis-server",
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            str(self._folder),
        ]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._answers)

    def _answers(self) -> bool:
        with suppress(RedisError):
            return bool(self.tell("PING"))
        return False

    def tell(self, *command: str) -> Any:
        """Give it a command."""
        with closing(Redis.from_url(self.url, socket_timeout=5)) as redis:
            return redis.execute_command(*command)  # type: ignore[no-untyped-call]

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(10)

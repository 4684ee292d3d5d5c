"""The load client in C, driven from here: one command, one answer."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CORE = "1"
"""Of the client; the servers have the other."""
Answer = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """What is POSTed: ``rate`` a second, 0 being as soon as each connection has its answer."""

    port: int
    path: str
    body: Path
    events: int
    posters: int = 1
    rate: float = 0.0
    requests: int = 1
    first: int = 1
    name: str = "publish"
    batch: int = 1
    """So many events in one POST, a line each."""

    def __str__(self) -> str:
        words = (
            self.name,
            self.path,
            self.body,
            self.events,
            self.posters,
            self.rate,
            self.requests,
            self.first,
            self.port,
            self.batch,
        )
        return " ".join(map(str, words))


class Load:
    """A running client."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def open(self, count: int, wave: int = 64, path: str = "/events", seconds: float = 120.0) -> Answer:
        """Open streams, so many at a time."""
        return self._ask(f"open {count} {wave} {path} {seconds}")

    def stick(self, count: int, path: str = "/events") -> Answer:
        """Open streams that are never read."""
        return self._ask(f"stick {count} {path}")

    def keys(self, sequence: str, stamp: str) -> None:
        """Say what stands before the sequence number and before the time in an event; no blanks."""
        self._ask(f"keys {sequence} {stamp}")

    def run(self, *plans: Plan, quiet: float = 3.0, seconds: float = 180.0) -> Answer:
        """Carry plans out; the streams have to receive what the first one numbers."""
        for plan in plans:
            self._ask(f"plan {plan}")
        answer = self._ask(f"run {quiet} {seconds}")
        if not answer["is_finished"]:
            raise RuntimeError(f"not done after {seconds:.0f} s")
        return answer

    def close(self) -> None:
        """Let go of all streams."""
        self._ask("close")

    def _ask(self, command: str) -> Answer:
        assert self._process.stdin is not None  # noqa: S101  # it is a pipe
        assert self._process.stdout is not None  # noqa: S101  # it is a pipe
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"The load client ended at: {command}")
        answer: Answer = json.loads(line)
        return answer


@contextmanager
def load(program: Path, port: int) -> Iterator[Load]:
    """Start a client of the server at this port."""
    words = ["taskset", "--cpu-list", CORE, str(program), str(port)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Load(process)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

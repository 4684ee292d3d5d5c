"""What a server uses: the CPU time and the memory of its processes, read from /proc."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

PROC = Path("/proc")


def tree(pid: int) -> Iterator[int]:
    """Give a process and all that it started."""
    yield pid
    for task in PROC.joinpath(str(pid), "task").glob("*/children"):
        for child in task.read_text(encoding="ascii").split():
            yield from tree(int(child))


def cpu(pids: list[int]) -> float:
    """Give the seconds that these processes and their children ran, in user and kernel mode together."""
    total = 0
    for root in pids:
        for pid in tree(root):
            for thread in PROC.joinpath(str(pid), "task").iterdir():
                total += int(thread.joinpath("schedstat").read_text(encoding="ascii").split()[0])
    return total / 1e9


def memory(pids: list[int]) -> int:
    """Give the bytes that these processes and their children hold; what they share counts once."""
    kilobytes = 0
    for root in pids:
        for pid in tree(root):
            rollup = PROC.joinpath(str(pid), "smaps_rollup").read_text(encoding="ascii")
            kilobytes += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return kilobytes * 1024


def unsent(port: int) -> int:
    """Give the most bytes that wait in the kernel on an open connection of a server."""
    rows = [line.split() for line in PROC.joinpath("net", "tcp").read_text(encoding="ascii").splitlines()[1:]]
    of_server = [row for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "01"]
    return max((int(row[4].split(":")[0], 16) for row in of_server), default=0)


class Watch:
    """Looks twice a second at what a server holds, until it is left: the most bytes in the kernel, and of memory."""

    def __init__(self, pids: list[int], port: int) -> None:
        self._pids, self._port, self._held = pids, port, memory(pids)
        self.unsent = self.growth = 0
        self._is_over = threading.Event()
        self._looking = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._looking.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        self._looking.join()

    def _look(self) -> None:
        while not self._is_over.wait(0.5):
            self.unsent = max(self.unsent, unsent(self._port))
            self.growth = max(self.growth, memory(self._pids) - self._held)


def wait_until_idle(pids: list[int], longest: float = 30.0) -> None:
    """Wait until the processes have next to nothing to do."""
    end, before = time.monotonic() + longest, cpu(pids)
    while time.monotonic() < end:
        time.sleep(0.25)
        after = cpu(pids)
        if after - before < 0.005:
            return
        before = after

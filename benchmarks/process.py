"""What a server uses: the CPU time and the memory of its processes, read from /proc."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

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


def unsent(port: int) -> list[int]:
    """Give the bytes that wait in the kernel on each open connection of a server, the most first."""
    rows = [line.split() for line in PROC.joinpath("net", "tcp").read_text(encoding="ascii").splitlines()[1:]]
    of_server = [row for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "01"]
    return sorted((int(row[4].split(":")[0], 16) for row in of_server), reverse=True)


def wait_until_idle(pids: list[int], longest: float = 30.0) -> None:
    """Wait until the processes have next to nothing to do."""
    end, before = time.monotonic() + longest, cpu(pids)
    while time.monotonic() < end:
        time.sleep(0.25)
        after = cpu(pids)
        if after - before < 0.005:
            return
        before = after

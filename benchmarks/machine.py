"""What the figures were taken on, and whether it can carry them."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import resource
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.servers import OTHERS, ROOT

FILES = 13_000
"""What one process has open at 10,000 streams, and some more."""
OURS_USES = ("gunicorn", "gevent", "Flask", "SQLAlchemy")
OTHERS_USE = ("fastapi", "starlette", "uvicorn", "uvloop", "httptools", "sse-starlette", "flask-sse", "redis")


def prepare() -> None:
    """Allow as many open files as are needed; say what is missing where it can't be had."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < FILES:
        raise SystemExit(
            f"10,000 streams need {FILES} open files in one process; this machine allows {hard} (ulimit -Hn)."
        )
    if soft != resource.RLIM_INFINITY and soft < FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, hard))
    if len(os.sched_getaffinity(0)) < 2:
        raise SystemExit("The servers have one core and the load client another; this machine has one.")


def about(command: str) -> dict[str, str]:
    """Name the machine, the versions and the command."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    ours = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in OURS_USES)
    listed = _said([str(OTHERS / "python"), "-m", "pip", "freeze"]).splitlines()
    pinned = dict(line.lower().split("==") for line in listed if "==" in line)
    return {
        "command": f"`{command}`",
        "taken": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {_said(['git', 'rev-parse', '--short', 'HEAD'])}",
        "machine": f"{model}, {os.cpu_count()} cores, Linux {platform.release()}, Python {platform.python_version()}",
        "ours": ours,
        "others": ", ".join(f"{name} {pinned.get(name, '?')}" for name in OTHERS_USE),
        "in C": f"{_nginx()}, {_said(['gcc', '--version']).splitlines()[0]}",
    }


def _nginx() -> str:
    server = subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True).stderr.split()[-1]
    nchan = _said(["dpkg-query", "-W", "-f", "${Version}", "libnginx-mod-nchan"])
    return f"{server}, nchan {nchan}"


def _said(words: list[str]) -> str:
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

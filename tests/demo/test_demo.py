"""The demo as a person starts it, with the real board: faster than a person would watch it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.server.process import BAD_WORDS, ROOT, free_port

FATES = {
    ("A Trip to the Moon", None): "available",
    ("The Cabinet of Dr. Caligari", None): "available",
    ("Häxan", None): "available",
    ("Nosferatu", None): "available",
    ("Safety Last!", None): "available",
    ("Sherlock Jr.", None): "available",
    ("The General", None): "available",
    ("Metropolis", None): "available",
    ("Night of the Living Dead", None): "available",
    ("His Girl Friday", None): "requested",
    ("Detour", None): "approved",
    ("Charade", None): "declined",
    ("The Lantern Line", (1,)): "available",
    ("The Lantern Line", (2,)): "partially_available",
}

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "demo.log"


@pytest.fixture
def start(tmp_path: Path, log: Path) -> Iterator[Start]:
    """Give a function that starts a demo, which is ended afterwards."""
    started: list[subprocess.Popen[bytes]] = []

    def start(port: int, *options: str) -> subprocess.Popen[bytes]:
        environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TMPDIR": str(tmp_path), "PORT": str(port)}
        with log.open("wb") as output:
            command = [sys.executable, "-m", "demo", *options]
            started.append(subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=output))
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.wait(20)


def get(url: str) -> Any:
    try:
        return requests.get(url, timeout=30)
    except requests.ConnectionError:
        return None


def fates(url: str) -> dict[Any, str]:
    answer = get(f"{url}/api/requests")
    rows = answer.json()["requests"] if answer else []
    return {(row["title"], tuple(row["seasons"]) if row["seasons"] else None): row["state"] for row in rows}


@pytest.mark.timeout(150)
def test_the_board_shows_every_fate_and_nothing_is_left_behind(start: Start, tmp_path: Path, log: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"

    process = start(port, "--speed", "15")
    deadline = time.monotonic() + 90
    while fates(url) != FATES and time.monotonic() < deadline:
        time.sleep(0.25)
    shown = fates(url)
    page = get(url).text
    process.terminate()
    status = process.wait(20)

    assert shown == FATES, log.read_text()
    assert status == 0
    assert "Demo" in page
    assert get(url) is None
    assert [path for path in tmp_path.iterdir() if path != log] == []
    assert [line for line in log.read_text().splitlines() if any(word in line for word in BAD_WORDS)] == []


def test_the_demo_ends_by_itself_if_it_is_to_run_once(start: Start, log: Path) -> None:
    process = start(free_port(), "--once", "--speed", "1000")

    assert process.wait(40) == 0
    assert "Demo: open http://127.0.0.1:" in log.read_text()


def test_a_taken_port_is_said_at_once(start: Start, log: Path) -> None:
    port = free_port()
    with closing(socket.create_server(("127.0.0.1", port))):
        status = start(port).wait(20)

    assert status == 1
    assert f"Port {port} is taken." in log.read_text()

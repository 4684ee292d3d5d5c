"""Whoever comes and leaves, in whatever way, leaves nothing behind."""

from __future__ import annotations

import socket
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.server import chaos
from tests.server.numbers import count_of
from tests.server.process import ROOT, Server, fill, wait_until
from tests.server.test_slow_readers import resident

pytestmark = pytest.mark.both_ways

RESET = struct.pack("ii", 1, 0)
REQUEST = b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"


def census(server: Server) -> dict[str, int]:
    """Count what the worker holds."""
    response = requests.get(f"{server.url}/census", timeout=10, headers={"Connection": "close"})
    counts: dict[str, int] = response.json()
    return counts | {"files": len(list(Path(f"/proc/{server.worker}/fd").iterdir()))}


def visit(server: Server, asks: bytes, reads: bool, resets: bool) -> None:
    """Connect, say so much of a request, and leave."""
    sock = socket.create_connection(("127.0.0.1", server.port))
    sock.sendall(asks)
    if reads:
        sock.recv(100)
    if resets:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    sock.close()


def come_and_go(server: Server, times: int) -> None:
    """Leave by a reset every other time, every fourth time before the first byte, now and then within the request."""
    for number in range(times):
        is_whole = number % 16 > 1
        visit(server, REQUEST if is_whole else REQUEST[:19], reads=is_whole and number % 8 > 1, resets=bool(number % 2))


@pytest.mark.timeout(chaos.PATIENCE)
def test_thousands_of_comings_and_goings_leave_nothing_behind(server: Server) -> None:
    come_and_go(server, 200)
    wait_until(lambda: server.streams == 0)
    before = census(server)
    memory = resident(server.worker)

    come_and_go(server, chaos.COMINGS)

    wait_until(lambda: server.streams == 0)
    wait_until(lambda: all(count <= before[name] for name, count in census(server).items()))
    assert count_of(server, "streams_opened_total") == count_of(server, "streams_closed_total")
    assert resident(server.worker) - memory < 8 * 1024


def test_a_peer_that_vanished_is_given_up(tmp_path: Path, prepared: Path) -> None:
    """Its packets just stop: no end of the connection ever comes."""
    fill(tmp_path, prepared)
    command = ["unshare", "--net", sys.executable, "-m", "tests.server.unplugged", str(tmp_path)]

    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=90, check=False)

    assert "unshare" not in outcome.stderr, f"This test needs root, to make a network of its own: {outcome.stderr}"
    assert outcome.returncode == 0, outcome.stderr

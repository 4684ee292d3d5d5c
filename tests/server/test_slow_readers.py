"""Who reads slowly, or not at all, costs the others nothing and the process little."""

from __future__ import annotations

import re
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.server import chaos
from tests.server.crowd import Crowd
from tests.server.process import Server, wait_until
from tests.server.reader import Reader

pytestmark = pytest.mark.both_ways

WAITING = 256 * 1024
"""Bytes that may wait for one browser."""


def never_reading(server: Server) -> socket.socket:
    """Open a stream with a small window, so that little fits into the kernel of the reader."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect(("127.0.0.1", server.port))
    sock.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return sock


def resident(pid: int) -> int:
    """Give the resident memory of a process in kB."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
    assert found is not None
    return int(found[1])


def kept(server: Server) -> int:
    """Give how many bytes of frames the worker holds."""
    response = requests.get(f"{server.url}/census", timeout=10, headers={"Connection": "close"})
    return int(response.json()["bytes"])


def make_noise(server: Server) -> None:
    requests.post(f"{server.url}/noise", timeout=10, headers={"Connection": "close"})


def assert_deaf_ones_are_cut(server: Server) -> None:
    """Publish 20 MB past ten that never read: a good reader gets all, little is kept, and they are cut."""
    with ExitStack() as stack:
        reader = stack.enter_context(Reader(server.url))
        reader.until("connected")
        deaf = [stack.enter_context(never_reading(server)) for _ in range(10)]
        wait_until(lambda: server.streams == 11)
        memory = resident(server.worker)

        for _ in range(100):
            make_noise(server)
            assert [event["type"] for event in reader.until("silence")] == ["noise"] * 9 + ["silence"]

        assert kept(server) <= len(deaf) * WAITING
        assert resident(server.worker) - memory < 8 * 1024
        wait_until(lambda: server.streams == 1, 13)


def test_ten_that_never_read_are_cut_and_cost_the_others_nothing(server: Server) -> None:
    assert_deaf_ones_are_cut(server)


def test_a_naive_server_keeps_everything_for_who_never_reads(naive: Server) -> None:
    with pytest.raises(AssertionError, match="kept"):
        assert_deaf_ones_are_cut(naive)


@pytest.mark.timeout(chaos.PATIENCE)
def test_one_that_reads_a_byte_a_second_is_never_told_half(server: Server) -> None:
    """It gets whole frames up to a `resync`, or it is cut: it may not believe that it has everything."""
    with Crowd() as crowd, never_reading(server) as slow:
        reader = crowd.come(server.port)
        crowd.until(lambda guest: guest.says("connected"))
        read = b""
        for _ in range(60 if chaos.IS_FULL else 12):
            read += slow.recv(1)
            make_noise(server)
            crowd.until(lambda guest: guest.says("silence"))
            reader.frames.clear()
            assert kept(server) <= WAITING + 200_000  # and what is just being handed on
            time.sleep(1)

        slow.settimeout(15)
        assert is_told(slow, read)


def is_told(sock: socket.socket, read: bytes) -> bool:
    """Read on at full speed until the resync comes or the stream is cut; frames without end are neither."""
    while b'"type":"resync"' not in read:
        try:
            piece = sock.recv(1 << 16)
        except ConnectionResetError:
            return True
        if not piece:
            return True
        read += piece
        assert b'"type":"heartbeat"' not in read, "It went on as if nothing were missing."
    return True

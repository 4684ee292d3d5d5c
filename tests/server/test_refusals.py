"""Who asks for too much, too slowly or from elsewhere is refused, and pages still answer."""

from __future__ import annotations

import socket
import time

import pytest
import requests

from tests.server.conftest import Connect
from tests.server.process import Server, wait_until

SOON = 2.0
"""Seconds; generous, because the machine may be busy with other tests."""


def healthz(server: Server) -> float:
    began = time.monotonic()
    assert requests.get(f"{server.url}/healthz", timeout=10, headers={"Connection": "close"}).ok
    return time.monotonic() - began


def test_at_the_cap_everything_else_still_answers(narrow: Server, connect: Connect) -> None:
    readers = [connect(narrow) for _ in range(20)]
    for reader in readers:
        next(iter(reader))

    refused = [requests.get(f"{narrow.url}/events", timeout=10) for _ in range(20)]

    assert {(each.status_code, each.headers["Retry-After"]) for each in refused} == {(503, "10")}
    assert healthz(narrow) < SOON
    readers[0].close()
    wait_until(lambda: requests.head(f"{narrow.url}/events", timeout=10).ok and narrow.streams == 19)
    assert next(iter(connect(narrow)))["data"]["type"] == "connected"


def test_a_page_of_another_site_gets_no_stream(server: Server) -> None:
    response = requests.get(f"{server.url}/events", headers={"Sec-Fetch-Site": "cross-site"}, timeout=10)

    assert response.status_code == 403
    assert "Access-Control-Allow-Origin" not in response.headers
    assert server.streams == 0


def test_a_header_beyond_all_measure_is_refused_before_it_costs_anything(server: Server) -> None:
    response = requests.get(f"{server.url}/events", headers={"Last-Event-ID": "9" * 9_000}, timeout=10)

    assert response.status_code in (400, 431)
    assert server.streams == 0


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /healthz?" + b"x" * 5_000 + b" HTTP/1.1\r\nHost: board\r\n\r\n", b"414"),
        (b"GET /healthz HTTP/1.1\r\nHost: board\r\n" + b"X-More: 1\r\n" * 80 + b"\r\n", b"431"),
        (b"GET /healthz HTTP/1.1\r\nHost: board\r\nX-Long: " + b"1" * 9_000 + b"\r\n\r\n", b"431"),
    ],
    ids=["long address", "many headers", "long header"],
)
def test_a_head_without_measure_is_refused(server: Server, head: bytes, status: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=15) as greedy:
        greedy.sendall(head)

        assert greedy.recv(64).split()[1] == status


def test_who_never_finishes_the_headers_is_let_go(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=15) as slow:
        slow.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n")
        began = time.monotonic()

        while time.monotonic() - began < 15:
            try:
                slow.sendall(b"X: y\r\n")
                time.sleep(0.5)
            except OSError:
                break

    assert time.monotonic() - began < 12  # `keepalive` is 5
    assert healthz(server) < SOON

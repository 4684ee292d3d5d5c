"""A public name that leads into the house: the connection ends before a byte is sent."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from flaskapp.clients import poster
from flaskapp.clients.http import ClientError
from flaskapp.clients.poster import PosterClient
from flaskapp.clients.public import is_public

NAME = "image.example"


@pytest.fixture
def inside() -> Iterator[tuple[int, list[bytes]]]:
    """Listen on this machine; gives the port and what was sent to it."""
    heard: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        with listener, listener.accept()[0] as peer:
            heard.append(peer.recv(4096))

    thread = threading.Thread(target=listen)
    thread.start()
    yield listener.getsockname()[1], heard
    thread.join(10)
    assert not thread.is_alive()


def lead(monkeypatch: pytest.MonkeyPatch, port: int, *addresses: str) -> None:
    """Let the public name lead to these addresses."""
    look_up = socket.getaddrinfo

    def answer(host: str, *args: Any, **options: Any) -> Any:
        names = addresses if host == NAME else [host]
        return [found for name in names for found in look_up(name, *args, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(poster, "PUBLIC", (f"https://{NAME}:{port}",))


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("255.255.255.255", "127.0.0.1")])
def test_a_public_name_that_leads_into_the_house_is_not_asked(
    inside: tuple[int, list[bytes]], monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...]
) -> None:
    port, heard = inside
    lead(monkeypatch, port, *addresses)

    with pytest.raises(ClientError, match="leads into a private network"):
        PosterClient().picture(f"https://{NAME}:{port}/a.jpg")

    assert heard in ([], [b""])


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("::ffff:93.184.215.14", True),
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.17.0.2", False),
        ("192.168.1.5", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("224.0.0.251", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::5", False),
        ("fd00:ec2::254", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("2002:7f00:1::", False),
        ("ff02::1", False),
    ],
)
def test_only_addresses_of_the_world_outside_are_public(address: str, *, expected: bool) -> None:
    assert is_public(address) is expected

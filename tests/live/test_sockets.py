from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

import gevent
import pytest
from gevent import socket as gevent_socket
from gevent.event import Event

from flaskapp.live.sockets import Connection


@pytest.fixture
def pair() -> Iterator[tuple[gevent_socket.socket, socket.socket]]:
    """Give the server's and the client's end of a connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        theirs = socket.create_connection(listener.getsockname())
        ours, _ = listener.accept()
    wrapped = gevent_socket.socket(fileno=ours.detach())
    with wrapped, theirs:
        yield wrapped, theirs


Pair = tuple[gevent_socket.socket, socket.socket]


def watch(ours: gevent_socket.socket, patience: float = 10.0) -> tuple[Connection, Event]:
    gone = Event()
    return Connection(ours, gone.set, patience), gone


def write(ours: gevent_socket.socket, connection: Connection, pieces: Iterable[bytes], pause: float = 0) -> None:
    for piece in connection.guard(pieces):
        gevent.sleep(pause)
        ours.sendall(piece)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_peer_that_closed_is_noticed_without_a_write(pair: Pair) -> None:
    ours, theirs = pair
    connection, gone = watch(ours)

    theirs.close()

    assert gone.wait(timeout=2)
    connection.close()


def test_a_peer_that_reset_the_connection_is_noticed(pair: Pair) -> None:
    ours, theirs = pair
    connection, gone = watch(ours)

    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    theirs.close()

    assert gone.wait(timeout=2)
    connection.close()


def test_a_peer_that_talks_is_not_gone_and_wakes_us_once(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pair
    connection, gone = watch(ours)
    peeks = []
    duplicate = os.dup

    def dup(fd: int) -> int:
        peeks.append(fd)
        return duplicate(fd)

    monkeypatch.setattr(os, "dup", dup)

    theirs.sendall(b"GET / HTTP/1.1\r\n\r\n")

    assert not gone.wait(timeout=0.05)
    assert len(peeks) == 1
    connection.close()


def test_a_write_that_is_stuck_fails_as_if_the_peer_had_left(pair: Pair) -> None:
    ours, _ = pair
    connection, _ = watch(ours, patience=0.05)

    with pytest.raises(BrokenPipeError):
        write(ours, connection, [b"x" * 100_000] * 1000)

    connection.close()


def test_the_kernel_holds_little_for_who_does_not_read(pair: Pair) -> None:
    ours, _ = pair

    connection, _ = watch(ours)

    assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == 2 * 64 * 1024  # Linux counts its own costs in
    connection.close()


def test_every_write_has_its_whole_time(pair: Pair) -> None:
    ours, theirs = pair
    connection, _ = watch(ours, patience=0.1)

    write(ours, connection, [b"a", b"b", b"c", b"d"], pause=0.04)  # together longer than one may take

    assert theirs.recv(10, socket.MSG_WAITALL | socket.MSG_PEEK | socket.MSG_DONTWAIT) == b"abcd"
    connection.close()


def test_waiting_for_the_next_piece_is_no_stuck_write(pair: Pair) -> None:
    ours, theirs = pair
    connection, gone = watch(ours, patience=0.02)

    def pieces() -> Iterator[bytes]:
        yield b"a"
        gevent.sleep(0.06)
        yield b"b"

    write(ours, connection, pieces())

    assert theirs.recv(10, socket.MSG_DONTWAIT) == b"ab"
    assert not gone.is_set()
    connection.close()


def test_close_ends_the_connection_after_what_was_written(pair: Pair) -> None:
    ours, theirs = pair
    connection, _ = watch(ours)
    ours.sendall(b"bye")

    connection.close()

    assert theirs.recv(10) == b"bye"
    assert theirs.recv(10) == b""
    assert ours.recv(10) == b""


def test_close_leaves_no_file_behind(pair: Pair) -> None:
    ours, theirs = pair
    before = open_files()

    connection, _ = watch(ours)
    theirs.close()
    gevent.sleep(0.01)
    connection.close()

    assert open_files() == before - 1

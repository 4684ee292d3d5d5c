from __future__ import annotations

import gc
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import gevent
import pytest
from gevent import socket as gevent_socket
from gevent.event import Event

from flaskapp.live.sockets import Connection, Peers


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
    return Connection(ours, Peers(Event.set), gone, patience), gone


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


def test_a_peer_that_talks_is_not_gone(pair: Pair) -> None:
    ours, theirs = pair
    connection, gone = watch(ours)

    theirs.sendall(b"GET / HTTP/1.1\r\n\r\n")

    assert not gone.wait(timeout=0.05)
    theirs.close()
    assert gone.wait(timeout=2)
    connection.close()


def test_a_peer_that_left_is_told_of_once(pair: Pair) -> None:
    ours, theirs = pair
    told: list[str] = []
    connection = Connection(ours, Peers(told.append), "this one")

    theirs.close()
    gevent.sleep(0.05)

    assert len(told) == 1
    connection.close()


def test_who_is_forgotten_is_not_told_of(pair: Pair) -> None:
    ours, theirs = pair
    connection, gone = watch(ours)

    theirs.close()
    connection.close()

    assert not gone.wait(timeout=0.05)


def test_one_of_many_peers_is_told_apart() -> None:
    gone: list[int] = []
    peers = Peers(gone.append)
    pairs = [socket.socketpair() for _ in range(5)]
    for number, (ours, _) in enumerate(pairs):
        peers.watch(ours.fileno(), number)

    pairs[3][1].close()
    gevent.sleep(0.05)

    assert gone == [3]
    for ours, theirs in pairs:
        peers.forget(ours.fileno())
        ours.close()
        theirs.close()


def test_a_write_that_is_stuck_fails_as_if_the_peer_had_left(pair: Pair) -> None:
    ours, _ = pair
    connection, _ = watch(ours, patience=0.05)

    with pytest.raises(BrokenPipeError):
        connection.send(b"x" * 10_000_000)

    connection.close()


def test_a_write_to_who_was_reset_fails_as_if_the_peer_had_left(pair: Pair) -> None:
    ours, theirs = pair
    connection, _ = watch(ours)
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    theirs.close()

    with pytest.raises(BrokenPipeError):
        connection.send(b"x")

    connection.close()


def test_what_ended_a_connection_is_no_error_of_the_next_write(pair: Pair) -> None:
    ours, theirs = pair
    connection, gone = watch(ours)
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    theirs.close()

    assert gone.wait(timeout=2)
    with pytest.raises(BrokenPipeError):  # without, it is the reset; of a peer that is unplugged, a time-out
        ours.sendall(b"0")
    connection.close()


def test_what_does_not_fit_at_once_is_written_as_it_is_read(pair: Pair) -> None:
    ours, theirs = pair
    connection, _ = watch(ours)
    data = bytes(range(256)) * 20_000
    writer = gevent.spawn(connection.send, data)
    gevent.sleep(0)

    received = b""
    while len(received) < len(data):
        gevent.sleep(0.001)
        with suppress(BlockingIOError):
            received += theirs.recv(1_000_000, socket.MSG_DONTWAIT)

    writer.get(timeout=5)
    assert received == data
    connection.close()


def test_the_kernel_holds_little_for_who_does_not_read(pair: Pair) -> None:
    ours, _ = pair

    connection, _ = watch(ours)

    assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == 2 * 64 * 1024  # Linux counts its own costs in
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
    peers: Peers[int] = Peers(bool)
    Connection(ours, peers, 1).close()  # from now on the peers have their epoll
    gc.collect()  # other tests had peers too
    before = open_files()

    connection = Connection(ours, peers, 2)
    theirs.close()
    gevent.sleep(0.01)
    connection.close()

    assert open_files() == before - 1

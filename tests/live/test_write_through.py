from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress

import gevent
import pytest
from gevent import socket as gevent_socket

from flaskapp.live import sse
from flaskapp.live.batch import Batch, Frame
from flaskapp.live.hub import Hub, Limits
from flaskapp.live.stream import Stream
from flaskapp.live.subscriber import Bounds


def change(n: int, text: str = "") -> Frame:
    return Frame(sse.encode({"n": n, "text": text}, epoch="4f2a", n=n), n=n)


def chunk(*frames: Frame) -> bytes:
    return Batch(frames, 0.0).chunk


class Reader:
    """A browser at the other end of a socket, whose stream runs in a greenlet as under the worker."""

    def __init__(self, hub: Hub, seen: int = 0, meanwhile: Callable[[], object] = bool) -> None:
        ours, self.theirs = tcp_pair()
        self._ours = gevent_socket.socket(fileno=ours.detach())
        subscriber = hub.subscribe()
        subscriber.skip_to(seen)
        self._meanwhile = meanwhile
        self.stream = Stream(hub, subscriber, b"first\n\n")
        self.woken = 0
        self._greenlet = gevent.spawn(self._serve)
        gevent.sleep(0)

    def _serve(self) -> None:
        self._meanwhile()
        send = self.stream.ride(self._ours, b"")
        with suppress(OSError):
            for piece in self.stream:
                self.woken += 1
                send(piece)
        self.stream.close()

    def read(self) -> bytes:
        gevent.sleep(0.01)
        received = b""
        with suppress(BlockingIOError):
            while data := self.theirs.recv(1_000_000, socket.MSG_DONTWAIT):
                received += data
                gevent.sleep(0.001)
        return received

    def close(self) -> None:
        self.theirs.close()
        self._greenlet.join(2)
        self._ours.close()
        assert self._greenlet.dead


def tcp_pair() -> tuple[socket.socket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        theirs = socket.create_connection(listener.getsockname())
        ours, _ = listener.accept()
    return ours, theirs


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub("4f2a", 0)
    yield hub
    assert hub.count == 0


def test_an_idle_browser_is_written_to_without_waking_its_stream(hub: Hub) -> None:
    reader = Reader(hub)
    greeted = reader.read()

    hub.publish([change(1), change(2)])

    assert greeted.endswith(b"first\n\n\r\n")
    assert reader.read() == chunk(change(1), change(2))
    assert reader.woken == 0
    reader.close()


def test_switched_off_every_batch_wakes_the_stream(hub: Hub) -> None:
    hub.writes_through = False
    reader = Reader(hub)
    reader.read()

    hub.publish([change(1)])

    assert reader.read() == chunk(change(1))
    assert reader.woken == 1
    reader.close()


def test_who_takes_a_part_gets_the_rest_in_order_before_all_else(hub: Hub) -> None:
    hub.limits = Limits(bounds=Bounds(frames=100_000, size=100_000_000))
    reader = Reader(hub)
    reader.read()
    sent = [[change(3 * n + each, "x" * 20_000) for each in (1, 2, 3)] for n in range(100)]

    for frames in sent:
        hub.publish(frames)
        hub.flush()

    received = b""
    while data := reader.read():
        received += data
    assert unchunked(received) == b"".join(frame.data for frames in sent for frame in frames)
    assert reader.woken > 1
    reader.close()


def test_after_the_rest_it_is_written_to_directly_again(hub: Hub) -> None:
    hub.limits = Limits(bounds=Bounds(frames=100_000, size=100_000_000))
    reader = Reader(hub)
    reader.read()
    for n in range(1, 200):
        hub.publish([change(n, "x" * 20_000)])
        hub.flush()
    while reader.read():
        pass
    woken = reader.woken

    hub.publish([change(200)])

    assert reader.read() == chunk(change(200))
    assert reader.woken == woken
    reader.close()


def test_one_that_never_reads_holds_nobody_up_and_not_more_than_its_bounds(hub: Hub) -> None:
    deaf, quick = Reader(hub), Reader(hub)
    quick.read()

    received = b""
    for n in range(1, 400):
        hub.publish([change(n, "x" * 20_000)])
        received += quick.read()

    assert unchunked(received) == b"".join(change(n, "x" * 20_000).data for n in range(1, 400))
    assert max(hub.depths()) <= 256
    deaf.close()
    quick.close()


def test_who_left_is_dropped_at_the_next_event_at_the_latest(hub: Hub) -> None:
    reader = Reader(hub)
    reader.theirs.shutdown(socket.SHUT_RDWR)
    reader.theirs.close()

    hub.publish([change(1)])
    hub.flush()
    hub.publish([change(2)])
    hub.flush()
    gevent.sleep(0.05)

    assert hub.count == 0
    reader.close()


def test_a_change_that_the_replay_had_is_not_written_again() -> None:
    hub = Hub("4f2a", 5)
    reader = Reader(hub, seen=6, meanwhile=lambda: hub.publish([change(6)]))  # told in the turn in which it begins

    hub.publish([change(7)])

    assert unchunked(reader.read()) == b"first\n\n" + change(7).data
    reader.close()


def test_who_is_ahead_of_the_hub_gets_nothing_twice() -> None:
    hub = Hub("4f2a", 5)
    reader = Reader(hub, seen=7)  # another process wrote 6 and 7, and we have not told them yet
    reader.read()

    for n in (6, 7, 8):
        hub.publish([change(n)])
        hub.flush()

    assert unchunked(reader.read()) == change(8).data
    reader.close()


def test_bye_comes_after_what_was_written_directly(hub: Hub) -> None:
    reader = Reader(hub)
    reader.read()

    hub.publish([change(1)])
    hub.close("stopping")

    first, _, last = unchunked(reader.read()).partition(change(1).data)
    assert first == b""
    assert b'"bye"' in last
    reader.close()


def unchunked(data: bytes) -> bytes:
    """Read chunks of HTTP/1.1; a broken one is an error."""
    whole = b""
    while data:
        head, data = data.split(b"\r\n", 1)
        size = int(head, 16)
        assert data[size : size + 2] == b"\r\n"
        whole, data = whole + data[:size], data[size + 2 :]
    return whole

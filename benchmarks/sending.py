"""Where the time of one delivery goes, and the memory of one stream: parts of it, measured beside the whole.

``python -m benchmarks.sending`` prints JSON. No profiler is asked, since it makes a line of Python look dearer than a
call of the kernel: each way to send is taken as a whole, then with a send that does nothing, and beside it the send
alone. The ways take turns, with pauses as between two events of a house, and a process on the other core reads.
"""

from __future__ import annotations

import json
import os
import select
import socket
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

import gevent
from gevent import get_hub
from gevent import socket as gevent_socket

from benchmarks import load, process
from flaskapp.live import events, sse
from flaskapp.live.batch import Batch, Frame
from flaskapp.live.hub import Hub, Limits
from flaskapp.live.stream import Stream

STREAMS, SWEEPS, PARKED = 1000, 40, 4000
PAUSE = 0.05
CONNECTED = b"first\n\n"
Way = Callable[[Frame], object]


class Mute:
    """A socket that takes all and sends nothing."""

    def __init__(self, sock: Any) -> None:
        self._own, self._sock = sock, self
        self.fileno = sock.fileno
        self.setsockopt = sock.setsockopt
        self.send = len


class House:
    """A hub with its streams, each in a greenlet as under the worker."""

    def __init__(self, socks: Iterable[Any], *, writes_through: bool) -> None:
        self._hub = Hub("bench", 0, limits=Limits(streams=STREAMS))
        self._hub.writes_through = writes_through
        for sock in socks:
            gevent.spawn(self._serve, sock)
        gevent.sleep(0)

    def _serve(self, sock: Any) -> None:
        stream = Stream(self._hub, self._hub.subscribe(), CONNECTED)
        write = stream.ride(sock, b"")
        for piece in stream:
            write(piece)

    def publish(self, frame: Frame) -> None:
        """Let a frame go to all of them."""
        self._hub.publish([frame])
        gevent.sleep(0)


def _read(port: int) -> None:
    """Be the other end of all streams, on the core of the load client, until the last one is closed."""
    os.sched_setaffinity(0, {int(load.CORE)})
    readers = {}
    with select.epoll() as epoll, suppress(ConnectionError):
        for _ in range(4 * STREAMS):
            reader = socket.create_connection(("127.0.0.1", port))
            readers[reader.fileno()] = reader
            epoll.register(reader, select.EPOLLIN)
        while readers:
            for fd, _ in epoll.poll():
                if not readers[fd].recv(65536):
                    readers.pop(fd).close()


def _connections() -> Iterator[Any]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        if os.fork() == 0:
            _read(listener.getsockname()[1])
            os._exit(0)
        for _ in range(4 * STREAMS):
            yield gevent_socket.socket(fileno=listener.accept()[0].detach())


def _send_alone(socks: list[Any]) -> Way:
    sends = [sock._sock.send for sock in socks]  # noqa: SLF001  # what the stream uses

    def send(frame: Frame) -> None:
        chunk = Batch([frame], 0.0).chunk
        for each in sends:
            each(chunk)

    return send


def _switches() -> Way:
    """Only switch: to as many greenlets that wait, and back."""
    hub, waiting = get_hub(), []

    def wait() -> None:
        while True:
            hub.switch()

    waiting = [gevent.spawn(wait) for _ in range(STREAMS)]
    gevent.sleep(0)

    def wake() -> None:
        for each in waiting:
            each.switch()

    def switch(_frame: Frame) -> None:
        hub.loop.run_callback(wake)
        gevent.sleep(0)

    return switch


def _frame(number: int) -> Frame:
    return Frame(sse.encode(events.progress_update(number % 25 + 1, number % 100, number, 5_000_000)), progress_of=1)


def times() -> dict[str, float]:
    """Give the microseconds of CPU that one delivery takes in each way, the median of all sweeps."""
    socks = list(_connections())
    alone, through, every, mute = (socks[start::4] for start in range(4))
    ways: dict[str, Way] = {
        "send": _send_alone(alone),
        "through": House(through, writes_through=True).publish,
        "through_mute": House(map(Mute, mute), writes_through=True).publish,
        "every": House(every, writes_through=False).publish,
        "every_mute": House(map(Mute, mute), writes_through=False).publish,
        "switches": _switches(),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(SWEEPS):
        for name, way in ways.items():
            frame = _frame(number)
            gevent.sleep(PAUSE)
            start = time.process_time()
            way(frame)
            taken[name].append((time.process_time() - start) * 1e6 / STREAMS)
    return {name: statistics.median(each) for name, each in taken.items()}


def memory() -> float:
    """Give the bytes of one greenlet that only waits."""

    def wait() -> None:
        get_hub().switch()

    def park() -> list[Any]:
        parked = [gevent.spawn(wait) for _ in range(PARKED)]
        gevent.sleep(0)
        return parked

    kept = park()  # what is made once for all
    before = process.memory([os.getpid()])
    kept += park()
    return (process.memory([os.getpid()]) - before) / PARKED


def main() -> None:
    """Measure both."""
    gevent.config.track_greenlet_tree = False  # as in gunicorn.conf.py
    print(json.dumps({"bytes": memory(), "microseconds": times()}))


if __name__ == "__main__":
    main()

"""The connection under a stream: notice at once that its peer is gone, and cut it when a write is stuck.

Nobody reads from a stream's socket and a generator never learns how its write fares; both are seen from here.
"""

from __future__ import annotations

import _socket
import errno
import os
import select
import socket
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any, Generic, TypeVar

from gevent import Timeout, get_hub
from gevent.monkey import get_original

SEND_BUFFER = 64 * 1024
"""What the kernel holds for a reader that does not read; left alone it takes megabytes."""
UNANSWERED_MS = 30_000
"""After so long without an acknowledgement an unplugged peer counts as gone."""
PATIENCE = 10.0
"""Seconds that one write may take."""
READ = 1
Owner = TypeVar("Owner")


class Peers(Generic[Owner]):
    """Hears of every peer that hangs up: one epoll for all, where a watcher for each would cost half a kilobyte."""

    def __init__(self, on_gone: Callable[[Owner], object]) -> None:
        self._on_gone = on_gone
        self._owners: dict[int, Owner] = {}
        self._epoll: Any = None

    def watch(self, fd: int, owner: Owner) -> None:
        """Call back once when the other end closes or resets the connection; what it says is left unread."""
        if self._epoll is None:
            # gevent hides epoll, since waiting on it would stop everybody; this one is only asked when it has news.
            self._epoll = get_original("select", "epoll")()
            self._news = get_hub().loop.io(self._epoll.fileno(), READ)
            self._news.start(self._hear)
        self._owners[fd] = owner
        self._epoll.register(fd, select.EPOLLRDHUP | select.EPOLLONESHOT)

    def forget(self, fd: int) -> None:
        """Stop watching; before the socket is closed, since its number may be given to another."""
        if self._owners.pop(fd, None) is not None:
            self._epoll.unregister(fd)

    def _hear(self) -> None:
        for fd, _ in self._epoll.poll(0):
            if fd in self._owners:
                _forget_error(fd)
                self._on_gone(self._owners[fd])


class Connection:
    """Writes to one socket until ``close``, which has to come before the server closes it."""

    __slots__ = ("_fd", "_patience", "_peers", "_sock", "try_send")

    def __init__(self, sock: Any, peers: Peers[Owner], owner: Owner, patience: float = PATIENCE) -> None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNANSWERED_MS)
        self.try_send: Callable[[bytes], int] = sock._sock.send  # noqa: SLF001  # past gevent, which asks the kernel twice
        """Write what fits at once; BlockingIOError when nothing does."""
        self._sock, self._peers, self._patience = sock, peers, patience
        self._fd: int = sock.fileno()
        peers.watch(self._fd, owner)

    def send(self, data: bytes) -> None:
        """Write all; who does not take it in time is cut, as if the peer had left."""
        try:
            sent = self.try_send(data)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            raise _gone() from error
        if sent < len(data):
            self._send_rest(data[sent:])

    def _send_rest(self, rest: bytes) -> None:
        try:
            with Timeout(self._patience, _gone()):
                self._sock.sendall(rest)
        except OSError as error:
            raise _gone() from error

    def close(self) -> None:
        """Stop watching and end the connection: kept alive, it would hold up a process that wants to leave."""
        self._peers.forget(self._fd)
        with suppress(OSError), _past_gevent(self._fd) as plain:
            plain.shutdown(socket.SHUT_RDWR)


def _gone() -> BrokenPipeError:
    """Say so in the way that gunicorn takes for a peer that left; of others it would log a traceback."""
    return BrokenPipeError(errno.EPIPE, "The reader is gone.")


def _forget_error(fd: int) -> None:
    """Let the write that still follows, the end of the answer, fail as if the peer had left: nobody logs that."""
    with suppress(OSError), _past_gevent(fd) as plain:
        plain.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def _past_gevent(fd: int) -> closing[_socket.socket]:
    """Reach a socket without gevent, which would wake a waiting write with an error of its own."""
    return closing(_socket.socket(fileno=os.dup(fd)))

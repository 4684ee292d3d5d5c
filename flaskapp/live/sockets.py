"""The connection under a stream: notice at once that its peer is gone, and cut it when a write is stuck.

Nobody reads from a stream's socket and a generator never learns how its write fares; both are seen from outside.
"""

from __future__ import annotations

import _socket
import os
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress

import gevent

SEND_BUFFER = 64 * 1024
"""What the kernel holds for a reader that does not read; left alone it takes megabytes."""
UNANSWERED_MS = 30_000
"""After so long without an acknowledgement an unplugged peer counts as gone."""
READ = 1


class Connection:
    """Watches one socket until ``close``, which has to come before the server closes the socket."""

    def __init__(self, sock: socket.socket, on_gone: Callable[[], None], patience: float = 10.0) -> None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNANSWERED_MS)
        self._fd, self._on_gone = sock.fileno(), on_gone
        loop = gevent.get_hub().loop
        self._readable = loop.io(self._fd, READ)
        self._readable.start(self._peek)
        # Repeating, because only `again` gives a stopped timer its whole time back.
        self._stuck = loop.timer(patience, patience)

    def guard(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Hand pieces on; one that is not written in time ends the connection."""
        for piece in pieces:
            self._stuck.again(self.cut)
            yield piece
            self._stuck.stop()

    def _peek(self) -> None:
        try:
            with _duplicate(self._fd) as plain:
                is_gone = not plain.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            is_gone = True
        self._readable.stop()  # a peer that talks would wake us for ever
        if is_gone:
            self._on_gone()

    def cut(self) -> None:
        """End the connection; a write that waits fails as if the peer had left."""
        with suppress(OSError), _duplicate(self._fd) as plain:
            plain.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Stop watching and end the connection: kept alive, it would hold up a process that wants to leave."""
        for watcher in (self._readable, self._stuck):
            watcher.stop()
            watcher.close()
        self.cut()


def _duplicate(fd: int) -> closing[_socket.socket]:
    """Reach the socket past gevent, which would wake a waiting write with an error of its own."""
    return closing(_socket.socket(fileno=os.dup(fd)))

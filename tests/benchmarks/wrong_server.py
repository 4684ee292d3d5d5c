"""A server that does on purpose what the load client has to notice: it answers POSTs and tampers with the fan-out."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable

Tamper = Callable[[list[bytes]], Iterable[bytes]]
"""Takes all events as they were published and gives them as they are sent."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
DONE = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class WrongServer:
    """Keeps what is published, and sends it to every stream when ``count`` events are there."""

    def __init__(self, tamper: Tamper, count: int, piece: int = 65536) -> None:
        self._tamper, self._count, self._piece = tamper, count, piece
        self._streams: list[socket.socket] = []
        self._events: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let go of everybody."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)
        for stream in self._streams:
            stream.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if self._asks_for_a_stream(connection):
                continue
            connection.close()

    def _asks_for_a_stream(self, connection: socket.socket) -> bool:
        while text := connection.recv(65536):
            if text.startswith(b"GET"):
                connection.sendall(HEAD)
                self._streams.append(connection)
                return True
            connection.sendall(DONE)
            self._events.append(text.split(b"\r\n\r\n", 1)[1])
            if len(self._events) == self._count:
                self._send()
        return False

    def _send(self) -> None:
        frames = b"".join(b"data: " + event + b"\n\n" for event in self._tamper(self._events))
        for start in range(0, len(frames), self._piece):
            piece = frames[start : start + self._piece]
            for stream in self._streams:
                stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                stream.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")

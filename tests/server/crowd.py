"""Many streams read by one thread, byte by byte as they come: what one greedy client program would be."""

from __future__ import annotations

import contextlib
import json
import re
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any, Self

ID = re.compile(rb"^id: ([0-9a-z]+)\.(\d+)$", re.MULTILINE)


class Guest:
    """One open stream. It takes HTTP's chunks apart itself, and complains when one is not as it has to be."""

    def __init__(self, port: int, cursor: str | None = None) -> None:
        self.cursor = cursor
        self.frames: list[bytes] = []
        """Whole frames in the order they came, heartbeats too."""
        self.is_over = False
        self.heard_at = time.monotonic()
        self.longest_silence = 0.0
        self._raw, self._text = b"", b""
        self._has_headers, self._is_chunked = False, True
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        header = f"Last-Event-ID: {cursor}\r\n" if cursor else ""
        self.socket.sendall(f"GET /events HTTP/1.1\r\nHost: localhost\r\n{header}\r\n".encode())
        self.socket.setblocking(False)

    @property
    def events(self) -> list[dict[str, Any]]:
        """Give the data of all frames but heartbeats."""
        return [json.loads(frame.rpartition(b"data: ")[2]) for frame in self.frames if b"event: " not in frame]

    @property
    def ids(self) -> list[int]:
        """Give the numbers of all frames that stand for a change."""
        changes = (frame for frame in self.frames if b"event: " not in frame and b'"type":"connected"' not in frame)
        return [int(found[2]) for found in map(ID.search, changes) if found]

    def says(self, kind: str) -> bool:
        """Tell whether a frame of this type was read."""
        needle = f'"type":"{kind}"'.encode()
        return any(needle in frame for frame in self.frames)

    def listen(self) -> None:
        """Take what has come."""
        with contextlib.suppress(BlockingIOError):
            while data := self._receive():
                self._note()
                self._raw += data
            self._end()
        self._unwrap()

    def _receive(self) -> bytes:
        try:
            return self.socket.recv(1 << 18)
        except ConnectionResetError:
            return b""

    def _note(self) -> None:
        now = time.monotonic()
        self.longest_silence = max(self.longest_silence, now - self.heard_at)
        self.heard_at = now

    def _end(self) -> None:
        self.is_over = True
        self.socket.close()

    def _unwrap(self) -> None:
        if not self._has_headers:
            headers, end, rest = self._raw.partition(b"\r\n\r\n")
            if not end:
                return
            assert headers.startswith(b"HTTP/1.1 200 "), headers
            # Only the short answer of a process that is leaving comes in one piece.
            self._is_chunked = b"\r\ntransfer-encoding: chunked" in headers.lower()
            self._raw, self._has_headers = rest, True
        if self._is_chunked:
            self._text += b"".join(self._chunks())
        else:
            self._text, self._raw = self._text + self._raw, b""
        *frames, self._text = self._text.split(b"\n\n")
        for frame in frames:
            self.frames.append(frame)
            if found := ID.search(frame):
                self.cursor = b".".join(found.groups()).decode()

    def _chunks(self) -> Iterator[bytes]:
        at = 0
        while (line_end := self._raw.find(b"\r\n", at)) >= 0:
            size = int(self._raw[at:line_end], 16)
            end = line_end + 2 + size
            if len(self._raw) < end + 2:
                break
            assert self._raw[end : end + 2] == b"\r\n", "A chunk is longer than it says."
            yield self._raw[line_end + 2 : end]
            at = end + 2
        self._raw = self._raw[at:]

    def leave(self, linger: bytes | None = None) -> None:
        """Close; with ``linger`` in the way that it says."""
        if linger is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._end()


class Crowd:
    """Guests that come and go, and one selector to hear them all."""

    def __init__(self) -> None:
        self.guests: list[Guest] = []
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for guest in self.guests:
            guest.leave()
        self._selector.close()

    def come(self, port: int, cursor: str | None = None) -> Guest:
        """Let one more in."""
        guest = Guest(port, cursor)
        self.guests.append(guest)
        self._selector.register(guest.socket, selectors.EVENT_READ, guest)
        return guest

    def go(self, guest: Guest, linger: bytes | None = None) -> None:
        """Let one leave."""
        self.guests.remove(guest)
        if not guest.is_over:
            self._selector.unregister(guest.socket)
            guest.leave(linger)

    def listen(self, seconds: float = 0.05) -> None:
        """Take what comes within so much time; return early when something came."""
        for key, _ in self._selector.select(seconds):
            guest: Guest = key.data
            sock = guest.socket
            fd = sock.fileno()
            guest.listen()
            if guest.is_over:
                self._selector.unregister(fd)

    def until(self, holds: Callable[[Guest], bool], seconds: float = 30.0) -> None:
        """Listen until it holds for every guest."""
        deadline = time.monotonic() + seconds
        while waiting := [guest for guest in self.guests if not holds(guest)]:
            assert time.monotonic() < deadline, f"{len(waiting)} of {len(self.guests)} have not got there."
            self.listen()

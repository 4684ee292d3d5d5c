"""A proxy that lets pages and the beginning of a stream through, and hands the rest of it on in lumps or not at all."""

from __future__ import annotations

import selectors
import socket
import threading
import time

LIFETIME = 120.0


class Hoarder:
    """Starts at once; ``every`` is in seconds and may be infinite."""

    def __init__(self, port: int, every: float) -> None:
        self._upstream, self._every = port, every
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        """Let nobody in any more."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self._upstream))
        with client, server, selectors.DefaultSelector() as both:
            both.register(client, selectors.EVENT_READ, server)
            both.register(server, selectors.EVENT_READ, client)
            ends_at = time.monotonic() + LIFETIME
            due, hoard = None, b""
            while (now := time.monotonic()) < ends_at:
                if due is not None and now >= due:
                    client.sendall(hoard)
                    due, hoard = now + self._every, b""
                for key, _ in both.select(0.1):
                    data = key.fileobj.recv(65_536)  # type: ignore[union-attr]
                    if not data:
                        return
                    if key.data is client and due is not None:
                        hoard += data
                        continue
                    key.data.sendall(data)
                    if b'"type":"connected"' in data:
                        due = now + self._every

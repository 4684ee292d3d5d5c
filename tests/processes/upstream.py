"""A qBittorrent whose every torrent is a little further at each look; it counts who comes, and who comes at once."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import SplitResult, parse_qs, urlsplit


class Upstream:
    """Starts at once."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.most_at_once = 0
        self._now, self._lock = 0, threading.Lock()
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                upstream.enter()
                try:
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(upstream.answer(urlsplit(self.path)))
                finally:  # whoever asked may have been killed meanwhile
                    upstream.leave()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, address: SplitResult) -> bytes:
        """Give the version, or every torrent that is asked for."""
        if not address.path.endswith("torrents/info"):
            return b"1" if address.path.endswith("speedLimitsMode") else b"{}"
        hashes = parse_qs(address.query).get("hashes", [""])[0].split("|")
        left = max(0, 1000 - 2 * len(self.times))
        numbers = {"progress": 1 - left / 1000, "size": 1000, "amount_left": left, "dlspeed": 10, "eta": left}
        return json.dumps([{"hash": hash_, "state": "downloading", **numbers} for hash_ in hashes]).encode()

    def enter(self) -> None:
        """Note a question, and take a moment to answer."""
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            self.times.append(time.monotonic())  # last: a test that sees it looks at the others without the lock
        time.sleep(0.05)

    def leave(self) -> None:
        """Note that one is answered."""
        with self._lock:
            self._now -= 1

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()

"""How long the page takes as the board fills.

``python -m benchmarks.filling`` starts the real server on a free port of this machine and prints one line per figure.
"""

from __future__ import annotations

import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
TOKEN = secrets.token_urlsafe(16)


@dataclass(frozen=True)
class Server:
    """A running gunicorn."""

    port: int

    @property
    def url(self) -> str:
        """Give its address."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serve(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Start the server on an empty database, with these settings besides its own; stop it at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"DATA_DIR": str(folder), "PORT": str(port), "WEBHOOK_TOKEN": TOKEN, "AUTH": "none", "LOG_LEVEL": "ERROR"}
    environ = {**os.environ, **(settings or {}), **own}
    python = [sys.executable, "-m"]
    subprocess.run(
        [*python, "flask", "--app", "wsgi", "prepare"], cwd=ROOT, env=environ, check=True, capture_output=True
    )
    master = subprocess.Popen([*python, "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"], cwd=ROOT, env=environ)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        yield Server(port)
    finally:
        master.terminate()
        master.wait(20)


def _wait_for(url: str) -> None:
    for _ in range(200):
        try:
            requests.get(url, timeout=1)
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server did not start.")


def _request_of(number: int) -> dict[str, object]:
    return {
        "notification_type": "MEDIA_PENDING",
        "event": "New Movie Request",
        "subject": f"Film {number} (1927)",
        "media": {"media_type": "movie", "tmdbId": str(number)},
        "request": {"request_id": str(number), "requestedBy_username": "alice"},
    }


def ask_for(server: Server, number: int) -> None:
    """Send the webhook of one film request."""
    answer = requests.post(f"{server.url}/webhooks/seerr?token={TOKEN}", json=_request_of(number), timeout=10)
    answer.raise_for_status()


def open_stream(server: Server) -> socket.socket:
    """Open one board's stream and read its greeting."""
    stream = socket.create_connection(("127.0.0.1", server.port))
    stream.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    received = b""
    while b'"connected"' not in received:
        received += stream.recv(65536)
    return stream


def measure_page(server: Server, counts: tuple[int, ...]) -> None:
    """Print how long ``GET /`` takes with so many requests, and how the last compares with the first."""
    made, medians = 0, []
    for count in counts:
        for number in range(made + 1, count + 1):
            ask_for(server, number)
        made = count
        times = []
        for _ in range(20):
            start = time.perf_counter()
            size = len(requests.get(server.url, timeout=30).content)
            times.append(time.perf_counter() - start)
        medians.append(statistics.median(times))
        _print(f"GET / with {count} requests ({size / 1e3:.0f} kB)", times)
    print(f"GET / with {counts[-1]} against {counts[0]} requests: {medians[-1] / medians[0]:.1f} times")


def _print(what: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"{what}: median {statistics.median(ordered) * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms, n = {len(ordered)}")


def main() -> None:
    """Measure on a server of its own."""
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as server:
        measure_page(server, (50, 1000))


if __name__ == "__main__":
    main()

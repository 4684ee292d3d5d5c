"""How soon a webhook is seen, what an open board costs, and how long the page takes as it fills.

``python -m benchmarks.live`` starts the real server on a free port of this machine and prints one line per figure.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
WEBHOOKS = 200
STREAMS = 1000
TOKEN = secrets.token_urlsafe(16)


@dataclass(frozen=True)
class Server:
    """A running gunicorn: its port and the process id of its worker."""

    port: int
    worker: int

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
    own = {"DATA_DIR": str(folder), "PORT": str(port), "WEBHOOK_TOKEN": TOKEN, "LOG_LEVEL": "ERROR"}
    environ = {**os.environ, **(settings or {}), **own}
    python = [sys.executable, "-m"]
    subprocess.run(
        [*python, "flask", "--app", "wsgi", "prepare"], cwd=ROOT, env=environ, check=True, capture_output=True
    )
    gunicorn = [*python, "gunicorn", "-c", "gunicorn.conf.py", f"--worker-connections={STREAMS + 500}"]
    master = subprocess.Popen([*gunicorn, "benchmarks.roomy:app"], cwd=ROOT, env=environ)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        children = Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text(encoding="ascii")
        yield Server(port, int(children.split()[0]))
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


def measure_latency(server: Server) -> None:
    """Print the time from sending a webhook to reading its frame at a connected client, and to its answer."""
    stream = open_stream(server)
    seen, answered = [], []
    for number in range(1, WEBHOOKS + 1):
        body = b""
        start = time.perf_counter()
        with socket.create_connection(("127.0.0.1", server.port)) as sender:
            sender.sendall(_raw_webhook(number))
            while f'"request_id":{number},'.encode() not in body:
                body += stream.recv(262144)
            seen.append(time.perf_counter() - start)
            sender.recv(4096)
            answered.append(time.perf_counter() - start)
    stream.close()
    _print("webhook to frame at a connected client", seen)
    _print("webhook to its answer", answered)


def _raw_webhook(number: int) -> bytes:
    body = json.dumps(_request_of(number)).encode()
    head = f"POST /webhooks/seerr?token={TOKEN} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _print(what: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"{what}: median {statistics.median(ordered) * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms, n = {len(ordered)}")


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


def measure_memory(server: Server) -> None:
    """Print what ``STREAMS`` idle boards add to the worker's memory, each."""
    with ExitStack() as streams:
        for _ in range(50):
            streams.enter_context(open_stream(server))
        before = _resident(server.worker)
        for _ in range(STREAMS):
            streams.enter_context(open_stream(server))
        added = _resident(server.worker) - before
        print(f"memory per idle subscriber: {added / STREAMS / 1e3:.1f} kB, n = {STREAMS}")


def _resident(pid: int) -> int:
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Measure everything, each on a server of its own."""
    for measure in (measure_latency, measure_memory, lambda server: measure_page(server, (50, 1000))):
        with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as server:
            measure(server)


if __name__ == "__main__":
    main()

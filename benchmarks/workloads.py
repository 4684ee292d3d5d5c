"""The workloads: what is done to a server, and the figures that come of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import built, process
from benchmarks.load import Load, Plan, load
from benchmarks.servers import Peer, Server, serve

BODIES = Path(__file__).resolve().parent / "bodies"
Figures = dict[str, Any]


@dataclass(frozen=True)
class Running:
    """A server with its client."""

    server: Server
    load: Load
    downloads: int

    def progress(self, events: int, *, rate: float = 0.0, posters: int = 1) -> Plan:
        """Publish progress, each event of another request than those before it."""
        return Plan("/publish", BODIES / "progress.json", events, posters, rate, self.downloads)

    def publish(self, *plans: Plan, **options: float) -> Figures:
        """Carry plans out, and tell besides what the server used."""
        process.wait_until_idle(self.server.pids)
        before = process.cpu(self.server.pids)
        figures = self.load.run(*plans, **options)
        figures["cpu"] = process.cpu(self.server.pids) - before
        figures["cpu_per_delivery"] = figures["cpu"] * 1e6 / max(1, figures["received"])
        figures["deliveries_per_second"] = figures["received"] * 1e6 / max(1, figures["microseconds"])
        return figures

    def open(self, count: int, wave: int = 64) -> Figures:
        """Open streams and tell what they cost."""
        process.wait_until_idle(self.server.pids)
        before, held = process.cpu(self.server.pids), process.memory(self.server.pids)
        figures = self.load.open(count, wave)
        process.wait_until_idle(self.server.pids)
        opened = max(1, figures["opened"])
        figures["cpu_per_connect"] = (process.cpu(self.server.pids) - before) * 1e6 / opened
        figures["memory_per_stream"] = (process.memory(self.server.pids) - held) / opened
        figures["connects_per_second"] = opened * 1e6 / max(1, figures["microseconds"])
        return figures


@contextmanager
def running(peer: Peer, streams: int = 0, downloads: int = 1) -> Iterator[Running]:
    """Start a server with its client, warm, and with so many streams."""
    with serve(peer, downloads) as server, load(built.program("load"), server.port) as client:
        subject = Running(server, client, downloads)
        client.open(20)
        # Every download speaks once: the first number of each also changes its card.
        subject.publish(subject.progress(downloads))
        client.close()
        if streams:
            client.open(streams)
        yield subject


def trickle(peer: Peer) -> Figures:
    """Publish 20 events a second to 1,000 streams; and to none, which is what publishing alone costs."""
    with running(peer, downloads=20) as subject:
        alone = subject.publish(subject.progress(100, rate=20))
        subject.load.open(1000)
        return subject.publish(subject.progress(200, rate=20)) | {"publish_cpu": alone["cpu"] * 1e6 / alone["events"]}


def burst(peer: Peer) -> Figures:
    """Publish 200 events back to back to 1,000 streams, over one connection and over 16; then more than can be done."""
    with running(peer, 1000, downloads=200) as subject:
        return {
            "one": subject.publish(subject.progress(200)),
            "sixteen": subject.publish(subject.progress(200, posters=16)),
            "overload": subject.publish(subject.progress(450, rate=300, posters=8)),
        }


def crowd(peer: Peer, streams: int) -> Figures:
    """Memory and connects of idle streams, then 5 events/s."""
    with running(peer, downloads=25) as subject:
        # What is made once for all, and memory that the warming up left free, are not the price of a stream.
        subject.load.open(200)
        figures = {"connect": subject.open(streams)}
        before = process.cpu(subject.server.pids)
        time.sleep(2)
        figures["idle"] = {"cpu_percent": (process.cpu(subject.server.pids) - before) * 50}
        return figures | {"fanout": subject.publish(subject.progress(25, rate=5))}

"""The workloads: what is done to a server, and the figures that come of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks import built, household, process
from benchmarks.household import TOKEN
from benchmarks.load import Load, Plan, load
from benchmarks.servers import CORE, ROOT, Peer, Server, free_port, serve

BODIES = Path(__file__).resolve().parent / "bodies"
Figures = dict[str, Any]
FATE = 20.0
"""Seconds in which a reader that never reads should have been closed."""


@dataclass(frozen=True)
class Running:
    """A server with its client."""

    server: Server
    load: Load
    downloads: int

    def progress(self, events: int, *, rate: float = 0.0, posters: int = 1) -> Plan:
        """Publish progress, each event of another request than those before it."""
        return Plan(
            self.server.publish_port, "/publish", BODIES / "progress.json", events, posters, rate, self.downloads
        )

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
    """Start a server with its client and so many streams; every download has spoken once, which changes its card."""
    with serve(peer, downloads) as server, load(built.program("load"), server.port) as client:
        subject = Running(server, client, downloads)
        client.open(20)
        subject.publish(subject.progress(downloads))
        client.close()
        client.open(streams)
        yield subject


def trickle(peer: Peer) -> Figures:
    """Publish 20 events a second to 1,000 streams; and to none, which is what publishing alone costs."""
    with running(peer, downloads=20) as subject:
        alone = subject.publish(subject.progress(60, rate=20))
        subject.load.open(1000)
        return _sending(subject.publish(subject.progress(200, rate=20)), alone)


def _sending(figures: Figures, alone: Figures) -> Figures:
    """Tell what is left of the CPU time when that of publishing to nobody is taken off."""
    publishing = alone["cpu"] / alone["events"]
    sending = (figures["cpu"] - publishing * figures["events"]) * 1e6 / max(1, figures["received"])
    return figures | {"publish_cpu": publishing * 1e6, "sending_per_delivery": sending}


def burst(peer: Peer) -> Figures:
    """Publish 200 events to 1,000 streams at once, in one loop, and in 16 of them; then more than can be done."""
    with running(peer, 1000, downloads=200) as subject:
        at_once = replace(subject.progress(200), batch=200) if peer.takes_lines else subject.progress(200, posters=16)
        figures = {
            "at_once": subject.publish(at_once),
            "one": subject.publish(subject.progress(200)),
            "sixteen": subject.publish(subject.progress(200, posters=16)),
            "overload": subject.publish(subject.progress(450, rate=300, posters=8)),
        }
        figures["overload"]["kept_up"] = figures["overload"]["deliveries_per_second"] / 300_000
        return figures


def crowd(peer: Peer, streams: int) -> Figures:
    """Memory and connects of idle streams, then 5 events/s."""
    with running(peer, downloads=25) as subject:
        alone = subject.publish(subject.progress(25, rate=5))
        # What is made once for all, and memory that the warming up left free, are not the price of a stream.
        subject.load.open(200)
        figures = {"connect": subject.open(streams)}
        before = process.cpu(subject.server.pids)
        time.sleep(2)
        figures["idle"] = {"cpu_percent": (process.cpu(subject.server.pids) - before) * 50}
        return figures | {"fanout": _sending(subject.publish(subject.progress(25, rate=5)), alone)}


def webhooks(peer: Peer) -> Figures:
    """Send real webhooks while 1,000 streams are open: 20 a second, each a new card; then 300 at 300 a second."""
    with serve(peer) as server, load(built.program("load"), server.port) as client:
        subject = Running(server, client, 1)
        client.keys('"title":"Film-', "-sent-")
        subject.publish(_webhooks(server, 50, 1, 20, first=10_001), quiet=0.5)
        client.open(1000)
        steady = subject.publish(_webhooks(server, 200, 8, 20, first=20_001))
        much = subject.publish(_webhooks(server, 300, 16, 300, first=30_001))
        for each in (steady, much):
            each["cpu_per_webhook"] = each["cpu"] * 1e6 / each["events"]
            each["webhooks_per_second"] = each["events"] * 1e6 / each["plans"]["publish"]["microseconds"]
            each["bytes_per_delivery"] = each["bytes"] / max(1, each["received"])
        return {"steady": steady, "much": much}


def _webhooks(server: Server, count: int, posters: int, rate: float, first: int) -> Plan:
    return Plan(
        server.port, f"/webhooks/seerr?token={TOKEN}", BODIES / "asked.json", count, posters, rate, count, first
    )


def posts(peer: Peer) -> Figures:
    """Cost of a POST that does nothing: with nobody there; and beside 10 events/s to 1,000 streams."""
    with running(peer, downloads=20) as subject:
        trivial = Plan(subject.server.port, "/trivial", BODIES / "trivial.json", 900, 8, 300, 900)
        alone = subject.publish(trivial)
        alone["cpu_per_post"] = alone["cpu"] * 1e6 / alone["events"]
        subject.load.open(1000)
        beside = Plan(subject.server.port, "/trivial", BODIES / "trivial.json", 1500, 8, 300, 1500, name="trivial")
        return {"alone": alone, "beside": subject.publish(subject.progress(50, rate=10), beside)}


def stuck(peer: Peer) -> Figures:
    """Publish to 500 streams, without and with one more that is never read; then see what becomes of that one."""
    figures: Figures = {}
    for name, readers in (("without", 0), ("with", 1)):
        with running(peer, 500, downloads=40) as subject:
            if readers:
                subject.load.stick(readers)
            with process.Watch(subject.server.pids, subject.server.port) as watch:
                figures[name] = subject.publish(subject.progress(1500, rate=60))
                if readers:
                    figures[name] |= _fate(subject.server)
            figures[name] |= {"memory_growth": watch.growth, "unsent": watch.unsent}
    return figures | {"slowed": figures["with"]["latency"]["p99"] / figures["without"]["latency"]["p99"]}


def _fate(server: Server) -> Figures:
    """Tell how many seconds later a stuck reader is closed, if ever."""
    start = time.monotonic()
    while process.unsent(server.port) and time.monotonic() - start < FATE:
        time.sleep(0.5)
    return {"is_closed": not process.unsent(server.port), "closed_after": time.monotonic() - start}


def storm(peer: Peer) -> Figures:
    """Restart a server that has 5,000 streams, let all come back at once, then publish."""
    port = free_port()
    with ExitStack() as after:
        with serve(peer, 25, port):
            client = after.enter_context(load(built.program("load"), port))
            client.open(5000)
        subject = Running(after.enter_context(serve(peer, 25, port)), client, 25)
        figures = {"connect": subject.open(5000, wave=5000)}
        subject.publish(subject.progress(25))
        return figures | {"fanout": subject.publish(subject.progress(25, rate=5))}


def inside(peer: Peer) -> Figures:
    """Profile one tick of the poller, one webhook and one delivery of ours, and one stream that waits."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(household.folder(20), folder, dirs_exist_ok=True)
        environ = {**os.environ, "DATA_DIR": folder, "WEBHOOK_TOKEN": TOKEN, "AUTH": "none", "LOG_LEVEL": "ERROR"}
        return _printed("benchmarks.inside", environ) | {"sending": _printed("benchmarks.sending", environ)}


def _printed(module: str, environ: dict[str, str]) -> Figures:
    words = ["taskset", "--cpu-list", CORE, sys.executable, "-m", module]
    done = subprocess.run(words, cwd=ROOT, env=environ, check=True, capture_output=True, text=True)
    figures: Figures = json.loads(done.stdout)
    return figures

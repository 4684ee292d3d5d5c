"""What our questions cost the services, and how soon the board is right after a cold start.

``python -m benchmarks.asking`` starts a made-up media server and the real board on free ports of this machine. It
counts the calls to each service in a minute: of a house where nothing happens, and of one with 45 things on the way.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from benchmarks.filling import TOKEN, Server, open_stream, serve
from demo.releases import Offer, film_release
from demo.stack import Stack
from demo.titles import FILMS, Film
from demo.webhook import HttpPost
from demo.world import PEOPLE, World

MINUTES, SETTLING = 3, 90.0
"""Minutes that are counted, and seconds before that in which the board reads what is new to it."""
BUSY, COLD = 45, 500
LONG = 24 * 3600.0
"""Seconds that each of the downloads takes, so that none is done while we count."""
STEP = 0.5


def film(number: int) -> Film:
    """Make up a film."""
    like = FILMS["metropolis"]
    return Film(
        f"film-{number}", f"Film {number}", 1927, 500_000 + number, f"tt9{number:06}", 90, like.genres, like.overview
    )


@contextmanager
def house(films: Sequence[Film]) -> Iterator[tuple[World, Stack]]:
    """Serve a world in which somebody waits for these films, each downloading; its clock is ours."""
    world = World(datetime.now(UTC), HttpPost())
    for each in films:
        world.radarr.publish(each, film_release(each, Offer("Bluray-1080p", 8.0, LONG, "GRP")))
        world.seerr.ask(each, PEOPLE["chiara"])
    world.advance(10)
    stack = Stack(world)
    stack.start()
    stopped = threading.Event()
    clock = threading.Thread(target=_let_time_pass, args=(world, stopped))
    clock.start()
    try:
        yield world, stack
    finally:
        stopped.set()
        clock.join()
        stack.stop()


def _let_time_pass(world: World, stopped: threading.Event) -> None:
    while not stopped.wait(STEP):
        world.advance(STEP)


def count_calls(title: str, films: Sequence[Film]) -> None:
    """Print the calls to each service in a minute, while one board is open."""
    with (
        house(films) as (world, stack),
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder), stack.environ()) as server,
        open_stream(server),
    ):
        world.connect(server.url, TOKEN)
        time.sleep(SETTLING)
        before = Counter(stack.calls)
        time.sleep(60 * MINUTES)
        counted = stack.calls - before
    print(f"calls in a minute, {title}:")
    for name in stack.urls:
        paths = {path: count for (service, path), count in counted.items() if service == name}
        detail = ", ".join(f"{path} {count / MINUTES:.1f}" for path, count in sorted(paths.items()))
        print(f"  {name}: {sum(paths.values()) / MINUTES:.1f}{f' ({detail})' if detail else ''}")


def time_cold_start() -> None:
    """Print how long the board takes to be right, of requests that are all older than it."""
    with (
        house([film(number) for number in range(COLD)]) as (_, stack),
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder), stack.environ()) as server,
    ):
        started = time.monotonic()
        listed = _wait(server, lambda rows: len(rows) == COLD)
        right = _wait(server, lambda rows: all(row["state"] in ("grabbed", "downloading") for row in rows))
    print(
        f"cold start with {COLD} requests: listed after {listed - started:.1f} s, right after {right - started:.1f} s"
    )


def _wait(server: Server, holds: Callable[[list[Any]], bool]) -> float:
    while True:
        rows = requests.get(f"{server.url}/api/requests?limit=500", timeout=60).json()["requests"]
        if holds(rows):
            return time.monotonic()
        time.sleep(0.5)


def main() -> None:
    """Measure everything, each on a server of its own."""
    count_calls("nothing happens", [])
    count_calls(f"{BUSY} things on the way", [film(number) for number in range(BUSY)])
    time_cold_start()


if __name__ == "__main__":
    main()

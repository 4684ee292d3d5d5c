"""Every change reaches everybody once and in order, whoever comes and goes and however the server is restarted."""

from __future__ import annotations

import random
import signal
import sqlite3
import struct
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import pairwise
from pathlib import Path

import pytest
import requests

from tests.server import chaos
from tests.server.conftest import FICKLE, StartServer
from tests.server.crowd import Crowd, Guest
from tests.server.process import Server

RESET = struct.pack("ii", 1, 0)
VISITORS = 6
BACKLOG = 40
"""So many changes may be under way: fewer than the bounds of a queue, since a resync would hide a loss."""


class Visitor:
    """One browser over all its connections: it comes back with the last id that it read."""

    def __init__(self, crowd: Crowd, cursor: str) -> None:
        self.ids: list[int] = []
        self.connections = 0
        self._crowd, self._cursor = crowd, cursor
        self._guest: Guest | None = None

    @property
    def last(self) -> int:
        """Give the number of the newest change it knows."""
        return self.ids[-1] if self.ids else 0

    def be_there(self, port: int) -> None:
        """Come back if the stream has ended; note what was read."""
        if self._guest is not None:
            self._read(self._guest)
        if self._guest is None:
            self._guest = self._crowd.come(port, self._cursor)
            self.connections += 1

    def _read(self, guest: Guest) -> None:
        self.ids += guest.ids
        self._cursor = guest.cursor or self._cursor
        assert [frame for frame in guest.frames if b"resync" in frame] == []
        guest.frames.clear()
        if guest.is_over:
            self._crowd.go(guest)
            self._guest = None

    def leave(self, linger: bytes | None) -> None:
        """Go away in the middle of whatever comes."""
        if self._guest is not None:
            self._read(self._guest)
        if self._guest is not None:
            self._crowd.go(self._guest, linger)
            self._guest = None


def change_minds(server: Server, turn: int) -> int:
    """Let up to twenty cards change, give the newest id; who calls a server that is just leaving is not heard."""
    with suppress(requests.ConnectionError):
        url = f"{server.url}/changes?count={1 + turn * 7 % 20}&turn={turn}"
        head: int = requests.post(url, timeout=20, headers={"Connection": "close"}).json()["head"]
        return head
    return 0


def take_the_other_way(server: Server) -> None:
    """Let the next start write through if this one did not."""
    server.env["STREAM_WRITE_THROUGH"] = "no" if server.env["STREAM_WRITE_THROUGH"] == "yes" else "yes"


def terminate(server: Server) -> None:
    take_the_other_way(server)
    server.restart()


def kill(server: Server) -> None:
    take_the_other_way(server)
    server.kill()
    server.restart()


def reload(server: Server) -> None:
    server.signal(signal.SIGHUP)


def ids_in(data_dir: Path) -> list[int]:
    with closing(sqlite3.connect(data_dir / "arrivarr.db")) as database:
        return [id_ for (id_,) in database.execute("SELECT id FROM change ORDER BY id")]


def step(server: Server, crowd: Crowd, visitors: list[Visitor], dice: random.Random | None = None) -> None:
    """Listen for a moment; now and then somebody leaves, and whoever is away comes back."""
    crowd.listen(0.02)
    if dice and dice.random() < 0.04:
        dice.choice(visitors[1:]).leave(dice.choice([None, RESET]))
    for visitor in visitors:
        visitor.be_there(server.port)


def play(server: Server, crowd: Crowd, restarts: Sequence[Callable[[Server], None]]) -> list[Visitor]:
    """Change minds until there were enough changes, with the restarts spread over them."""
    dice = random.Random(4)
    epoch = requests.get(f"{server.url}/api/requests", timeout=10).json()["cursor"].partition(".")[0]
    visitors = [Visitor(crowd, f"{epoch}.0") for _ in range(VISITORS)]
    stations = [(chaos.EVENTS * at // (len(restarts) + 1), how) for at, how in enumerate(restarts, 1)]
    turn, newest = 0, 0
    with ThreadPoolExecutor(1) as pool:
        while newest < chaos.EVENTS:
            turn += 1
            change = pool.submit(change_minds, server, turn)
            if stations and newest >= stations[0][0]:
                stations.pop(0)[1](server)
            while not change.done():
                step(server, crowd, visitors, dice)
            # By the word of the server: visitors who are all away know nothing of what they miss.
            newest = max(newest, change.result())
            while min(each.last for each in visitors) < newest - BACKLOG:
                step(server, crowd, visitors, dice)
    return visitors


@pytest.mark.timeout(chaos.PATIENCE)
def test_everybody_reads_every_change_once_and_in_order(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server(tmp_path, app=FICKLE)
    restarts = [terminate, reload, kill] * (10 if chaos.IS_FULL else 1)

    with Crowd() as crowd:
        visitors = play(server, crowd, restarts)
        server.restart()  # what a leaving process committed last is told as well
        truth = ids_in(server.data_dir)
        deadline = time.monotonic() + 30
        while min(each.last for each in visitors) < truth[-1] and time.monotonic() < deadline:
            step(server, crowd, visitors)

    read = [id_ for each in visitors for id_ in each.ids]
    print(  # noqa: T201  # the figures of a long run are worth reading
        f"published {len(truth)}, visitors {len(visitors)}, connections {sum(each.connections for each in visitors)}, "
        f"delivered {len(read)}, lost {sum(len(set(truth) - set(each.ids)) for each in visitors)}, "
        f"doubled {sum(len(each.ids) - len(set(each.ids)) for each in visitors)}, "
        f"out of order {sum(a > b for each in visitors for a, b in pairwise(each.ids))}"
    )
    assert len(truth) >= chaos.EVENTS
    assert [each.ids == truth for each in visitors] == [True] * VISITORS
    assert all(each.connections > len(restarts) for each in visitors)

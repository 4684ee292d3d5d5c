"""A thousand boards on one process: cheap while they are silent, and all right after a burst."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.server import chaos
from tests.server.conftest import FICKLE, StartServer
from tests.server.crowd import Crowd, Guest
from tests.server.process import Server
from tests.server.test_restarts import OPTIONS, ROOMY, come, head
from tests.server.test_slow_readers import resident

pytestmark = pytest.mark.both_ways

MOST_KB = 25.0
"""Resident memory of one silent stream; docs/operations.md counts with it."""
SOON = 5.0
"""Seconds within which a thousand have read a change; generous, because they share two cores with other tests."""


def change(server: Server, count: int, turn: int) -> int:
    response = requests.post(f"{server.url}/changes?count={count}&turn={turn}", timeout=60)
    return int(response.json()["head"])


def knows(n: int) -> Callable[[Guest], bool]:
    """Tell of a guest whether the newest change it has read is this one."""
    return lambda guest: guest.ids[-1:] == [n]


@pytest.mark.timeout(chaos.IDLE + chaos.PATIENCE)
def test_a_thousand_silent_streams_are_cheap_and_hear_heartbeats_and_changes_in_time(
    start_server: StartServer, tmp_path: Path
) -> None:
    env = {**ROOMY, "HEARTBEAT": str(chaos.HEARTBEAT)}
    server = start_server(tmp_path, app=FICKLE, env=env, options=OPTIONS)
    with Crowd() as crowd:
        come(crowd, server, 50)
        before = resident(server.worker)
        come(crowd, server, chaos.STREAMS - 50)
        for guest in crowd.guests:
            guest.heard_at, guest.longest_silence = time.monotonic(), 0.0

        deadline = time.monotonic() + chaos.IDLE
        while time.monotonic() < deadline:
            crowd.listen(0.2)

        assert (resident(server.worker) - before) / (chaos.STREAMS - 50) < MOST_KB
        assert max(guest.longest_silence for guest in crowd.guests) < chaos.HEARTBEAT + 2
        assert not any(guest.is_over for guest in crowd.guests)

        for turn in range(60 if chaos.IS_FULL else 5):
            newest = change(server, 1, turn)
            crowd.until(knows(newest), SOON)
            time.sleep(0.2)
        assert not any(guest.says("resync") for guest in crowd.guests)


@pytest.mark.timeout(chaos.PATIENCE)
def test_five_hundred_cards_in_one_go_are_one_resync(server: Server) -> None:
    with Crowd() as crowd:
        come(crowd, server, 50)

        newest = change(server, 500, 0)
        crowd.until(lambda guest: guest.says("resync"))
        last = change(server, 1, 1)
        crowd.until(knows(last))

        assert {tuple(guest.ids) for guest in crowd.guests} == {(newest, last)}
        assert {guest.events[1]["reason"] for guest in crowd.guests} == {"bulk"}


@pytest.mark.timeout(chaos.PATIENCE)
def test_five_hundred_cards_one_after_the_other_are_all_read(server: Server) -> None:
    """Or a resync stands for what is left out: after it only newer ones may come."""
    dice = random.Random(7)
    before = head(server)
    with Crowd() as crowd:
        come(crowd, server, 50)
        turn, newest = 0, before
        while newest < before + 500:
            turn += 1
            newest = change(server, dice.randint(1, 30), turn)
            crowd.listen(0)

        crowd.until(knows(newest))

        for guest in crowd.guests:
            assert guest.ids == sorted(set(guest.ids))
            assert guest.says("resync") or guest.ids == list(range(before + 1, newest + 1))

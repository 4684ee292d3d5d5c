"""A server that stops, reloads or dies under load: everybody is told, and nobody misses anything."""

from __future__ import annotations

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
import requests

from tests.server import chaos
from tests.server.conftest import QUICK, StartServer
from tests.server.crowd import Crowd, Guest
from tests.server.process import TOKEN, Server
from tests.server.seerr import seerr

pytestmark = pytest.mark.both_ways

ROOMY = {"STREAMS": str(chaos.STREAMS + 50)}
OPTIONS = ["--worker-connections", str(chaos.STREAMS + 150)]
KINDS = ("pending", "approved", "declined")


def come(crowd: Crowd, server: Server, count: int) -> None:
    """Let so many in; each has its greeting."""
    for number in range(count):
        crowd.come(server.port)
        if number % 50 == 0:
            crowd.listen(0)
    crowd.until(lambda guest: guest.says("connected"))


def assert_everybody_is_told_and_it_leaves(server: Server, count: int) -> list[Guest]:
    """Stop it, as systemd does, with so many streams open."""
    with Crowd() as crowd:
        come(crowd, server, count)

        seconds = server.stop()

        assert seconds < 5
        crowd.until(lambda guest: guest.is_over)
        assert {guest.events[-1].get("reason") for guest in crowd.guests} == {"stopping"}
        return crowd.guests


@pytest.mark.timeout(chaos.PATIENCE)
def test_a_thousand_open_streams_are_told_and_come_back_one_by_one(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server(tmp_path, app=QUICK, env=ROOMY, options=OPTIONS)

    guests = assert_everybody_is_told_and_it_leaves(server, chaos.STREAMS)

    seconds = [int(guest.frames[-1].partition(b"retry: ")[2][:4]) // 1000 for guest in guests]
    assert {seconds.count(each) > chaos.STREAMS / 6 for each in (2, 3, 4)} == {True}


def test_a_naive_server_hangs_on_to_its_streams(naive: Server) -> None:
    with pytest.raises(AssertionError, match="< 5"):
        assert_everybody_is_told_and_it_leaves(naive, 20)


def keep_calling(server: Server, is_over: Event) -> int:
    """Call twenty times a second; give how many calls were taken, which should be all."""
    count = 0
    while not is_over.wait(0.05):
        count += 1
        payload = seerr(KINDS[count % 3], 1 + count // 3)
        response = requests.post(
            f"{server.url}/webhooks/seerr",
            json=payload,
            headers={"X-Api-Key": TOKEN, "Connection": "close"},
            timeout=10,
        )
        assert response.ok, response.text
    return count


class Regular:
    """One browser that comes back whenever its stream ends."""

    def __init__(self, crowd: Crowd, server: Server) -> None:
        self._crowd, self._server = crowd, server
        self._guest = crowd.come(server.port)
        self.ids: list[int] = []

    def follow(self) -> None:
        """Note what came; come back where it left off."""
        self.ids += self._guest.ids
        self._guest.frames.clear()
        if self._guest.is_over:
            self._crowd.go(self._guest)
            self._guest = self._crowd.come(self._server.port, self._guest.cursor)


def head(server: Server) -> int:
    cursor: str = requests.get(f"{server.url}/api/requests", timeout=10).json()["cursor"]
    return int(cursor.partition(".")[2])


@pytest.mark.timeout(chaos.PATIENCE)
def test_a_reload_under_webhooks_hides_nothing_from_anybody(server: Server) -> None:
    is_over = Event()
    with Crowd() as crowd, ThreadPoolExecutor() as pool:
        regulars = [Regular(crowd, server) for _ in range(20)]
        crowd.until(lambda guest: guest.says("connected"))
        calls = pool.submit(keep_calling, server, is_over)
        old = server.worker

        for second in range(60 if chaos.IS_FULL else 6):
            if second % 6 == 2:
                server.signal(signal.SIGHUP)
            listen(crowd, regulars, 1)
        is_over.set()
        assert calls.result(10) > 20
        server.webhook("seerr", seerr("pending", 9_999))  # tells what the old worker wrote last

        newest, deadline = head(server), time.monotonic() + 20
        while any(each.ids[-1:] != [newest] for each in regulars) and time.monotonic() < deadline:
            listen(crowd, regulars, 0.1)

    assert server.worker != old
    assert [each.ids == list(range(1, newest + 1)) for each in regulars] == [True] * 20


def listen(crowd: Crowd, regulars: list[Regular], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        crowd.listen(0.02)
        for regular in regulars:
            regular.follow()


def test_a_naive_server_leaves_its_streams_on_the_old_process(naive: Server) -> None:
    with Crowd() as crowd:
        crowd.come(naive.port)
        crowd.until(lambda guest: guest.says("connected"))

        naive.signal(signal.SIGHUP)

        with pytest.raises(AssertionError, match="have not got there"):
            crowd.until(lambda guest: guest.is_over, 4)

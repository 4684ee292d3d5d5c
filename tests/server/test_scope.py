"""Ten thousand events of two people, who come and go: neither ever hears of the other's, and each of all their own."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.household import Household, cards_in, foreign
from tests.server import chaos
from tests.server.conftest import StartServer
from tests.server.process import Server, wait_until
from tests.server.sight import Sight

pytestmark = [pytest.mark.both_ways, pytest.mark.timeout(chaos.PATIENCE)]

EVENTS = 10_000
"""In each of the two ways to reach a socket; the short form makes ten thousand of both together."""
AT_ONCE = 40
"""So many things happen to one call."""


@pytest.fixture
def server(start_server: StartServer, tmp_path: Path) -> Server:
    server = start_server(tmp_path, app="tests.server.household:app", env={"AUTH": "local"})
    assert requests.post(f"{server.url}/household/people", timeout=20).ok
    return server


@pytest.fixture
def sights() -> Iterator[ExitStack]:
    """Let everybody leave at the end."""
    with ExitStack() as stack:
        yield stack


def enter(server: Server, name: str) -> dict[str, str]:
    """Sign somebody in; give the headers that show who it is."""
    answer = requests.post(f"{server.url}/household/enter/{name}", timeout=20)
    return {"Cookie": f"arrivarr={answer.cookies['arrivarr']}"}


def let(server: Server, steps: list[dict[str, object]]) -> int:
    """Let things happen; give how many events came of all so far."""
    answer = requests.post(f"{server.url}/household/live", json=steps, timeout=60)
    events: int = answer.json()["events"]
    return events


def test_neither_hears_of_the_others_over_ten_thousand_events(server: Server, sights: ExitStack) -> None:
    household = Household(random.Random(1927), kept={1})  # decides a game
    let(server, [household.let("ask", 1, "alice"), household.let("ask", 2, "bob")])
    link = requests.post(f"{server.url}/household/links/1", timeout=20).json()["token"]
    people = {name: Sight(server.url, enter(server, name)) for name in ("alice", "bob", "eve")}
    guest = Sight(server.url, {}, f"/l/{link}/events", often=2_000)
    for sight in (*people.values(), guest):
        sights.callback(sight.close)

    while let(server, household.live(AT_ONCE)) < EVENTS:
        pass

    let(server, [household.let("word", household.here[0], "")])
    head = requests.post(f"{server.url}/household/live", json=[], timeout=20).json()["head"]
    wait_until(lambda: all(sight.place >= head for sight in (*people.values(), guest)), 30)
    sights.close()
    ours = dict(requests.get(f"{server.url}/household/numbers", timeout=20).json())
    for name in ("alice", "bob"):
        had = {id_ for id_, number in ours.items() if number in household.had[name]}
        told = people[name].page.told
        assert foreign(told, name, had) == []
        assert {event["request_id"] for event in told if "request_id" in event} <= had
        assert len(told) > EVENTS // 10
        assert people[name].connections > 5
        assert {"replay", "live"} <= people[name].modes
    assert {ours[event["request_id"]] for event in guest.page.told if "request_id" in event} == {1}
    for name, sight in people.items():
        board = cards_in(requests.get(f"{server.url}/board", headers=sight.headers, timeout=20).text)
        rows = requests.get(f"{server.url}/api/requests?limit=500", headers=sight.headers, timeout=20).json()
        here = {id_ for id_, number in ours.items() if number in household.here}
        theirs = {id_ for id_ in here if name in ("eve", household.owners[ours[id_]])}
        assert board
        assert board.items() <= sight.page.cards.items()  # which also knows what came since, beyond a section's share
        assert set(sight.page.cards) <= theirs
        assert {row["id"] for row in rows["requests"]} == theirs

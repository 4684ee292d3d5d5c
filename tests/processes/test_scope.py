"""Over four processes too, nobody hears of what is not theirs, whichever process tells and whichever they listen to."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import requests

from tests.household import Household, cards_in, foreign
from tests.postgresql import PostgreSQL
from tests.processes.board import Board
from tests.processes.redis_server import RedisServer
from tests.server.chaos import IS_FULL, PATIENCE
from tests.server.process import wait_until
from tests.server.sight import Sight

pytestmark = pytest.mark.timeout(PATIENCE)

CHANGES = 5_000 if IS_FULL else 500
AT_ONCE = 4
"""So many things happen in one process before it is another's turn."""
LATER = (10_001, 10_002, 10_003)
"""Numbers of requests that no other test has to do with."""
PAGES = ("alice", "alice", "alice", "bob", "bob", "bob", "eve")


@pytest.fixture(scope="module")
def board(
    postgresql: PostgreSQL, lasting_redis: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Board]:
    joined = {"DATABASE_URL": postgresql.create(), "REDIS_URL": lasting_redis.url, "WEB_CONCURRENCY": "4"}
    board = Board(tmp_path_factory.mktemp("board"), joined | {"AUTH": "local"}, "tests.server.household:app")
    assert requests.post(f"{board.url}/household/people", timeout=20).ok
    yield board
    board.stop()
    board.assert_log_is_clean()


def enter(board: Board, name: str) -> dict[str, str]:
    """Sign somebody in; give the headers that show who it is."""
    answer = requests.post(f"{board.url}/household/enter/{name}", timeout=20)
    return {"Cookie": f"arrivarr={answer.cookies['arrivarr']}"}


def let(board: Board, steps: list[dict[str, object]]) -> int:
    """Let things happen in whichever process takes the call; give the number of its newest change."""
    answer = requests.post(f"{board.url}/household/live", json=steps, headers={"Connection": "close"}, timeout=60)
    head: int = answer.json()["head"]
    return head


def test_neither_hears_of_the_others_in_any_process(board: Board) -> None:
    household = Household(random.Random(1922))  # decides a game
    let(board, [household.let("ask", 1, "alice"), household.let("ask", 2, "bob")])
    with ExitStack() as sights:
        pages = [(name, Sight(board.url, enter(board, name), often=50)) for name in PAGES]
        for _, sight in pages:
            sights.callback(sight.close)

        while let(board, household.live(AT_ONCE)) < CHANGES:
            pass

        head = let(board, [household.let("ask", len(household.owners) + 1, "alice")])
        wait_until(lambda: all(sight.place >= head for _, sight in pages), 30)

    ours = dict(requests.get(f"{board.url}/household/numbers", timeout=20).json())
    for name, sight in pages:
        had = {id_ for id_, number in ours.items() if name == "eve" or number in household.had[name]}
        assert name == "eve" or foreign(sight.page.told, name, had) == []
        assert sight.connections > 2
        assert sight.page.cards == cards_in(requests.get(f"{board.url}/board", headers=sight.headers, timeout=20).text)
        here = {id_ for id_, number in ours.items() if number in household.here}
        assert set(sight.page.cards) == {id_ for id_ in here if name in ("eve", household.owners[ours[id_]])}


def test_who_is_shut_out_in_one_process_is_shut_out_in_all_within_seconds(board: Board) -> None:
    household = Household(random.Random(1922))  # decides a game
    let(board, [household.let("ask", number, "alice") for number in LATER[:2]])
    with ExitStack() as sights:
        pages = [Sight(board.url, enter(board, "alice"), often=1_000) for _ in range(6)]
        for sight in pages:
            sights.callback(sight.close)
        wait_until(lambda: all(sight.modes for sight in pages), 20)

        assert requests.post(f"{board.url}/household/shut-out/alice", timeout=20).ok
        wait_until(lambda: all(sight.page.told[-1] == {"type": "bye", "reason": "signed out"} for sight in pages), 20)
        let(board, [household.let("word", LATER[0], ""), household.let("ask", LATER[2], "alice")])

        wait_until(lambda: all(sight.is_refused for sight in pages), 20)
        assert all(sight.page.told[-1]["type"] == "bye" for sight in pages)
    let(board, [household.let("delete", number, "") for number in LATER])

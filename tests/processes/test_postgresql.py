"""PostgreSQL may be started anew while all goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgresql import PostgreSQL
from tests.processes.board import MANY, Board
from tests.processes.redis_server import RedisServer
from tests.server.chaos import PATIENCE
from tests.server.process import wait_until

pytestmark = pytest.mark.timeout(PATIENCE)


@pytest.fixture
def fragile() -> Iterator[PostgreSQL]:
    """Give a PostgreSQL that this test may end."""
    server = PostgreSQL()
    yield server
    server.close()


@pytest.fixture
def board(fragile: PostgreSQL, lasting_redis: RedisServer, tmp_path: Path) -> Iterator[Board]:
    env = {"DATABASE_URL": fragile.create(), "REDIS_URL": lasting_redis.url, "WEB_CONCURRENCY": "2"}
    board = Board(tmp_path, env, MANY)
    yield board
    board.stop()


def test_what_can_not_be_kept_is_refused_and_afterwards_all_is_well(board: Board, fragile: PostgreSQL) -> None:
    watchers = board.watch_all()
    assert set(board.ask_for(range(1, 11))) == {200}

    fragile.kill()
    refused = board.ask_for(range(11, 21))
    fragile.start()
    wait_until(lambda: board.ask_for([11]) == [200], 20)
    taken = board.ask_for(range(12, 31))

    assert set(refused) == {503}
    assert set(taken) == {200}
    board.wait_for(watchers)
    wait_until(lambda: len(board.asking) == 1, 20)
    for watcher in watchers:
        watcher.close()
        assert watcher.ids == board.changes(0)[: len(watcher.ids)]
        assert len(watcher.ids) >= 30

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from tests.postgresql import PostgreSQL
from tests.processes.board import MANY, Board, Watcher
from tests.processes.redis_server import RedisServer


@pytest.fixture(scope="module")
def lasting_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """Give the Redis of a board that all tests of a file share."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield server
    server.kill()


@pytest.fixture(scope="module")
def board(
    postgresql: PostgreSQL,
    lasting_redis: RedisServer,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[Board]:
    """Start one board of PROCESSES for all tests of a file: it has to live through each of them."""
    workers = str(request.module.PROCESSES)
    env = {"DATABASE_URL": postgresql.create(), "REDIS_URL": lasting_redis.url, "WEB_CONCURRENCY": workers}
    env |= {"TRUSTED_PROXIES": "127.0.0.1"}
    board = Board(tmp_path_factory.mktemp("board"), env=env, app=MANY)
    yield board
    board.stop()
    board.assert_log_is_clean()


@pytest.fixture
def watchers(board: Board) -> Iterator[Sequence[Watcher]]:
    """Give a browser at each process."""
    watchers = board.watch_all()
    yield watchers
    for watcher in watchers:
        watcher.close()

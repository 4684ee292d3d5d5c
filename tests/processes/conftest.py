from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.postgresql import PostgreSQL
from tests.processes.board import Board
from tests.processes.redis_server import RedisServer

StartBoard = Callable[..., Board]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    yield server
    server.kill()


@pytest.fixture
def start_board(postgresql: PostgreSQL, redis: RedisServer, tmp_path: Path) -> Iterator[StartBoard]:
    """Give a function that starts a board of several processes; all are stopped at the end."""
    boards: list[Board] = []
    url = postgresql.create()

    def start(name: str = "board", workers: int = 4, database_url: str = url, **env: str) -> Board:
        joined = {"DATABASE_URL": database_url, "REDIS_URL": redis.url, "WEB_CONCURRENCY": str(workers)}
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        boards.append(Board(folder, env=joined | env, app="tests.processes.many:app"))
        return boards[-1]

    yield start
    for board in boards:
        board.stop()

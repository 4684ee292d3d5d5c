"""Four processes on PostgreSQL and Redis are one board."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.processes.board import Board, Watcher
from tests.processes.redis_server import RedisServer
from tests.server.chaos import IS_FULL, PATIENCE
from tests.server.process import ROOT, wait_until
from tests.server.reader import Reader

WEBHOOKS = 3_000 if IS_FULL else 120
PROCESSES = 4
pytestmark = pytest.mark.timeout(PATIENCE)


def test_browsers_of_all_processes_read_the_same_changes_in_the_same_order(
    board: Board, watchers: Sequence[Watcher]
) -> None:
    assert set(board.ask_for(range(1, WEBHOOKS + 1))) == {200}

    board.wait_for(watchers, PATIENCE)
    assert len({watcher.worker for watcher in watchers}) == 4
    for watcher in watchers:
        assert watcher.ids == board.changes(0)[: len(watcher.ids)]
        assert len(watcher.ids) >= WEBHOOKS
        assert "resync" not in watcher.types()


def test_a_place_in_the_stream_of_one_process_is_a_place_in_that_of_every_other(
    board: Board, watchers: Sequence[Watcher]
) -> None:
    cursor = requests.get(f"{board.url}/api/requests", timeout=10).json()["cursor"]
    board.ask_for(range(10_001, 10_006))

    replayed: dict[str, list[str]] = {}
    while len(replayed) < len(watchers):
        with Reader(board.url, cursor=cursor) as reader:
            frames = iter(reader)
            assert next(frames)["data"]["mode"] == "replay"
            replayed[reader.response.headers["X-Worker"]] = [next(frames)["id"] for _ in range(5)]

    assert len(set(map(tuple, replayed.values()))) == 1


def test_one_process_asks_and_all_know_what_it_knows(board: Board, watchers: Sequence[Watcher]) -> None:
    board.ask_for([20_001])

    assert len(board.asking) == 1
    wait_until(lambda: all(known["called"] == ["seerr"] for known in board.known().values()))
    assert all(known["is_watched"] for known in board.known().values())


def test_a_stream_that_is_held_back_is_shown_by_all_whoever_was_told(board: Board) -> None:
    def tell(held: str) -> None:
        told = {"X-Forwarded-For": "192.0.2.7", "Connection": "close"}
        assert requests.post(f"{board.url}/services/stream", data={"held": held}, headers=told, timeout=10).ok

    def shown() -> list[bool]:
        return ["192.0.2.7" in page.text for page in board.answers("/services").values()]

    tell("yes")
    wait_until(lambda: all(shown()))

    tell("no")
    wait_until(lambda: not any(shown()))


def test_a_slow_question_to_the_database_holds_up_nobody(board: Board) -> None:
    with ThreadPoolExecutor(8) as pool:
        slow = [pool.submit(requests.get, f"{board.url}/slow", timeout=20) for _ in range(8)]
        time.sleep(0.2)
        began = time.monotonic()
        answers = [requests.get(f"{board.url}/healthz", timeout=10, headers={"Connection": "close"}) for _ in range(8)]
        took = time.monotonic() - began

        assert all(answer.ok for answer in answers)
        assert took < 1.5  # a driver that blocks would take two seconds for the first of them
        assert all(future.result().ok for future in slow)


def test_connections_to_redis_do_not_grow_with_the_boards_that_are_open(
    board: Board, lasting_redis: RedisServer
) -> None:
    with ExitStack() as readers:
        for _ in range(60):
            readers.enter_context(Reader(board.url))

        assert lasting_redis.tell("CLIENT", "LIST").count(b" addr=") <= 2 * len(board.workers) + 1


def test_a_file_of_sqlite_serves_one_process_and_the_refusal_says_what_to_set(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "WEB_CONCURRENCY": "4"}
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]

    start = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=30, check=False)

    assert start.returncode == 1
    assert start.stderr.strip() == (
        "Arrivarr does not start: WEB_CONCURRENCY is more than 1, and a SQLite file serves one process: "
        "set DATABASE_URL=postgresql://… and REDIS_URL=redis://…, or leave WEB_CONCURRENCY at 1."
    )

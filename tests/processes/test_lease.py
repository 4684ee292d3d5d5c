"""One process asks the services, and another soon after it has died or frozen."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest

from tests.postgresql import PostgreSQL
from tests.processes.board import MANY, Board, Watcher
from tests.processes.redis_server import RedisServer
from tests.processes.upstream import Upstream
from tests.server.chaos import PATIENCE
from tests.server.process import wait_until

pytestmark = pytest.mark.timeout(PATIENCE)


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    upstream = Upstream()
    yield upstream
    upstream.close()


@pytest.fixture(scope="module")
def board(postgresql: PostgreSQL, upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """Give a board of three processes that follow a download."""
    folder = tmp_path_factory.mktemp("board")
    redis = RedisServer(folder)
    joined = {"DATABASE_URL": postgresql.create(), "REDIS_URL": redis.url, "WEB_CONCURRENCY": "3"}
    board = Board(folder, joined | {"QBITTORRENT_URL": upstream.url, "POLL_INTERVAL": "0.2"}, MANY)
    board.follow_a_download()
    yield board
    board.stop()
    redis.kill()
    # Its log is not held to be clean: one that froze in the middle of a transaction holds up the others for a moment.


@pytest.fixture(autouse=True)
def watchers(board: Board, upstream: Upstream) -> Iterator[Sequence[Watcher]]:
    """Let somebody watch at each process, so that it is asked again and again."""
    watchers, asked = board.watch_all(), len(upstream.times)
    wait_until(lambda: len(upstream.times) > asked + 5, 20)
    upstream.most_at_once = 0
    yield watchers
    for watcher in watchers:
        watcher.close()


def longest_silence(upstream: Upstream, since: float) -> float:
    times = [at for at in upstream.times if at >= since]
    return max(later - earlier for earlier, later in pairwise(times))


def test_one_at_a_time_follows_a_download_and_bars_never_go_back(
    board: Board, upstream: Upstream, watchers: Sequence[Watcher]
) -> None:
    wait_until(lambda: all(watcher.types().count("progress_update") > 3 for watcher in watchers), 20)

    assert len(board.asking) == 1
    assert upstream.most_at_once == 1
    for watcher in watchers:
        bars = [event["progress"] for event in watcher.events if event["type"] == "progress_update"]
        assert bars == sorted(bars)
        assert bars


def test_when_it_is_killed_another_goes_on_within_seconds(board: Board, upstream: Upstream) -> None:
    [asking] = board.asking
    killed_at = time.monotonic()

    os.kill(asking, signal.SIGKILL)
    wait_until(lambda: len([at for at in upstream.times if at > killed_at + 0.5]) > 5, 20)

    assert longest_silence(upstream, killed_at - 1) < 15
    assert upstream.most_at_once == 1
    assert asking not in board.asking
    assert len(board.asking) == 1


def test_the_numbers_say_who_asks_and_how_often_that_changed(board: Board, upstream: Upstream) -> None:
    [asking], [term] = board.asking, set(board.counts("lease_term"))
    assert sorted(board.counts("lease_held")) == [0, 0, 1]

    os.kill(asking, signal.SIGKILL)

    wait_until(lambda: sorted(board.counts("lease_held")) == [0, 0, 1], 20)
    assert set(board.counts("lease_term")) == {term + 1}


def test_one_that_froze_has_lost_its_turn_when_it_goes_on(board: Board, upstream: Upstream) -> None:
    [frozen] = board.asking
    frozen_at = time.monotonic()
    os.kill(frozen, signal.SIGSTOP)
    try:
        wait_until(lambda: len([at for at in upstream.times if at > frozen_at + 0.5]) > 5, 20)
    finally:
        os.kill(frozen, signal.SIGCONT)
    time.sleep(2)

    assert upstream.most_at_once == 1
    assert len(board.asking) == 1
    assert frozen not in board.asking


def test_a_reload_hands_the_work_over(board: Board, upstream: Upstream) -> None:
    before, reloaded_at = board.workers, time.monotonic()

    board.signal(signal.SIGHUP)
    wait_until(lambda: len(board.workers) == len(before) and not set(before) & set(board.workers), 30)
    wait_until(lambda: len(upstream.times) and upstream.times[-1] > time.monotonic() - 0.5, 20)

    assert longest_silence(upstream, reloaded_at - 1) < 30  # the new ones have to boot first
    assert upstream.most_at_once == 1
    assert len(board.asking) == 1

"""Redis is only a bell: whatever becomes of it, every browser reads every change once and in order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import pytest

from tests.processes.board import Board, Watcher
from tests.processes.redis_server import RedisServer
from tests.server.chaos import IS_FULL, PATIENCE
from tests.server.process import wait_until

WEBHOOKS = 1_500 if IS_FULL else 80
PROCESSES = 3
pytestmark = pytest.mark.timeout(PATIENCE)


def die_and_come_back(redis: RedisServer) -> None:
    redis.kill()
    time.sleep(1)
    redis.start()


def lose_its_clients(redis: RedisServer) -> None:
    redis.tell("CLIENT", "KILL", "TYPE", "pubsub")
    redis.tell("CLIENT", "KILL", "TYPE", "normal")


MISFORTUNES: dict[str, Callable[[RedisServer], object]] = {
    "killed and started again, empty": die_and_come_back,
    "emptied": lambda redis: redis.tell("FLUSHALL"),
    "its clients thrown out": lose_its_clients,
    "paused": lambda redis: redis.tell("CLIENT", "PAUSE", "2000"),
}


@pytest.mark.parametrize("misfortune", MISFORTUNES)
def test_no_change_is_lost_or_doubled(
    board: Board, lasting_redis: RedisServer, watchers: Sequence[Watcher], misfortune: str
) -> None:
    before, first = board.newest(), 1 + list(MISFORTUNES).index(misfortune) * WEBHOOKS
    happens = threading.Timer(0.5, MISFORTUNES[misfortune], [lasting_redis])
    happens.start()

    assert set(board.ask_for(range(first, first + WEBHOOKS))) == {200}

    happens.join()
    board.wait_for(watchers, PATIENCE)
    for watcher in watchers:
        assert watcher.ids == board.changes(before)[: len(watcher.ids)]
        assert len(watcher.ids) >= WEBHOOKS
        assert not {"resync", "bye"} & set(watcher.types())


def test_the_numbers_say_how_redis_fares(board: Board, lasting_redis: RedisServer, watchers: Sequence[Watcher]) -> None:
    wait_until(lambda: board.counts("redis_up") == [2.0] * PROCESSES)
    frames, returns = sum(board.counts("redis_frames_total")), sum(board.counts("redis_reconnects_total"))
    board.ask_for([200_000])
    board.wait_for(watchers)
    wait_until(lambda: sum(board.counts("redis_frames_total")) >= frames + PROCESSES)  # told once, heard by all others

    lasting_redis.kill()
    wait_until(lambda: board.counts("redis_up") == [0.0] * PROCESSES)
    lasting_redis.start()

    wait_until(lambda: board.counts("redis_up") == [2.0] * PROCESSES)
    assert sum(board.counts("redis_reconnects_total")) == returns + 2 * PROCESSES


def test_webhooks_do_not_wait_for_a_redis_that_is_away(
    board: Board, lasting_redis: RedisServer, watchers: Sequence[Watcher]
) -> None:
    lasting_redis.kill()
    number, times = 100_000, []
    for n in range(20):
        began = time.monotonic()
        board.ask_for([number + n])
        times.append(time.monotonic() - began)

    wait_until(lambda: all(len(watcher.ids) >= 20 for watcher in watchers))  # by the table
    lasting_redis.start()
    assert sorted(times)[10] < 0.2

"""Four processes on PostgreSQL and Redis are one board."""

from __future__ import annotations

from collections.abc import Sequence

from tests.processes.board import Board, Watcher
from tests.server.process import wait_until


def wait_for_all(watchers: Sequence[Watcher], count: int, seconds: float = 30.0) -> None:
    wait_until(lambda: all(len(watcher.ids) >= count for watcher in watchers), seconds)
    for watcher in watchers:
        watcher.close()


def test_browsers_of_all_processes_read_the_same_changes_in_the_same_order(board: Board) -> None:
    watchers = board.watch_all()

    assert set(board.ask_for(range(1, 201))) == {200}

    wait_for_all(watchers, 200)
    assert len(watchers) == 4
    assert watchers[0].ids == sorted(set(watchers[0].ids))
    assert len(watchers[0].ids) == 200
    assert all(watcher.ids == watchers[0].ids for watcher in watchers)
    assert not any("resync" in watcher.types() for watcher in watchers)

"""Services that people connect at one process: whichever process asks the services follows."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from flaskapp.config import Settings
from flaskapp.upstreams import Upstreams
from tests.connecting import CONNECTED, qbittorrent, upstreams_of
from tests.processes.board import Board, Watcher
from tests.processes.upstream import Upstream as FakeQbittorrent
from tests.server.chaos import PATIENCE
from tests.server.process import wait_until

pytestmark = pytest.mark.timeout(PATIENCE)

__all__ = ["qbittorrent"]

PROCESSES = 2


@pytest.fixture
def upstreams(board: Board) -> Iterator[Upstreams]:
    with upstreams_of(Settings(data_dir=board.data_dir, database_url=board.env["DATABASE_URL"])) as them:
        yield them


def asked(board: Board) -> list[set[str]]:
    """Give the services that each process says are asked."""
    return [set(answer.json()["upstreams"]) for answer in board.answers("/readyz").values()]


def test_every_process_follows_and_so_does_the_one_that_asks_next(
    board: Board, upstreams: Upstreams, qbittorrent: FakeQbittorrent, watchers: Sequence[Watcher]
) -> None:
    board.follow_a_download()
    wait_until(lambda: len(board.asking) == 1, 20)
    assert asked(board) == [set()] * PROCESSES

    upstreams.save(replace(CONNECTED, url=qbittorrent.url))

    wait_until(lambda: all("progress_update" in watcher.types() for watcher in watchers), 20)
    wait_until(lambda: asked(board) == [{"qBittorrent"}] * PROCESSES)
    assert qbittorrent.most_at_once == 1

    upstreams.remove("qbittorrent", "qbittorrent")

    wait_until(lambda: asked(board) == [set()] * PROCESSES, 20)
    count = len(qbittorrent.times)
    os.kill(board.asking[0], signal.SIGTERM)
    wait_until(lambda: len(board.workers) == PROCESSES and len(board.asking) == 1, 30)
    assert len(qbittorrent.times) == count

    upstreams.save(replace(CONNECTED, url=qbittorrent.url))

    wait_until(lambda: len(qbittorrent.times) > count + 5, 20)
    assert qbittorrent.most_at_once == 1

"""A real board, with one worker, one database file and one writer: it is called back while its own question waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from demo.stack import Stack
from demo.webhook import HttpPost
from demo.world import World
from tests.server.process import Server
from tests.setup.house import NOON

EVERY = {"radarr/radarr": "radarr", "radarr/4k": "radarr/4k", "sonarr/sonarr": "sonarr", "sonarr/4k": "sonarr/4k"}


@pytest.fixture
def services() -> Iterator[tuple[World, Stack]]:
    post = HttpPost()
    world = World(NOON, post)
    stack = Stack(world)
    stack.start()
    yield world, stack
    stack.stop()
    post.close()


def test_all_services_call_back_while_the_board_waits_for_them(tmp_path: Path, services: tuple[World, Stack]) -> None:
    world, stack = services
    server = Server(tmp_path, stack.environ(), app="tests.setup.connecting:app")
    try:
        server.stop()
        server.env["CALLBACK_URL"] = server.url
        server.restart()
        answers: dict[str, Any] = {}

        def connect(path: str) -> None:
            answers[path] = requests.get(f"{server.url}/connect/{path}", timeout=30).json()

        threads = [threading.Thread(target=connect, args=(path,)) for path in [*EVERY, "seerr/seerr"]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        server.stop()
        server.assert_log_is_clean()
    finally:
        server.kill()

    for path, answer in answers.items():
        assert (path, answer.get("error"), answer.get("problem")) == (path, None, None)
        assert "calls us from now on" in answer["changes"][0]
    assert set(answers) == {*EVERY, "seerr/seerr"}
    assert [len(world.arrs[end].notifications) for end in EVERY.values()] == [1, 1, 1, 1]
    assert world.seerr.agent.is_enabled

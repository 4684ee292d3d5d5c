"""The first minute of a house that has used Seerr for long: the board knows what was asked before it came."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from demo.scenario import Play
from demo.stack import Stack
from demo.world import World
from tests.demo.recorder import Recorder
from tests.server.conftest import StartServer
from tests.server.process import wait_until


def states(url: str) -> dict[str, str]:
    rows = requests.get(f"{url}/api/requests", timeout=10).json()["requests"]
    return {row["title"]: row["state"] for row in rows}


@pytest.mark.timeout(120)
def test_a_board_that_is_started_late_shows_what_seerr_has(start_server: StartServer, tmp_path: Path) -> None:
    world = World(datetime.now(UTC), Recorder())
    Play(world).begin()
    world.advance(60)  # with nobody listening
    stack = Stack(world)
    stack.start()
    try:
        server = start_server(tmp_path, env={key: value for key, value in stack.environ().items() if "SEERR" in key})
        wait_until(lambda: len(states(server.url)) >= 10 and "Untitled" not in states(server.url), 60)
        shown = states(server.url)
        server.stop()
    finally:
        stack.stop()

    assert shown["Charade"] == "declined"
    assert shown["His Girl Friday"] == "requested"
    assert shown["Metropolis"] == "approved"

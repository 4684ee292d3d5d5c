"""A board that comes late, or misses a call: it asks, and shows what is true."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from demo.scenario import Play
from demo.stack import Stack
from demo.titles import FILMS
from demo.world import World
from tests.demo.recorder import Recorder
from tests.server.conftest import StartServer
from tests.server.process import wait_until
from tests.server.seerr import seerr

PATIENCE = 60.0
ASKED = seerr("approved", title="A Trip to the Moon (1902)")
ASKED["media"]["tmdbId"] = str(FILMS["trip-to-the-moon"].tmdb_id)


@pytest.fixture
def stack() -> Iterator[Stack]:
    """Give the five services as they are a minute into the play, with nobody having listened."""
    world = World(datetime.now(UTC), Recorder())
    Play(world).begin()
    world.advance(60)
    stack = Stack(world)
    stack.start()
    yield stack
    stack.stop()


def settings_of(stack: Stack, service: str) -> dict[str, str]:
    return {name: value for name, value in stack.environ().items() if name.startswith(service)}


def states(url: str) -> dict[str, str]:
    rows = requests.get(f"{url}/api/requests", timeout=10).json()["requests"]
    return {row["title"]: row["state"] for row in rows}


@pytest.mark.timeout(120)
def test_requests_from_before_the_first_start_are_shown(
    start_server: StartServer, stack: Stack, tmp_path: Path
) -> None:
    server = start_server(tmp_path, env=settings_of(stack, "SEERR"))

    wait_until(lambda: len(states(server.url)) >= 10 and "Untitled" not in states(server.url), PATIENCE)

    shown = states(server.url)
    assert (shown["Charade"], shown["His Girl Friday"], shown["Metropolis"]) == ("declined", "requested", "approved")
    server.stop()


@pytest.mark.timeout(120)
def test_an_import_that_nobody_told_of_is_found(start_server: StartServer, stack: Stack, tmp_path: Path) -> None:
    server = start_server(tmp_path, env=settings_of(stack, "RADARR"))

    server.webhook("seerr", ASKED)

    wait_until(lambda: states(server.url)["A Trip to the Moon"] == "imported", PATIENCE)
    server.stop()


@pytest.mark.timeout(120)
def test_what_jellyfin_shows_is_found_although_it_never_called(
    start_server: StartServer, stack: Stack, tmp_path: Path
) -> None:
    server = start_server(tmp_path, env=settings_of(stack, "RADARR") | settings_of(stack, "JELLYFIN"))

    server.webhook("seerr", ASKED)

    wait_until(lambda: states(server.url)["A Trip to the Moon"] == "available", PATIENCE)
    server.stop()

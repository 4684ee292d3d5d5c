"""Two of the stories once more over real sockets: a server, the services, and webhooks between them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from demo.releases import Offer, film_release
from demo.servarr.model import Release
from demo.stack import Stack
from demo.titles import FILMS
from demo.webhook import HttpPost, Webhook
from demo.world import PEOPLE, World
from tests.scenarios.house import words_of
from tests.server.process import TOKEN, Server
from tests.server.reader import Reader

PATIENCE, STEP = 120.0, 0.25
"""Seconds until something has to be true at the latest, and between two looks."""


class LossyPost(HttpPost):
    """Loses what ``loses`` chooses."""

    def __init__(self) -> None:
        super().__init__()
        self.loses: Callable[[Webhook], bool] = lambda _webhook: False

    def send(self, webhook: Webhook) -> None:
        if not self.loses(webhook):
            super().send(webhook)


class Town:
    """A world that moves with the time of this machine, and the board that serves it."""

    def __init__(self, server: Server, world: World, post: LossyPost) -> None:
        self.server, self.world, self.post = server, world, post

    def until(self, holds: Callable[[], bool]) -> float:
        """Let time pass until it is true; give the seconds that took."""
        began = last = time.monotonic()
        while not holds():
            assert time.monotonic() - began < PATIENCE
            time.sleep(STEP)
            now = time.monotonic()
            self.world.advance(now - last)
            last = now
        return last - began

    def ask(self, slug: str, **how: Any) -> Release:
        """Let Chiara ask for a film that the indexer has."""
        release = film_release(FILMS[slug], Offer("Bluray-1080p", 6.0, how.pop("seconds"), "ONE", **how))
        with self.world.lock:
            self.world.radarr.publish(FILMS[slug], release)
            self.world.seerr.ask(FILMS[slug], PEOPLE["chiara"])
        return release

    def row(self, title: str) -> dict[str, Any]:
        """Give a request, empty while it is not there."""
        rows = requests.get(f"{self.server.url}/api/requests", timeout=10).json()["requests"]
        return next((row for row in rows if row["title"] == title), {})

    def is_at(self, title: str, state: str) -> bool:
        """Tell whether a request has come so far."""
        return self.row(title).get("state") == state

    def board(self) -> str:
        """Give the words of the board."""
        return words_of(requests.get(self.server.url, timeout=10).text)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Open a town."""
    post = LossyPost()
    world = World(datetime.now(UTC), post)
    stack = Stack(world)
    stack.start()
    server = Server(tmp_path_factory.mktemp("town"), env=stack.environ())
    world.connect(server.url, TOKEN)
    try:
        yield Town(server, world, post)
    finally:
        post.close()
        server.stop()
        stack.stop()
    server.assert_log_is_clean()


@pytest.mark.timeout(300)
def test_an_import_by_hand_is_seen_on_a_server_within_a_minute(town: Town) -> None:
    """Scenario 36."""
    release = town.ask("metropolis", seconds=4, clear=False)
    town.until(lambda: (town.row("Metropolis").get("trouble") or {}).get("kind") == "import_blocked")
    town.post.loses = lambda webhook: webhook.source in ("radarr", "jellyfin")

    with town.world.lock:
        town.world.radarr.import_now(town.world.radarr.grab_of(release))
    seconds = town.until(lambda: town.is_at("Metropolis", "available"))

    town.post.loses = lambda _webhook: False
    assert seconds < 60
    timeline = requests.get(f"{town.server.url}/api/requests/{town.row('Metropolis')['id']}", timeout=10).json()
    assert "Found in the library folder: 6.0 GB, Bluray-1080p" in [step["reason"] for step in timeline["timeline"]]


@pytest.mark.timeout(300)
def test_a_radarr_that_hangs_up_is_told_once_on_a_server(town: Town) -> None:
    """Scenario 50."""
    town.ask("nosferatu", seconds=3000)
    town.until(lambda: town.is_at("Nosferatu", "downloading"))

    with Reader(town.server.url) as reader:
        reader.until("connected")
        town.world.mischief["radarr"].down = True
        town.until(lambda: "Radarr has not answered since" in town.board())
        told = [event["type"] for event in reader.until("resync")]

    assert town.board().count("has not answered since") == 1
    assert (town.row("Nosferatu")["state"], town.row("Nosferatu")["trouble"]) == ("downloading", None)
    assert "state_change" not in told
    town.world.mischief["radarr"].heal()
    town.until(lambda: "has not answered" not in town.board())
    assert town.is_at("Nosferatu", "downloading")

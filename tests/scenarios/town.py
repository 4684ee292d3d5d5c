"""A town: services over real sockets, a real server, and a post that may be a bad one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from demo.releases import Offer, film_release
from demo.servarr.model import Release
from demo.stack import Stack
from demo.titles import FILMS
from demo.webhook import HttpPost, Webhook
from demo.world import PEOPLE, World
from tests.scenarios.house import words_of
from tests.server.process import TOKEN, Server

PATIENCE, STEP = 120.0, 0.25
"""Seconds until something has to be true at the latest, and between two looks."""


class LossyPost(HttpPost):
    """Loses what ``loses`` chooses, and brings the rest in so many ``copies``."""

    def __init__(self) -> None:
        super().__init__()
        self.loses: Callable[[Webhook], bool] = lambda _webhook: False
        self.copies = 1

    def send(self, webhook: Webhook) -> None:
        for _ in range(0 if self.loses(webhook) else self.copies):
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

    def services(self) -> str:
        """Give the words of the page of the services."""
        return words_of(requests.get(f"{self.server.url}/services", timeout=10).text)

    def one(self, title: str) -> dict[str, Any]:
        """Give a request with its timeline."""
        answer: dict[str, Any] = requests.get(
            f"{self.server.url}/api/requests/{self.row(title)['id']}", timeout=10
        ).json()
        return answer


@contextmanager
def inhabited(folder: Path, now: datetime) -> Iterator[Town]:
    """Open a town whose clock stands at ``now``; its server may have logged no error in the end."""
    post = LossyPost()
    world = World(now, post)
    stack = Stack(world)
    stack.start()
    server = Server(folder, env=stack.environ())
    world.connect(server.url, TOKEN)
    try:
        yield Town(server, world, post)
    finally:
        post.close()
        server.stop()
        stack.stop()
    server.assert_log_is_clean()

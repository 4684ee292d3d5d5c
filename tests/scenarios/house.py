"""A house in which something goes wrong: services, a board that asks and listens, and somebody who watches it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from demo.releases import Offer, film_release
from demo.seerr.model import Ask
from demo.servarr.model import Release
from demo.titles import TITLES
from demo.webhook import Webhook
from demo.world import PEOPLE, World
from flaskapp.polling.loop import Loop
from flaskapp.views import health, media_requests, panels
from tests.app import Browser
from tests.demo.recorder import KIND, NOON
from tests.laws.board import URL, Board
from tests.laws.rooms import Rooms

STEP = 1.0
"""Seconds of the world between two looks whether a loop is due."""
MINUTE, HOUR = 60.0, 3600.0
Row = dict[str, Any]


class Post:
    """Carries webhooks at once, each in so many ``copies``.

    ``loses`` chooses those that never arrive; while ``is_closed`` nobody opens.
    """

    def __init__(self) -> None:
        self.receive: Callable[[Webhook], int]
        self.loses: Callable[[Webhook], bool] = lambda _webhook: False
        self.is_closed = False
        self.copies = 1
        self.carried: list[Webhook] = []

    def send(self, webhook: Webhook) -> None:
        if self.loses(webhook):
            return
        for _ in range(self.copies):
            webhook.on_answer(self.deliver(webhook) < 400)

    def deliver(self, webhook: Webhook) -> int:
        if self.is_closed:
            return 503
        self.carried.append(webhook)
        return self.receive(webhook)

    def kinds(self, source: str) -> list[str]:
        return [str(each.payload[KIND[source]]) for each in self.carried if each.source == source]


class House(Board):
    """A board whose loops turn while time passes; ``heard`` is all that an open browser was told."""

    EXAMINES = True
    post: Post

    def __init__(self, rooms: Rooms, world: World) -> None:
        self.world = world
        self.heard: list[Row] = []
        super().__init__(rooms, world)

    @classmethod
    @contextmanager
    def inhabited(cls, rooms: Rooms) -> Iterator[House]:
        """Move in at noon; all webhooks lead to the board."""
        post = Post()
        world = World(NOON, post)
        world.connect(URL, rooms.settings.webhook_token)
        clock = SimpleNamespace(now=lambda _zone: world.clock.now)
        with (
            patch.object(health, "datetime", clock),
            patch.object(media_requests, "datetime", clock),
            patch.object(panels, "datetime", clock),
            cls.open(rooms, world) as house,
        ):
            assert isinstance(house, cls)
            house.post, post.receive = post, house.receive
            yield house

    def start(self) -> None:
        """Start, or start again, with every loop but the one for posters."""
        super().start()
        self._browser = Browser(self.app.extensions["hub"])
        self.app.extensions["announcer"]._clock = self._seconds  # noqa: SLF001  # a stop-watch
        loops: dict[str, Loop] = {loop.name: loop for loop in self.app.extensions["background"].loops}
        self._due |= dict.fromkeys((loops["clock"], loops["deliveries"]), self.now)

    def receive(self, webhook: Webhook) -> int:
        status = super().receive(webhook)
        self._listen()
        return status

    def turn(self) -> None:
        super().turn()
        self._listen()

    def _listen(self) -> None:
        self.heard += [told.event for told in self._browser.hears()]

    @property
    def now(self) -> datetime:
        return self.world.clock.now

    def _seconds(self) -> float:
        return self.now.timestamp()

    def wait(self, seconds: float) -> None:
        """Let time pass in the world, and let the board ask what is due."""
        end = self.now + timedelta(seconds=seconds)
        while self.now < end:
            self.world.advance(min(STEP, (end - self.now).total_seconds()))
            self.turn()

    def be_down(self, seconds: float) -> None:
        """Let the board be off for a while, and start it again."""
        with self.being_down():
            self.world.advance(seconds)

    @contextmanager
    def being_down(self) -> Iterator[None]:
        """Have the board off meanwhile: only the world moves on."""
        self.post.is_closed = True
        yield
        self.post.is_closed = False
        self.start()

    def ask(self, slug: str, person: str = "chiara", seasons: tuple[int, ...] = (), *, is_4k: bool = False) -> Ask:
        """Let somebody ask; what Chiara asks for is approved."""
        return self.world.seerr.ask(TITLES[slug], PEOPLE[person], seasons, is_4k=is_4k)

    def offer(self, slug: str, seconds: float = 60, quality: str = "Bluray-1080p", **more: Any) -> Release:
        """Let the indexer have a release of a film, whose download takes so many seconds."""
        release = film_release(TITLES[slug], Offer(quality, 6.0, seconds, more.pop("group", "ONE"), **more))
        self.world.radarr.publish(TITLES[slug], release)
        return release

    def cards(self) -> list[Row]:
        """Give all cards as the API tells of each, the oldest first."""
        return [self.get(f"/api/requests/{row['id']}") for row in sorted(self.requests(), key=lambda row: row["id"])]

    def card(self, title: str = "Metropolis") -> Row:
        """Give the only card of a title."""
        (card,) = [each for each in self.cards() if each["title"] == title]
        return card

    def get(self, path: str) -> Any:
        """Give what the API answers."""
        return self._client.get(path).get_json()

    def page(self, path: str) -> str:
        """Give the words of a page, without its markup."""
        return words_of(self.markup(path))

    def markup(self, path: str) -> str:
        """Give a page as it is."""
        return self._client.get(path).get_data(as_text=True)

    def told(self, kind: str) -> list[Row]:
        """Give the events of a kind that the open browser heard."""
        return [event for event in self.heard if event["type"] == kind]


def words_of(markup: str) -> str:
    """Give what a person reads."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup))).strip()


def sentence(card: Row) -> str | None:
    """Give why a card waits."""
    return card["trouble"] and str(card["trouble"]["sentence"])


def moment(text: str) -> datetime:
    """Read a time of the API."""
    return datetime.fromisoformat(text)

"""Whatever is committed, coalesced, cut and reset in whatever order: a browser ends with what the table says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import gevent
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from flaskapp.access.gate import Gate
from flaskapp.config import Settings
from flaskapp.live import sse
from flaskapp.live.batch import Frame
from flaskapp.live.hub import Hub, Limits
from flaskapp.live.subscriber import Bounds
from flaskapp.views import events
from tests.server import chaos

EPOCH = "4f2a"
REPLAYED = 8
CARDS = st.integers(1, 4)
FRAME = re.compile(r"(?:retry: \d+\n)?(?:id: \w+\.(\d+)\n)?(?:event: \w+\n)?data: (.+)\n\n")


@dataclass
class Table:
    """The truth: what each card shows, and every change by its number."""

    hub: Hub
    changes: list[tuple[int, int]] = field(default_factory=list)
    soon: list[int] = field(default_factory=list)
    """These cards change while the next replay is on its way: published, and in the rows that it reads."""

    def commit(self, cards: list[int], *, is_bulk: bool) -> None:
        """Change cards, then announce it in one of the two ways."""
        frames = []
        for card in cards:
            self.changes.append((card, len(self.changes) + 1))
            frames.append(self.frame(len(self.changes)))
        if is_bulk:
            self.hub.resync("bulk", len(self.changes))
        else:
            self.hub.publish(frames)

    def frame(self, n: int) -> Frame:
        card, shows = self.changes[n - 1]
        return Frame(sse.encode({"type": "change", "card": card, "shows": shows}, epoch=EPOCH, n=n), n=n)

    def replay(self, after: int) -> list[Frame] | None:
        self.commit(self.soon, is_bulk=False)
        self.soon = []
        if after > len(self.changes) or len(self.changes) - after > REPLAYED:
            return None
        return [self.frame(n) for n in range(after + 1, len(self.changes) + 1)]

    def board(self) -> dict[int, int]:
        return dict(self.changes)


class Browser:
    """A page: it draws what it is told, asks for all when told to, and remembers its place."""

    def __init__(self, client: FlaskClient, table: Table) -> None:
        self._client, self._table = client, table
        self.cards, self._bars = table.board(), dict[int, int]()
        self.place = len(table.changes)
        self._told: set[int] = set()
        self._response: TestResponse | None = None
        self._pieces: Iterator[bytes] = iter(())

    def come(self) -> None:
        """Connect with the place it knows, if it is not there."""
        if self._response is None:
            self._response = self._client.get(f"/events?since={EPOCH}.{self.place}")
            self._pieces = self._response.iter_encoded()
            self._told.clear()

    def leave(self) -> None:
        """Lose the connection, and with it what was not read."""
        if self._response is not None:
            self._response.close()
            self._response = None

    def read(self) -> None:
        """Take one write; silence ends by a heartbeat."""
        self.come()
        text = next(self._pieces).decode()
        assert FRAME.sub("", text) == ""
        for n, data in FRAME.findall(text):
            self._draw(int(n) if n else None, json.loads(data))

    def _draw(self, n: int | None, event: dict[str, Any]) -> None:
        if event["type"] == "resync" or event.get("mode") == "resync":
            self.cards = self._table.board()
        elif event["type"] == "change":
            self.cards[event["card"]] = max(event["shows"], self.cards.get(event["card"], 0))
            assert event["shows"] not in self._told
            self._told.add(event["shows"])
        elif event["type"] == "progress":
            assert event["progress"] > self._bars.get(event["card"], 0)
            self._bars[event["card"]] = event["progress"]
        if n is not None:
            assert n >= self.place
            self.place = n


class House:
    """A hub with its table and three browsers; ``do`` lets one thing happen."""

    def __init__(self) -> None:
        self.hub = Hub(EPOCH, 0, heartbeat=0.002, limits=Limits(bounds=Bounds(frames=5)))
        self.table = Table(self.hub)
        app = Flask(__name__)
        settings = Settings(auth="none")
        app.extensions |= {"settings": settings, "gate": Gate(settings), "hub": self.hub, "announcer": self.table}
        app.register_blueprint(events.bp)
        self.browsers = [Browser(app.test_client(), self.table) for _ in range(3)]
        self._progress = 0

    def do(self, action: str, who: int, cards: list[int]) -> None:
        browser = self.browsers[who]
        match action:
            case "commit" | "bulk":
                self.table.commit(cards, is_bulk=action == "bulk")
            case "progress":
                self._progress += 1
                event = {"type": "progress", "card": cards[0], "progress": self._progress}
                self.hub.publish([Frame(sse.encode(event), progress_of=cards[0])])
            case "race":
                self.table.soon = cards
            case "work":
                gevent.sleep(0)
            case "come":
                browser.come()
            case "leave":
                browser.leave()
            case "read":
                browser.read()

    def settle(self) -> None:
        """Let everybody come, and read until it knows the head, and what comes after that."""
        for browser in self.browsers:
            browser.come()
        for browser in self.browsers:
            for _ in range(100):
                browser.read()
                if browser.place == self.hub.head:
                    break
            browser.read()
            browser.leave()


ACTIONS = ("commit", "commit", "commit", "bulk", "progress", "race", "work", "come", "leave", "read", "read")
STEPS = st.tuples(st.sampled_from(ACTIONS), st.integers(0, 2), st.lists(CARDS, min_size=1, max_size=4))


@settings(max_examples=2_000 if chaos.IS_FULL else 100)
@given(st.lists(STEPS, max_size=40))
def test_every_browser_ends_with_what_the_table_says(steps: list[tuple[str, int, list[int]]]) -> None:
    house = House()

    for action, who, cards in steps:
        house.do(action, who, cards)
    house.settle()

    assert [browser.cards for browser in house.browsers] == [house.table.board()] * 3
    assert house.hub.count == 0

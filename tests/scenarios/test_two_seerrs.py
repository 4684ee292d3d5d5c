"""One Seerr for the family and one for friends: both count from 1, and each speaks for its own alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from unittest.mock import patch

import pytest
from flask import Flask

from demo.seerr.api import API_KEY, create_app
from demo.seerr.model import Ask, Person
from demo.titles import TITLES
from demo.webhook import Receiver
from demo.world import PEOPLE, World
from flaskapp.access.webhook_tokens import make_token
from flaskapp.extensions import writing
from flaskapp.upstreams import Upstream
from tests.demo.recorder import NOON
from tests.laws import board
from tests.laws.rooms import Rooms
from tests.scenarios.house import MINUTE, House, Post, Row

FRIENDS = Upstream("seerr", "friends", "Friends", "http://friends.test", API_KEY)
BEN, OTTO = PEOPLE["ben"], Person(PEOPLE["ben"].id, "Otto", "0" * 32)
"""Both are the third user of their Seerr."""


class TwoHouses(House):
    """A house whose friends have a Seerr of their own."""

    friends: World
    friends_post: Post

    def connect(self) -> None:
        """Let the board ask the Seerr of the friends, which calls with a token of its own."""
        with self.app.app_context():
            self.app.extensions["upstreams"].save(FRIENDS)
            with writing() as session:
                token = make_token(session, "seerr", "friends", NOON)
        # The token says whose call it is, wherever it arrives.
        self.friends.seerr.connect(Receiver(f"{board.URL}/webhooks/seerr", {"Authorization": f"Bearer {token}"}))
        self.start()

    def wait(self, seconds: float) -> None:
        """Let time pass for both."""
        super().wait(seconds)
        self.friends.advance(seconds)

    def shown(self) -> list[tuple[str, int, str, str, str]]:
        """Give of each card whose it is, what it is about, and how it stands."""
        return [(*self._of(row), row["state"]) for row in self.cards()]

    def _of(self, row: Row) -> tuple[str, int, str, str]:
        return row["seerr_instance"], row["seerr_request_id"], row["title"], row["requested_by"]


@pytest.fixture
def houses(rooms: Rooms) -> Iterator[TwoHouses]:
    post = Post()
    friends = World(NOON, post)
    alone = board.services_of

    def together(world: World) -> dict[str, Callable[[], Flask]]:
        return alone(world) | {"friends.test": partial(create_app, friends)}

    with patch.object(board, "services_of", together), TwoHouses.inhabited(rooms) as house:
        assert isinstance(house, TwoHouses)
        house.friends, house.friends_post, post.receive = friends, post, house.receive
        house.connect()
        yield house


def ask(houses: TwoHouses) -> tuple[Ask, Ask]:
    """Let Ben of the family and Otto of the friends ask for a film each."""
    asked = houses.world.seerr.ask(TITLES["metropolis"], BEN), houses.friends.seerr.ask(TITLES["nosferatu"], OTTO)
    assert {(each.id, each.person.id) for each in asked} == {(1, 3)}
    return asked


def test_webhooks_and_readings_of_one_leave_the_other_alone(houses: TwoHouses) -> None:
    """Scenario 57."""
    _, theirs = ask(houses)
    houses.friends.seerr.approve(theirs)
    assert [row[-1] for row in houses.shown()] == ["requested", "approved"]

    houses.wait(1.5 * MINUTE)

    assert houses.shown() == [
        ("seerr", 1, "Metropolis", "Ben", "requested"),
        ("friends", 1, "Nosferatu", "Otto", "approved"),
    ]
    assert "asked by Ben in Seerr" in houses.page("/")
    assert "asked by Otto in Friends" in houses.page("/")


def test_each_is_read_for_its_own_and_asked_for_its_titles(houses: TwoHouses) -> None:
    """Scenario 57."""
    houses.post.is_closed = houses.friends_post.is_closed = True
    ask(houses)

    houses.wait(1.5 * MINUTE)

    assert sorted(houses.shown()) == [
        ("friends", 1, "Nosferatu", "Otto", "requested"),
        ("seerr", 1, "Metropolis", "Ben", "requested"),
    ]


def test_what_is_gone_from_one_is_gone_from_no_other(houses: TwoHouses) -> None:
    """Scenario 57."""
    _, theirs = ask(houses)
    houses.friends.seerr.delete(theirs)

    houses.wait(2.5 * MINUTE)

    assert [row[-1] for row in houses.shown()] == ["requested", "removed"]


def test_what_a_seerr_told_stays_when_it_is_disconnected(houses: TwoHouses) -> None:
    """Scenario 57."""
    ask(houses)
    before = houses.shown()

    with houses.app.app_context():
        houses.app.extensions["upstreams"].remove("seerr", "friends")
    houses.start()
    houses.wait(2.5 * MINUTE)

    assert houses.shown() == before

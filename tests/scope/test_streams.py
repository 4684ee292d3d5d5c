"""What a stream brings to whom, also when that changes while it is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import gevent
import pytest
from sqlalchemy import select

from flaskapp.access.browser_sessions import close_all
from flaskapp.config import Settings
from flaskapp.domain.audience import EVERYBODY
from flaskapp.domain.viewer import Viewer
from flaskapp.extensions import db, writing
from flaskapp.models import Requester
from tests.app import running
from tests.household import cards_in
from tests.people import browser_of
from tests.scope.house import House
from tests.scope.listener import Listener

SCOPE = {"type": "resync", "reason": "scope"}


def known(house: House) -> None:
    """Let Alice and Bob have asked before, so that the board knows who they are in Seerr."""
    house.let("ask", 101, "alice")
    house.let("ask", 102, "bob")


def test_a_stream_brings_what_is_ones_own(house: House) -> None:
    known(house)
    streams = {name: house.listen(name) for name in ("alice", "bob", "eve")}

    own = {name: house.let("ask", number, name) for number, name in ((1, "alice"), (2, "bob"))}
    house.let("move", 2)

    heard = {name: {event.get("request_id") for event in stream.hears()} for name, stream in streams.items()}
    assert heard["alice"] >= {own["alice"]}
    assert heard["bob"] >= {own["bob"]}
    assert heard["alice"].isdisjoint(heard["bob"])
    assert heard["eve"] >= heard["alice"] | heard["bob"]


def test_the_place_of_a_stream_moves_also_by_what_it_does_not_bring(house: House) -> None:
    known(house)
    house.app.extensions["hub"].heartbeat = 0.01
    stream = house.listen("alice")

    house.let("ask", 1, "bob")
    gevent.sleep(0.05)

    assert stream.hears() == []
    assert stream.place == house.app.extensions["hub"].head


def test_a_request_that_is_handed_over_leaves_one_board_and_comes_to_the_other(house: House) -> None:
    known(house)
    request_id = house.let("ask", 1, "alice")
    cursor = house.cursor("alice")
    streams = {name: house.listen(name) for name in ("alice", "bob")}

    house.let("give", 1, "bob")

    assert streams["alice"].hears() == [SCOPE]
    assert SCOPE in streams["bob"].hears()
    boards = {name: cards_in(house.browser(name).get("/board").text) for name in ("alice", "bob")}
    assert request_id not in boards["alice"]
    assert request_id in boards["bob"]
    assert house.listen("alice", since=cursor).missed == [SCOPE]
    assert SCOPE in house.listen("bob", since=cursor).missed


def test_who_becomes_an_admin_loads_the_board_and_hears_of_all(house: House) -> None:
    known(house)
    stream = house.listen("alice")

    house.change("alice", is_admin=True)

    assert stream.hears() == [SCOPE]
    request_id = house.let("ask", 1, "bob")
    assert {event["request_id"] for event in stream.hears()} == {request_id}


def test_who_is_no_admin_any_more_hears_of_nobody_else(house: House) -> None:
    known(house)
    stream = house.listen("eve")
    house.let("ask", 1, "bob")  # this waits for Eve, who has not read it yet

    house.change("eve", is_admin=False)
    house.let("ask", 2, "bob")

    assert stream.hears() == [SCOPE]
    assert cards_in(house.browser("eve").get("/board").text) == {}


def test_who_an_admin_says_is_somebody_in_seerr_sees_what_that_one_asked_for(house: House) -> None:
    request_id = house.let("ask", 1, "bob")
    stream = house.listen("carol")
    with house.app.app_context():
        bob = db.session.scalars(select(Requester.id)).one()

    house.change("carol", requester_id=bob)

    assert stream.hears() == [SCOPE]
    assert list(cards_in(house.browser("carol").get("/board").text)) == [request_id]


def test_who_asks_for_the_first_time_is_found_by_their_address_within_a_second(house: House) -> None:
    stream = house.listen("alice")

    request_id = house.let("ask", 1, "alice")

    assert stream.hears()[-1] == SCOPE
    assert list(cards_in(house.browser("alice").get("/board").text)) == [request_id]


@pytest.mark.parametrize("how", ["signed out", "barred"])
def test_who_is_shut_out_hears_goodbye_and_nothing_after_it(house: House, how: str) -> None:
    known(house)
    stream, other = house.listen("alice"), house.listen("bob")
    house.let("ask", 1, "alice")  # this waits for her, and is not hers to read any more

    if how == "barred":
        house.change("alice", barred_at=datetime.now(UTC))
    else:
        with house.app.app_context():
            with writing() as session:
                close_all(session, house.people["alice"])
            house.app.extensions["open_streams"].check(datetime.now(UTC))
    house.let("ask", 2, "alice")

    assert stream.hears() == [{"type": "bye", "reason": "signed out"}]
    assert stream.is_over
    assert not other.is_over
    assert house.browser("alice").get("/events").status_code == 401


def test_who_was_let_in_just_before_everything_changed_is_looked_at_again(house: House) -> None:
    hub = house.app.extensions["hub"]
    house.look()
    stale = Viewer("alice", EVERYBODY, is_admin=True, user_id=house.people["alice"])
    subscriber = hub.subscribe(None, stale)

    house.look()

    assert not subscriber.viewer.is_admin
    assert not subscriber.viewer.audience.sees_all
    hub.unsubscribe(subscriber)


def test_who_comes_back_hears_by_a_word_that_they_see_others_now(house: House) -> None:
    known(house)
    before = [house.listen(name).greeting["scope"] for name in ("alice", "alice", "bob", "eve")]

    house.change("alice", is_admin=True)

    assert before[0] == before[1]
    assert len(set(before)) == 3
    assert house.listen("alice").greeting["scope"] == before[3]
    answer = house.browser("alice").get(f"/api/requests?since={house.cursor('alice')}").get_json()
    assert answer["scope"] == before[3]


def test_after_a_start_with_another_people_see_the_word_is_another_one(settings: Settings) -> None:
    with running(replace(settings, people_see="own")) as app:
        house = House(app)
        known(house)
        mine = house.listen("alice").greeting["scope"]
        house.close()

    with running(replace(settings, people_see="all")) as app:
        again = Listener(browser_of(app, house.people["alice"]))
        again.close()

    assert (mine == "all", again.greeting["scope"]) == (False, "all")

"""Of a request that somebody may not see, everything speaks as if it were not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import url_for

from flaskapp.config import Settings
from tests.app import running
from tests.household import cards_in
from tests.scope.house import House

TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')
"""Of a form; it holds the second in which it was drawn."""
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def keep_posters(settings: Settings) -> Callable[[int], None]:
    """Let so many posters lie in the data folder."""

    def keep(count: int) -> None:
        folder = settings.data_dir / "posters"
        folder.mkdir()
        for number in range(1, count + 1):
            (folder / str(number)).write_bytes(PICTURE)

    return keep


@pytest.mark.parametrize("path", ["/requests/{}", "/requests/{}/watch", "/api/requests/{}", "/posters/{}"])
def test_what_is_somebody_elses_is_not_there(house: House, keep_posters: Callable[[int], None], path: str) -> None:
    request_id = house.let("ask", 1, "bob")
    keep_posters(1)

    alice = house.browser("alice")
    with alice.get(path.format(request_id)) as hidden, alice.get(path.format(77)) as unknown:
        assert hidden.status_code == unknown.status_code == 404
        assert TOKEN.sub("", hidden.get_data(as_text=True)) == TOKEN.sub("", unknown.get_data(as_text=True))
    if "watch" not in path:
        for name in ("bob", "eve"):
            with house.browser(name).get(path.format(request_id)) as shown:
                assert shown.status_code == 200


def test_lists_leave_it_out(house: House) -> None:
    house.let("ask", 1, "bob")
    mine = house.let("ask", 2, "alice")

    alice = house.browser("alice")

    assert list(cards_in(alice.get("/").text)) == [mine]
    assert list(cards_in(alice.get("/board").text)) == [mine]
    assert [row["id"] for row in alice.get("/api/requests").get_json()["requests"]] == [mine]
    assert len(cards_in(house.browser("eve").get("/").text)) == 2


def test_nobody_finds_what_they_may_not_see(house: House) -> None:
    house.let("ask", 1, "bob")
    mine = house.let("ask", 2, "alice")
    house.let("available", 1)
    house.let("available", 2)

    alice, bob = house.browser("alice"), house.browser("bob")

    for address in ("/?q=bob", "/history?q=bob"):
        assert "data-request-id" not in alice.get(address).text
        assert 'class="history__row"' not in alice.get(address).text
    assert list(cards_in(alice.get("/?q=alice").text)) == [mine]
    assert list(cards_in(alice.get("/?mine=yes").text)) == [mine]
    assert f'href="/requests/{mine}"' in alice.get("/history").text
    assert f'href="/requests/{mine}"' not in bob.get("/history").text


def test_what_is_ones_own_is_found_among_all(house: House) -> None:
    house.let("ask", 1, "bob")
    mine = house.let("ask", 2, "alice")
    house.change("alice", is_admin=True)

    alice = house.browser("alice")

    assert list(cards_in(alice.get("/?mine=yes").text)) == [mine]
    assert len(cards_in(alice.get("/").text)) == 2
    assert 'name="mine"' not in house.browser("carol").get("/").text


def test_a_program_with_a_key_sees_all(house: House) -> None:
    house.let("ask", 1, "bob")

    answer = house.app.test_client().get("/api/requests", headers={"X-Api-Key": "a-key-for-programs"})

    assert [row["requested_by"] for row in answer.get_json()["requests"]] == ["bob"]


def test_only_who_saw_it_hears_that_it_was_taken_off(house: House) -> None:
    request_id, since = house.let("ask", 1, "bob"), house.cursor("bob")

    house.let("delete", 1)

    pages = [house.browser(name).get(f"/requests/{request_id}").status_code for name in ("alice", "bob")]
    answers = [house.browser(name).get(f"/api/requests?since={since}").get_json() for name in ("alice", "bob")]
    assert pages == [404, 410]
    assert [answer["deleted"] for answer in answers] == [[], [request_id]]


def test_who_was_away_is_told_of_their_own(house: House) -> None:
    since = house.cursor("bob")

    house.let("ask", 1, "bob")

    assert "Film 1" in house.browser("bob").get(f"/away?since={since}").text
    assert "Film 1" not in house.browser("alice").get(f"/away?since={since}").text


def test_the_address_of_a_poster_in_a_card_is_good_for_anybody_and_no_guess_is(
    house: House, keep_posters: Callable[[int], None]
) -> None:
    keep_posters(2)
    with house.app.app_context():
        address = url_for("posters.show", media_id=1, _external=False)
    stranger = house.app.test_client()

    with stranger.get(address) as shown:
        assert (shown.status_code, shown.data) == (200, PICTURE)
        assert "private" in shown.headers["Cache-Control"]
    for guess in (address.replace("/1?", "/2?"), address[:-1], "/posters/1", "/posters/1?k="):
        assert stranger.get(guess).status_code == 404


EMPTY = {
    ("alice", "own"): ("Nothing of yours is on its way", ">alice</bdi> asks for in Seerr"),
    ("carol", "own"): ("Your requests will be here", "does not know yet who you are there"),
    ("carol", "all"): ("Nothing is on its way yet", "Whatever anybody in this house asks for"),
    ("eve", "own"): ("Nothing is on its way yet", 'href="/setup"'),
}


@pytest.mark.parametrize(("name", "people_see"), EMPTY)
def test_an_empty_board_says_whose_requests_would_be_here(settings: Settings, name: str, people_see: str) -> None:
    with running(replace(settings, people_see=people_see)) as app:
        house = House(app)
        house.let("ask", 1, "alice")
        house.let("delete", 1)

        page = house.browser(name).get("/").text

    title, lead = EMPTY[name, people_see]
    assert re.findall(r'id="welcome-title">([^<]+)<', page) == [title]
    assert lead in page
    assert ("Connect your services" in page) == (name == "eve")


def test_only_admins_are_shown_the_ways_to_what_only_they_may(house: House) -> None:
    request_id = house.let("ask", 1, "alice")

    for address in ("/", f"/requests/{request_id}"):
        assert 'href="/services"' in house.browser("eve").get(address).text
        assert 'href="/services"' not in house.browser("alice").get(address).text
    assert "Take it off" in house.browser("eve").get(f"/requests/{request_id}").text
    assert "Take it off" not in house.browser("alice").get(f"/requests/{request_id}").text


def test_people_see_all_where_the_house_says_so_and_still_change_nothing(settings: Settings) -> None:
    with running(replace(settings, people_see="all")) as app:
        house = House(app)
        request_id = house.let("ask", 1, "bob")

        assert list(cards_in(house.browser("alice").get("/").text)) == [request_id]
        assert house.browser("alice").delete(f"/api/requests/{request_id}").status_code == 403


def test_a_timeline_does_not_speak_of_other_owners(house: House) -> None:
    request_id = house.let("ask", 1, "alice")
    house.let("give", 1, "bob")

    timeline = house.browser("bob").get(f"/api/requests/{request_id}").get_json()["timeline"]

    assert timeline[0]["kind"] == "created"
    assert "owner" not in {step["kind"] for step in timeline}


def test_who_asks_again_and_again_loads_all_when_a_request_was_handed_over(house: House) -> None:
    request_id, since = house.let("ask", 1, "alice"), house.cursor("alice")

    house.let("give", 1, "bob")

    answers = {name: house.browser(name).get(f"/api/requests?since={since}").get_json() for name in ("alice", "bob")}
    assert all(answer["reset"] for answer in answers.values())
    assert [row["id"] for row in answers["bob"]["requests"]] == [request_id]
    assert answers["alice"]["requests"] == []

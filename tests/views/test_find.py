"""What somebody searches for on the board, as the server finds it."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flaskapp.domain.state import Stage
from flaskapp.models.board import MOST, MOST_OF_ONE
from tests.app import Send
from tests.views.test_board import ask
from tests.views.trouble import STALLED, give


@pytest.fixture
def house(send: Send) -> None:
    """Let two people ask for three films and a series."""
    for number, title, who in ((1, "Amélie", "alice"), (2, "Metropolis", "bob"), (3, "Dune: 100% Spice_", "alice")):
        send(
            *("seerr", "media-pending-movie"),
            subject=f"{title} (200{number})",
            media__tmdbId=str(number),
            request__request_id=str(number),
            request__requestedBy_username=who,
        )
    send("seerr", "media-approved-tv-partial-seasons", request__request_id="4", request__requestedBy_username="bob")


def found(client: FlaskClient, query: str) -> list[int]:
    page = client.get(f"/?{query}").text
    return [int(number) for number in re.findall(r'class="card" data-request-id="(\d+)"', page)]


def rule(client: FlaskClient, query: str) -> dict[str, Any]:
    match = re.search(r'data-rule="([^"]+)"', client.get(f"/?{query}").text)
    assert match
    parsed: dict[str, Any] = json.loads(unescape(match[1]))
    return parsed


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", {1, 2, 3, 4}),
        ("q=amelie", {1}),
        ("q=AMÉLIE+2001", {1}),
        ("q=2001+am", {1}),
        ("q=alice", {1, 3}),
        ("q=100%25", {3}),
        ("q=spice_", {3}),
        ("q=_", {3}),
        ("q=nothing", set[int]()),
        ("type=movie", {1, 2, 3}),
        ("type=tv", {4}),
        ("stage=looking", {4}),
        ("stage=waiting&q=bob", {2}),
        ("stage=nonsense&type=nonsense&sort=nonsense&q=", {1, 2, 3, 4}),
        ("mine=yes", set[int]()),
    ],
)
def test_the_address_says_what_is_shown(client: FlaskClient, query: str, ids: set[int]) -> None:
    assert set(found(client, query)) == ids


@pytest.mark.usefixtures("house")
def test_what_waits_for_something_is_found_by_that(app: Flask, client: FlaskClient) -> None:
    for request_id, trouble in {1: None, 2: STALLED, 3: None, 4: None}.items():
        give(app, trouble, request_id)

    assert found(client, "attention=yes") == [2]


@pytest.mark.usefixtures("house")
def test_cards_stand_in_the_order_that_was_asked_for(client: FlaskClient) -> None:
    assert found(client, "type=movie&sort=title") == [1, 3, 2]
    assert found(client, "type=movie") == found(client, "type=movie&sort=oldest")[::-1]


@pytest.mark.usefixtures("house")
def test_a_browser_is_told_the_rule_with_folded_words(client: FlaskClient) -> None:
    assert rule(client, "q=Amé+LIE&type=movie&sort=title") == {
        "words": ["ame", "lie"],
        "type": "movie",
        "stage": None,
        "own": None,
        "attention": False,
        "order": "title",
    }


@pytest.mark.usefixtures("house")
def test_the_form_keeps_what_was_asked(client: FlaskClient) -> None:
    page = client.get("/?q=<b>&type=tv").text

    assert 'value="&lt;b&gt;"' in page
    assert '<option value="tv" selected>' in page


@pytest.mark.usefixtures("house")
def test_nothing_that_fits_is_said_instead_of_a_welcome(client: FlaskClient) -> None:
    page = client.get("/?q=nothing").text

    assert "data-leaves-out>" in page
    assert "Nothing on the board fits." in page


def test_a_section_shows_some_and_tells_how_many_there_are(app: Flask, client: FlaskClient) -> None:
    most = MOST[Stage.ALMOST_THERE]
    ask(app, range(1, MOST_OF_ONE + 3))

    page, section = client.get("/").text, client.get("/?stage=almost_there").text

    assert page.count('class="card"') == most
    assert f'data-count-of="almost_there" data-count="{MOST_OF_ONE + 2}"' in page
    assert 'href="/?stage=almost_there"' in page
    assert section.count('class="card"') == MOST_OF_ONE
    assert 'href="/?stage=almost_there"' not in section

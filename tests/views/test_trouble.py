"""Why a card waits: on the card, on its page, in the stream and in the API."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flaskapp.live.announce import Announcer
from tests.app import Send, read
from tests.views.trouble import BLOCKED, DELAYED, STALLED, UNRELEASED, Trouble, give


@pytest.fixture(autouse=True)
def asked(send: Send) -> None:
    """Let somebody ask for a film that gets approved."""
    send("seerr", "media-approved-movie")


def card(client: FlaskClient, address: str = "/") -> str:
    (found,) = re.findall(r"<article.+?</article>", client.get(address).text, re.DOTALL)
    return str(found)


@pytest.mark.parametrize(
    ("trouble", "sign"),
    [(STALLED, "clock"), (DELAYED, "clock"), (BLOCKED, "wrench"), (UNRELEASED, "calendar")],
    ids=["nobody", "nobody, until a time", "admin", "release date"],
)
def test_a_card_says_why_it_waits_since_when_and_who_acts(
    app: Flask, client: FlaskClient, trouble: Trouble, sign: str
) -> None:
    give(app, trouble)

    drawn = card(client)

    assert f'data-trouble="{trouble["kind"]}"' in drawn
    assert f"icons.svg#{sign}" in drawn
    assert trouble["sentence"].replace("'", "&#39;") in drawn
    assert 'since <time datetime="2026-03-14T12:00:00Z" data-format="clock">14 Mar, 12:00 UTC</time>' in drawn
    assert ('until <time datetime="2026-03-14T18:00:00Z"' in drawn) == (trouble is DELAYED)
    assert ("Waits for an admin" in drawn) == (trouble["who"] == "admin")


def test_the_trouble_speaks_instead_of_the_state(app: Flask, client: FlaskClient) -> None:
    assert "Radarr looks for a release" in card(client)

    give(app, UNRELEASED)

    assert card(client).count("card__why") == 1
    assert "Radarr looks for a release" not in card(client)


@pytest.mark.parametrize(("trouble", "stage"), [(STALLED, "looking"), (BLOCKED, "needs_a_look"), (None, "looking")])
def test_a_card_that_an_admin_has_to_look_at_stands_first(
    app: Flask, client: FlaskClient, trouble: Trouble | None, stage: str
) -> None:
    give(app, trouble, stage=stage)

    page = client.get("/").text

    assert f'data-stage="{stage}" data-sort-key' in card(client)
    assert f'data-count-of="{stage}" data-count="1"' in page


def test_the_own_words_of_a_service_stand_on_the_page_of_the_request_alone(app: Flask, client: FlaskClient) -> None:
    give(app, BLOCKED)

    page = client.get("/requests/1").text

    assert "What Radarr says" in page
    assert "Not an upgrade for existing files." in page
    assert "&lt;b&gt;Campione&lt;/b&gt; trovato" in page
    assert "Not an upgrade" not in client.get("/").text


@pytest.mark.parametrize("trouble", [STALLED, None])
def test_a_page_without_such_words_has_no_place_for_them(
    app: Flask, client: FlaskClient, trouble: Trouble | None
) -> None:
    give(app, trouble)

    assert "What Radarr says" not in client.get("/requests/1").text


def test_every_frame_that_brings_a_card_brings_its_trouble(app: Flask, client: FlaskClient, send: Send) -> None:
    send("radarr", "grab-torrent")
    give(app, BLOCKED)
    announcer: Announcer = app.extensions["announcer"]

    with app.app_context():
        told = [read(frame).event for frame in announcer.replay(0) or ()]

    assert [event["type"] for event in told] == ["request_created", "state_change"]
    for event in told:
        assert event["trouble"] == {name: BLOCKED[name] for name in ("kind", "sentence", "since", "who", "until")}
        assert 'data-trouble="import_blocked"' in event["card"]
        assert "Campione" not in json.dumps(event)


def test_a_card_that_was_taken_off_has_no_trouble_left(app: Flask, client: FlaskClient) -> None:
    give(app, BLOCKED)
    client.delete("/api/requests/1")

    with app.app_context():
        (created, deleted) = (read(frame).event for frame in app.extensions["announcer"].replay(0))

    assert (created["card"], created["trouble"]) == (None, None)
    assert "trouble" not in deleted


def test_programs_read_the_trouble_and_in_detail_the_words_of_the_service(app: Flask, client: FlaskClient) -> None:
    give(app, BLOCKED)

    (row,) = client.get("/api/requests").get_json()["requests"]
    detail = client.get("/api/requests/1").get_json()

    assert row["trouble"] == {name: BLOCKED[name] for name in ("kind", "sentence", "since", "who", "until")}
    assert detail["trouble"] == BLOCKED

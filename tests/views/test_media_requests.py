"""The page of one request, and taking it off the board."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flaskapp.config import Settings
from tests.app import Browser, Send, post, running


@pytest.fixture(autouse=True)
def asked(send: Send) -> None:
    """Let somebody ask for a film."""
    send("seerr", "media-pending-movie")


def board(client: FlaskClient) -> list[int]:
    return [row["id"] for row in client.get("/api/requests").get_json()["requests"]]


def test_the_page_shows_card_and_steps_with_source_and_reason(client: FlaskClient, send: Send) -> None:
    send("seerr", "media-approved-movie")
    send("radarr", "grab-torrent")

    response = client.get("/requests/1")

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert 'data-request-id="1" data-state="grabbed" data-rev="3"' in response.text
    words = re.findall(r'timeline__word">([^<]+)<', response.text)
    assert words == ["Found", "Looking", "Asked"]
    assert (
        "Grabbed from Public Films (Prowlarr) for qBittorrent (NAS): 11.8\N{NO-BREAK SPACE}GB, Bluray-1080p by ARCHiVE"
        in response.text
    )
    assert "Asked for by alice" in response.text
    assert re.findall(r'timeline__source">(\w+) ·', response.text) == ["Radarr", "Seerr", "Seerr"]


def test_the_cursor_of_the_page_is_read_before_what_it_shows(app: Flask, client: FlaskClient) -> None:
    page = client.get("/requests/1").text

    assert f'data-cursor="{app.extensions["hub"].epoch}.1"' in page


def test_a_series_shows_its_asked_episodes_by_season(client: FlaskClient, send: Send) -> None:
    series = {"media__tmdbId": "9990301", "media__tvdbId": "9990101", "request__request_id": "7"}
    send("seerr", "media-approved-tv-partial-seasons", **series, extra=[{"name": "Requested Seasons", "value": "2"}])
    send("sonarr", "grab-season-pack")
    send("sonarr", "download-season-pack-1-of-4")

    page = client.get("/requests/2").text

    assert re.findall(r'episodes__number">(\d+)<', page) == ["1", "2", "3", "4"]
    assert "Cold Start" in page
    assert "In the library folder" in page
    downloads = client.get("/api/requests/2").get_json()["downloads"]
    assert len(downloads) == 1


def test_downloads_of_other_seasons_are_not_shown(client: FlaskClient, send: Send) -> None:
    series = {"media__tmdbId": "9990301", "media__tvdbId": "9990101", "request__request_id": "7"}
    send("seerr", "media-approved-tv-partial-seasons", **series, extra=[{"name": "Requested Seasons", "value": "1"}])

    send("sonarr", "grab-season-pack")

    assert client.get("/api/requests/2").get_json()["downloads"] == []


def test_an_episode_shows_the_quality_of_its_file(client: FlaskClient, send: Send) -> None:
    series = {"media__tmdbId": "9990301", "media__tvdbId": "9990101", "request__request_id": "7"}
    send("seerr", "media-approved-tv-partial-seasons", **series, extra=[{"name": "Requested Seasons", "value": "2"}])

    send("sonarr", "download-season-pack-1-of-4")

    assert re.findall(r'episodes__quality">([^<]+)<', client.get("/requests/2").text) == ["WEBDL-1080p"]


def test_the_form_takes_the_card_off_and_leads_back_to_the_board(client: FlaskClient, browser: Browser) -> None:
    response = client.post("/requests/1/delete", headers={"Sec-Fetch-Site": "same-origin"})

    assert (response.status_code, response.headers["Location"]) == (303, "/")
    assert board(client) == []
    assert "Night of the Living Dead" not in client.get("/").text
    assert browser.hears()[-1].event == {"type": "request_deleted", "request_id": 1}


def test_a_program_takes_the_card_off_too(client: FlaskClient) -> None:
    response = client.delete("/api/requests/1")

    assert (response.status_code, response.data) == (204, b"")
    assert board(client) == []


@pytest.mark.parametrize(("method", "address"), [("POST", "/requests/1/delete"), ("DELETE", "/api/requests/1")])
def test_a_second_time_it_is_gone_already(client: FlaskClient, browser: Browser, method: str, address: str) -> None:
    client.open(address, method=method)
    browser.hears()

    response = client.open(address, method=method)

    assert response.status_code == 410
    assert browser.hears() == []


def test_looking_takes_nothing_off(client: FlaskClient) -> None:
    assert client.get("/requests/1/delete").status_code == 405
    assert board(client) == [1]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("seerr", "media-pending-movie"),
        ("seerr", "media-approved-movie"),
        ("seerr", "media-available-movie"),
        ("radarr", "grab-torrent"),
        ("radarr", "download-import"),
        ("jellyfin", "item-added-movie"),
    ],
)
def test_what_was_taken_off_never_comes_back_by_itself(
    client: FlaskClient, send: Send, browser: Browser, source: str, name: str
) -> None:
    client.delete("/api/requests/1")
    browser.hears()

    assert send(source, name).get_json()["outcome"] == "applied"

    assert board(client) == []
    assert client.get("/requests/1").status_code == 410
    assert browser.hears() == []


def test_who_asks_again_gets_a_new_card_that_knows_what_happened_meanwhile(client: FlaskClient, send: Send) -> None:
    client.delete("/api/requests/1")
    send("radarr", "grab-torrent")

    send("seerr", "media-approved-movie", request__request_id="2")

    assert board(client) == [2]
    assert client.get("/api/requests/2").get_json()["state"] == "grabbed"


def test_taking_off_one_of_two_for_a_film_leaves_the_other(client: FlaskClient, send: Send) -> None:
    send("seerr", "media-pending-movie", request__request_id="2")

    client.delete("/api/requests/1")

    assert board(client) == [2]


def test_a_title_that_nobody_asked_for_does_not_come_back_either(settings: Settings) -> None:
    film: dict[str, Any] = {"eventType": "MovieAdded", "movie": {"id": 3, "title": "Metropolis", "tmdbId": 19}}
    with running(replace(settings, track_unrequested=True)) as app:
        client = app.test_client()
        post(client, "/webhooks/radarr", film)
        assert board(client) == [2, 1]

        client.delete("/api/requests/2")
        post(client, "/webhooks/radarr", film)

        assert board(client) == [1]


def test_a_word_that_says_it_all_is_not_said_twice(client: FlaskClient, send: Send) -> None:
    send("seerr", "media-declined-movie")

    [sentence] = re.findall(r'timeline__sentence">(.*?)</p>', client.get("/requests/2").text, re.DOTALL)

    assert sentence.count("Declined") == 1

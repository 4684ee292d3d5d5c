"""The arrivals board as the server draws it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, update

from flaskapp.domain.observation import EntryRef, EpisodeRef, FileImported, MediaRef, MediaType, RequestTold, Word
from flaskapp.domain.origin import Origin
from flaskapp.domain.state import Stage
from flaskapp.extensions import writing
from flaskapp.models import MediaRequest
from flaskapp.models.board import MOST
from flaskapp.signals import Signals
from flaskapp.upstreams import Upstream
from tests.app import Browser, Send

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def ask(app: Flask, numbers: range) -> None:
    """Let people ask for as many series, each with an episode that is here."""
    said = []
    for n in numbers:
        series = MediaRef(MediaType.TV, tmdb_id=n, tvdb_id=n, imdb_id=f"tt{n}", title=f"Series {n}", year=1962)
        said += [
            RequestTold(seen_at=NOON, seerr_request_id=n, media=series, word=Word.APPROVED),
            FileImported(seen_at=NOON, entry=EntryRef(n, series), file_id=n, items=(EpisodeRef(1, 1),)),
        ]
    with app.app_context():
        app.extensions["pipeline"].ingest(said, Origin("sonarr", "sonarr", is_4k=False, now=NOON))


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect what the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(re.sub(r"IN \([?, ]+\)", "IN (…)", statement))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def stages(html: str) -> dict[str, list[int]]:
    """Read which cards stand in which section, in their order."""
    sections = re.split(r'<section class="stage" id="stage-(\w+)"', html)[1:]
    return {
        stage: [int(number) for number in re.findall(r'<article class="card" data-request-id="(\d+)"', part)]
        for stage, part in zip(sections[::2], sections[1::2], strict=True)
    }


def test_an_empty_board_leads_to_where_services_are_connected(app: Flask, client: FlaskClient) -> None:
    response = client.get("/")

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert '<a class="button button--primary button--large" href="/setup">Connect your services</a>' in response.text
    assert sum(map(len, stages(response.text).values())) == 0

    with app.app_context():
        app.extensions["upstreams"].save(Upstream("radarr", "radarr", "Radarr", "http://127.0.0.1:9", "a-key"))

    assert "Connect your services" not in client.get("/").text
    assert "See what is connected" in client.get("/").text


def test_every_card_stands_in_the_section_of_its_state(client: FlaskClient, send: Send) -> None:
    def ask(word: str, number: str) -> None:
        send("seerr", f"media-{word}-movie", media__tmdbId=number, request__request_id=number)

    def film(name: str, number: int, **changed: object) -> None:
        send("radarr", name, movie={"id": number, "tmdbId": number, "title": "Film"}, **changed)

    for number, word in enumerate(("pending", "approved", "approved", "approved", "approved", "declined", "failed"), 1):
        ask(word, str(number))
    film("grab-torrent", 3, downloadId="a" * 40)
    film("download-import", 4, downloadId="b" * 40)
    film("download-import", 5, downloadId="c" * 40)
    send("jellyfin", "item-added-movie", tmdb="5", imdb="")

    sections = stages(client.get("/").text)

    assert sections == {
        "needs_a_look": [7],
        "on_the_way": [3],
        "almost_there": [4],
        "looking": [2],
        "waiting": [1],
        "ready": [5],
        "closed": [6],
    }


def test_what_came_to_a_section_last_stands_first(client: FlaskClient, send: Send) -> None:
    for number in "123":
        send("seerr", "media-pending-movie", media__tmdbId=number, request__request_id=number)
    send("seerr", "media-approved-movie", media__tmdbId="2", request__request_id="2")
    send("seerr", "media-approved-movie", media__tmdbId="1", request__request_id="1")

    page = client.get("/").text

    assert stages(page)["looking"] == [1, 2]
    assert stages(page)["waiting"] == [3]
    keys = re.findall(r'data-stage="looking" data-sort-key="([^"]+)"', page)
    assert keys == sorted(keys)


def test_within_one_second_the_page_has_the_order_that_a_browser_would_give(app: Flask, client: FlaskClient) -> None:
    ask(app, range(1, 4))
    with app.app_context(), writing() as session:
        for n in range(1, 4):
            since = NOON + timedelta(milliseconds=100 * n)
            session.execute(update(MediaRequest).filter_by(id=n).values(stage="looking", state_since=since))

    assert stages(client.get("/").text)["looking"] == [1, 2, 3]


def test_counts_are_those_of_the_cards(client: FlaskClient, send: Send) -> None:
    send("seerr", "media-pending-movie")
    send("seerr", "media-pending-tv-partial-seasons")

    page = client.get("/").text

    assert page.count('data-count-of="waiting" data-count="2"') == 2
    assert page.count('data-count-of="ready" data-count="0"') == 2


def test_the_partial_is_the_inside_of_the_page(client: FlaskClient, send: Send) -> None:
    send("seerr", "media-pending-movie")

    partial = client.get("/board")

    assert partial.headers["Cache-Control"] == "no-store"
    assert "<html" not in partial.text
    assert partial.text in client.get("/").text


def test_the_page_is_complete_without_scripts_and_holds_nothing_of_its_viewer(client: FlaskClient, send: Send) -> None:
    send("seerr", "media-pending-movie")

    page, other = client.get("/").text, client.get("/", headers={"Cookie": "a=b", "Accept-Language": "de"}).text

    assert "Night of the Living Dead" in page
    assert " style=" not in page
    assert re.findall(r"<script(?![^>]* src=)", page) == []
    assert page == other


def test_the_cursor_is_read_before_the_rows(app: Flask, client: FlaskClient, send: Send) -> None:
    send("seerr", "media-pending-movie")
    order: list[str] = []
    with statements() as asked:
        page = client.get("/").text
    for statement in asked:
        order += ["cursor"] if "max(change.id)" in statement else ["rows"] if "FROM media_request" in statement else []

    assert order[0] == "cursor"
    assert f'data-cursor="{app.extensions["hub"].epoch}.1"' in page


def test_page_and_stream_have_the_same_cursor(client: FlaskClient, send: Send, browser: Browser) -> None:
    send("seerr", "media-pending-movie")

    (told,) = browser.hears()

    assert f'data-cursor="{told.id}"' in client.get("/").text


@pytest.mark.parametrize("address", ["/", "/board", "/api/requests?limit=500", "/metrics"])
def test_three_hundred_requests_ask_the_database_no_more_than_five(
    app: Flask, client: FlaskClient, address: str
) -> None:
    ask(app, range(1, 6))
    with statements() as few:
        client.get(address)
    ask(app, range(6, 301))
    with statements() as many:
        page = client.get(address).text

    assert page.count("Series 2") >= 10 or address == "/metrics"
    assert Counter(many) == Counter(few)
    assert len(many) <= 6


def test_the_board_asks_for_nothing_that_it_does_not_show(app: Flask, client: FlaskClient) -> None:
    ask(app, range(1, 6))

    with statements() as asked:
        client.get("/")

    assert not any("external_id" in statement for statement in asked)


def test_of_what_is_done_only_the_newest_stays_on_the_board(app: Flask, client: FlaskClient) -> None:
    most = MOST[Stage.READY]
    ask(app, range(1, most + 5))
    with app.app_context(), writing() as session:
        for n in range(1, most + 5):
            values = {"state": "available", "stage": "ready", "state_since": NOON + timedelta(minutes=n)}
            session.execute(update(MediaRequest).filter_by(id=n).values(values))

    page = client.get("/").text

    assert stages(page)["ready"] == list(range(most + 4, 4, -1))
    assert f'data-count-of="ready" data-count="{most + 4}"' in page
    assert '<a class="button button--small" href="/history">' in page


def test_a_service_that_does_not_answer_is_named_with_the_age_of_its_numbers(app: Flask, client: FlaskClient) -> None:
    signals: Signals = app.extensions["signals"]
    signals.reached("qbittorrent", NOON, 0.1)
    signals.reached("Sonarr", NOON, 0.1)
    assert "data-service=" not in client.get("/").text

    for minutes in (1, 2):
        signals.missed("qbittorrent", NOON + timedelta(minutes=minutes), "It refused the <connection>.")

    page = client.get("/").text
    assert re.findall(r'data-service="(\w+)"', page) == ["qbittorrent"]
    assert 'datetime="2026-03-14T12:00:00Z"' in page
    assert "It refused the &lt;connection&gt;." in page

"""The page of the services: who answers, who calls, and what to do about those that don't."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flaskapp.config import Settings
from flaskapp.domain.house import CauseKind
from flaskapp.extensions import db, writing
from flaskapp.models import Cause
from flaskapp.signals import Signals
from tests.app import TOKEN, Send, payload, post, running
from tests.clients.web import Asked, Reply, Web, serve

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
KEY = "a-key-of-radarr"


def ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Name a Radarr and two others that nobody asks here."""
    return replace(
        settings,
        radarr_url="http://127.0.0.1:9",
        radarr_api_key=KEY,
        radarr_4k_url="http://127.0.0.1:9",
        radarr_4k_api_key=KEY,
        qbittorrent_url="http://127.0.0.1:9",
    )


def text(html: str) -> str:
    """Read what people read."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("&#39;", "'").split())


def caller(client: FlaskClient, path: str) -> str:
    page = client.get("/services", headers={"Host": "nas:2774"}).text
    (found,) = re.findall(rf'<article class="panel service" data-caller="{path}".+?</article>', page, re.DOTALL)
    return str(found)


def pause(app: Flask, kind: CauseKind) -> None:
    with app.app_context(), writing() as session:
        session.add(Cause(kind=kind, upstream="Radarr", since=NOON))


def test_every_configured_service_is_listed_with_how_it_answers(app: Flask, client: FlaskClient) -> None:
    signals: Signals = app.extensions["signals"]
    signals.reached("qBittorrent", NOON, 0.034)
    signals.reached("Radarr", NOON, 1.26)
    for minutes in (1, 2):
        signals.missed("Radarr", NOON + timedelta(minutes=minutes), "Radarr can't be <reached>.")

    page = client.get("/services")

    assert page.headers["Cache-Control"] == "no-store"
    lamps = dict(re.findall(r'data-asked="([^"]+)" data-lamp="(\w+)"', page.text))
    assert lamps == {"qBittorrent": "up", "Radarr": "down", "Radarr 4K": "unknown"}
    words = text(page.text)
    assert (
        "qBittorrent Answers Details not looked at yet Asked Answers Last answer 14 Mar 2026, 12:00 UTC It took 34 ms"
        in words
    )
    assert "It took 1.3 s Last error Radarr can't be &lt;reached&gt;. 14 Mar 2026, 12:02 UTC" in words
    assert "Asked Not asked yet Last answer none yet" in words
    assert "RADARR_URL says where it is." in words


def test_one_failure_among_good_answers_is_shown_without_alarm(app: Flask, client: FlaskClient) -> None:
    signals: Signals = app.extensions["signals"]
    signals.reached("Radarr", NOON, 0.1)
    signals.missed("Radarr", NOON + timedelta(minutes=1), "Radarr does not answer in time.")

    page = client.get("/services").text

    assert 'data-asked="Radarr" data-lamp="unsure"' in page
    assert "Missed its last turn" in text(page)
    assert "data-service=" not in page


def test_the_page_is_linked_from_every_other(client: FlaskClient, send: Send) -> None:
    send("seerr", "media-pending-movie")

    for page in ("/", "/requests/1", "/services", "/nowhere"):
        assert 'href="/services"' in client.get(page).text


def test_without_a_service_the_page_leads_to_where_they_are_connected(settings: Settings) -> None:
    bare = replace(settings, radarr_url="", radarr_4k_url="", qbittorrent_url="")
    with running(bare) as app:
        page = app.test_client().get("/services").text

        assert 'href="/setup"' in page
        assert "Examine all" not in page


def test_every_source_is_shown_with_its_address_whether_or_not_it_is_asked(client: FlaskClient) -> None:
    page = client.get("/services", headers={"Host": "nas:2774"}).text

    assert re.findall(r'data-caller="([^"]+)"', page) == ["seerr", "radarr", "radarr/4k", "sonarr", "jellyfin"]
    for path in ("seerr", "radarr", "radarr/4k", "sonarr", "jellyfin"):
        assert f"<code>http://nas:2774/webhooks/{path}</code>" in page


def test_a_source_that_never_called_is_named(client: FlaskClient, send: Send) -> None:
    assert "Sonarr has never called us (calls are remembered for 30 days)." in text(caller(client, "sonarr"))

    send("sonarr", "test")

    assert "never called" not in text(caller(client, "sonarr"))
    assert 'data-lamp="up"' in caller(client, "sonarr")


def test_the_last_call_of_each_kind_is_shown_with_what_became_of_it(client: FlaskClient, send: Send) -> None:
    send("radarr", "test")
    send("radarr", "grab-torrent")
    send("radarr", "grab-torrent")
    send("radarr", "grab-torrent", instance="4k")
    send("radarr", "health-error")

    shown = caller(client, "radarr")

    assert re.findall(r'calls__kind" dir="auto">(\w+)<', shown) == ["Health", "Grab", "Test"]
    assert "Health messages name no title." in shown
    assert shown.count("<td>Taken</td>") == 1
    assert re.findall(r'calls__kind" dir="auto">(\w+)<', caller(client, "radarr/4k")) == ["Grab"]


def test_an_instance_that_nobody_expected_is_shown_too(client: FlaskClient, send: Send) -> None:
    send("sonarr", "test", instance="anime")

    assert "Sonarr (anime)" in caller(client, "sonarr/anime")


def test_the_last_refused_ones_are_shown_with_the_reason_and_without_the_body(client: FlaskClient, send: Send) -> None:
    for _ in range(7):
        post(client, "/webhooks/radarr", '{"eventType": "Grab", "secret": "hunter2"}')

    shown = caller(client, "radarr")

    assert "7 could not be taken" in shown
    assert shown.count("data-refused") == 5
    assert "movie.id has to be a whole number above 0." in shown
    assert "hunter2" not in shown
    assert "could not be taken" not in caller(client, "sonarr")


def test_a_wrong_token_is_noted_until_a_good_call_comes(client: FlaskClient, send: Send) -> None:
    client.post("/webhooks/sonarr", json={}, headers={"X-Api-Key": "wrong"})

    assert "with a wrong token" in caller(client, "sonarr")
    assert "with a wrong token" not in caller(client, "radarr")

    send("sonarr", "test")

    assert "with a wrong token" not in caller(client, "sonarr")


@pytest.mark.parametrize("kind", [CauseKind.WEBHOOKS_PAUSED, CauseKind.WEBHOOKS_SILENT])
def test_a_paused_webhook_is_named_with_what_ends_the_pause(
    app: Flask, client: FlaskClient, send: Send, kind: CauseKind
) -> None:
    send("radarr", "test")
    pause(app, kind)

    shown = caller(client, "radarr")

    assert "Has stopped calling" in text(shown)
    assert 'data-lamp="down"' in shown
    assert ("The history of Radarr grew, and no call came" in shown) == (kind is CauseKind.WEBHOOKS_SILENT)
    assert 'action="/services/radarr/radarr/repair/paused"' in shown
    assert "End the pause" in shown
    assert "End the pause" not in caller(client, "radarr/4k")


def test_only_what_can_be_tested_has_a_button(client: FlaskClient) -> None:
    for path, can in {"radarr": True, "radarr/4k": True, "sonarr": False, "seerr": False, "jellyfin": False}.items():
        assert ("<button" in caller(client, path)) == can


def connection(url: str) -> dict[str, Any]:
    """Give a webhook as Radarr saved it."""
    fields = [{"name": "url", "value": url}, {"name": "password", "value": "********"}]
    return {"id": 7, "name": "Arrivarr", "implementation": "Webhook", "fields": fields, "onGrab": True}


@contextmanager
def radarr(settings: Settings, *saved: dict[str, Any], on_test: Callable[[Flask], int]) -> Iterator[tuple[Flask, Web]]:
    """Run a board whose Radarr has these connections; ``on_test`` gives the status of a test."""

    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/notification/test"):
            return Reply(on_test(app), b"[]")
        return Reply(200, json.dumps(saved).encode())

    with serve(answer) as web, running(replace(settings, radarr_url=web.url)) as app:
        yield app, web


def test_the_button_lets_the_service_call_and_the_page_says_what_came_of_it(settings: Settings) -> None:
    ours = connection("http://nas:2774/webhooks/radarr")

    def call_back(app: Flask) -> int:
        return post(app.test_client(), "/webhooks/radarr", payload("radarr", "test")).status_code

    with radarr(settings, connection("http://other/hook"), ours, on_test=call_back) as (app, web):
        client = app.test_client()

        answer = client.post("/services/radarr/radarr/test", headers={"Sec-Fetch-Site": "same-origin"})

        assert (answer.status_code, answer.headers["Location"]) == (303, "/services")
        assert web.paths() == ["/api/v3/notification", "/api/v3/notification/test"]
        assert json.loads(web.asked[1].body) == ours
        page = client.get("/services").text
        assert "Radarr called, and its call arrived." in page
        assert "Radarr called, and its call arrived." not in client.get("/services").text
        assert "Never called" not in text(caller(client, "radarr"))


@pytest.mark.parametrize(
    ("saved", "status", "said"),
    [
        ([], 200, "Radarr has no webhook that leads here."),
        ([connection("http://other/hook")], 200, "Radarr has no webhook that leads here."),
        ([connection("http://nas/webhooks/radarr")], 400, "The test of Radarr failed"),
        ([connection("http://nas/webhooks/radarr")], 500, "The test of Radarr failed"),
        ([connection("http://nas/webhooks/radarr")], 401, "Radarr refuses our key"),
    ],
)
def test_what_went_wrong_is_said_in_a_sentence_without_secrets(
    settings: Settings, saved: list[dict[str, Any]], status: int, said: str
) -> None:
    with radarr(settings, *saved, on_test=lambda _app: status) as (app, web):
        client = app.test_client()
        client.post("/services/radarr/radarr/test")

        page = client.get("/services").text

        assert said in page
        assert "its call arrived" not in page
        assert KEY not in page
        assert TOKEN not in page
        assert web.url not in page


def test_no_transaction_is_open_while_the_service_is_asked(settings: Settings) -> None:
    open_ones: list[int] = []

    def count(app: Flask) -> int:
        with app.app_context():
            open_ones.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]
        return 200

    with radarr(settings, connection("http://nas/webhooks/radarr"), on_test=count) as (app, _):
        app.test_client().post("/services/radarr/radarr/test")

    assert open_ones == [0]


@pytest.mark.parametrize("address", ["sonarr/sonarr", "radarr/anime", "seerr/seerr", "plex/plex"])
def test_what_is_not_configured_can_not_be_tested(client: FlaskClient, address: str) -> None:
    assert client.post(f"/services/{address}/test").status_code == 404


def test_looking_tests_nothing(client: FlaskClient) -> None:
    assert client.get("/services/radarr/radarr/test").status_code == 405


def test_jellyfin_is_shown_with_the_types_of_items_that_it_told_of(client: FlaskClient, send: Send) -> None:
    assert "Told of" not in text(caller(client, "jellyfin"))
    send("jellyfin", "item-added-movie")
    send("jellyfin", "item-added-series")

    told = text(caller(client, "jellyfin"))

    assert re.search(r"Told of films .+ UTC , series .+ UTC ; never of seasons, episodes \(ticked", told)

    send("jellyfin", "item-added-season")
    send("jellyfin", "item-added-double-episode")
    assert "never of" not in text(caller(client, "jellyfin"))


def test_the_page_says_first_whether_anything_has_to_be_done(app: Flask, client: FlaskClient) -> None:
    def first() -> str:
        (said,) = re.findall(r'data-part="sum">(.*?)</p>', client.get("/services").text)
        return text(said)

    assert first() == "Nothing needs a hand"

    pause(app, CauseKind.WEBHOOKS_PAUSED)
    assert first() == "One service needs a hand"

    signals: Signals = app.extensions["signals"]
    signals.missed("qBittorrent", NOON, "qBittorrent can't be reached.")
    assert first() == "2 services need a hand"

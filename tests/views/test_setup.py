"""The first minute: what can be connected, what comes next, and at which address this board is reached."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flaskapp.config import Settings
from flaskapp.extensions import writing
from flaskapp.models import Delivery
from flaskapp.signals import Signals
from flaskapp.upstreams import Upstream, Upstreams
from tests.app import Send, running
from tests.clients.web import Reply, serve
from tests.listening import listening
from tests.people import add_user, browser_of
from tests.views.setup_pages import next_step, save, state, step, text

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
RADARR = Upstream("radarr", "radarr", "Radarr", "http://127.0.0.1:9", "a-key-of-radarr")
CLIENT = Upstream("qbittorrent", "qbittorrent", "qBittorrent", "http://127.0.0.1:9", "", "anna")


def callback(app: Flask) -> str:
    upstreams: Upstreams = app.extensions["upstreams"]
    with app.app_context():
        return upstreams.callback_url


def test_it_begins_with_the_address_of_this_board(client: FlaskClient) -> None:
    page = client.get("/setup", base_url="http://nas:2774").text

    assert 'name="address" value="http://nas:2774"' in page
    assert re.findall(r'data-step="(\w+)"', page) == ["seerr", "radarr", "sonarr", "qbittorrent", "jellyfin"]
    assert page.count("data-is-next") == 1
    assert next_step(page) is None


def test_the_address_is_kept_when_this_very_board_answers_there(app: Flask, client: FlaskClient) -> None:
    with listening(app) as url:
        answer = client.post("/setup/address", data={"address": f" {url}/ "})

    assert (answer.status_code, answer.location) == (303, "/setup")
    assert callback(app) == url
    page = client.get("/setup").text
    assert f"<code>{url}</code>" in page
    assert "This board answers there." in text(page)
    assert next_step(page) == "seerr"


def test_an_address_where_something_else_answers_is_not_kept_and_stays_typed(app: Flask, client: FlaskClient) -> None:
    with serve(lambda _asked: Reply(200, b"<title>Radarr</title>")) as web:
        answer = client.post("/setup/address", data={"address": web.url})

    assert answer.status_code == 400
    assert "Radarr answers at" in text(answer.text)
    assert f'name="address" value="{web.url}"' in answer.text
    assert callback(app) == ""


def test_a_better_address_is_one_click_away(app: Flask, client: FlaskClient) -> None:
    with (
        listening(app) as board,
        serve(lambda asked: Reply(301, headers={"Location": board + asked.path})) as web,
    ):
        answer = client.post("/setup/address", data={"address": web.url})
        assert f'name="instead" value="{board}"' in answer.text
        client.post("/setup/address", data={"address": web.url, "instead": board})

    assert callback(app) == board


def test_an_address_that_changes_reminds_of_those_who_call_the_old_one(app: Flask, client: FlaskClient) -> None:
    save(app, RADARR)
    with app.app_context():
        app.extensions["upstreams"].say_callback_url("http://127.0.0.1:9")
    with listening(app) as url:
        client.post("/setup/address", data={"address": url})

    assert "Services that call the old address" in text(client.get("/setup").text)


def test_an_address_that_the_environment_says_is_locked(settings: Settings) -> None:
    with running(replace(settings, callback_url="http://board.home:2774")) as app:
        client = app.test_client()
        page = client.get("/setup").text
        answer = client.post("/setup/address", data={"address": "http://127.0.0.1:9"})

    assert "http://board.home:2774 set by CALLBACK_URL" in text(page)
    assert 'name="address"' not in page
    assert answer.status_code == 409


def test_the_next_step_is_the_first_that_is_not_connected(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        app.extensions["upstreams"].say_callback_url("http://127.0.0.1:9")
    save(app, replace(RADARR, source="seerr", instance="seerr", name="Seerr"))

    assert next_step(client.get("/setup").text) == "radarr"
    assert ">Open the board<" in client.get("/setup").text

    for source in ("radarr", "sonarr", "qbittorrent", "jellyfin"):
        save(app, replace(RADARR, source=source, instance=source, name=source.title()))

    assert next_step(client.get("/setup").text) is None
    assert ">Done: open the board<" in client.get("/setup").text


def test_a_service_goes_from_waiting_over_its_test_to_green(app: Flask, client: FlaskClient, send: Send) -> None:
    save(app, RADARR)
    assert state(client, "radarr") == ("waiting", "Connected, waiting for its first call")

    send("radarr", "test")
    assert state(client, "radarr") == ("waiting", "Connected, and it can reach us")

    send("radarr", "grab-torrent")
    lamp, words = state(client, "radarr")
    assert (lamp, words.startswith("It works: calls since")) == ("up", True)


def call(app: Flask, minutes: int, **changed: str | None) -> None:
    """Note a call of Radarr as it was kept so many minutes after noon."""
    words: dict[str, Any] = {"kind": "Grab", "outcome": "applied", "reason": None} | changed
    with app.app_context(), writing() as session:
        place = {"source": "radarr", "instance": "radarr", "body": b"{}"}
        session.add(Delivery(**place, **words, received_at=NOON + timedelta(minutes=minutes)))


def test_green_tells_since_when_and_not_the_last_call(app: Flask, client: FlaskClient) -> None:
    save(app, RADARR)
    for minutes, kind in ((1, "Grab"), (2, "Download"), (3, "Grab")):
        call(app, minutes, kind=kind)

    assert state(client, "radarr") == ("up", "It works: calls since 4 May 2026, 12:01 UTC")


def test_the_last_test_is_told(app: Flask, client: FlaskClient) -> None:
    save(app, RADARR)
    for minutes in (1, 2, 3):
        call(app, minutes, kind="Test", outcome="ignored", reason="test")

    assert "Its test arrived 4 May 2026, 12:03 UTC ." in text(client.get("/setup/radarr/radarr").text)


@pytest.mark.parametrize("outcome", ["rejected", "failed", None])
def test_what_could_not_be_taken_is_no_call(app: Flask, client: FlaskClient, outcome: str | None) -> None:
    save(app, RADARR)
    call(app, 1, outcome=outcome, reason="Its body makes no sense.")

    assert state(client, "radarr")[0] == "waiting"


def test_two_instances_are_told_apart(app: Flask, client: FlaskClient, send: Send) -> None:
    save(app, RADARR, replace(RADARR, instance="4k", name="Radarr 4K", is_4k=True))
    send("radarr", "grab-torrent", instance="4k")

    assert state(client, "radarr")[0] == "waiting"
    assert state(client, "radarr", "4k")[0] == "up"
    assert "Add another Radarr" in step(client.get("/setup").text, "radarr")


def test_a_client_that_never_calls_is_green_once_it_answered(app: Flask, client: FlaskClient) -> None:
    signals: Signals = app.extensions["signals"]
    save(app, CLIENT)
    assert state(client, "qbittorrent") == ("waiting", "Connected, and about to be asked")

    signals.reached("qBittorrent", NOON, 0.1)
    assert state(client, "qbittorrent")[0] == "up"

    for minute in (1, 2):
        signals.missed("qBittorrent", NOON + timedelta(minutes=minute), "qBittorrent does not answer in time.")
    assert state(client, "qbittorrent") == ("down", "Does not answer")


def test_a_key_that_another_secret_sealed_is_asked_for_again(app: Flask, settings: Settings) -> None:
    save(app, RADARR)
    with running(replace(settings, secret_key="another-secret")) as other:
        client = other.test_client()
        assert state(client, "radarr") == ("down", "Its key can't be read any more")
        assert "Enter it once more below." in text(client.get("/setup/radarr/radarr").text)


@pytest.mark.parametrize("name", ["", "Eve"])
def test_only_admins_find_the_way(settings: Settings, name: str) -> None:
    with running(replace(settings, auth="local")) as app:
        person = browser_of(app, add_user(app, name or "Ada", is_admin=bool(name)))
        page = person.get("/").text

    assert ('href="/setup"' in page) == bool(name)

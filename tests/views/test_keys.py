"""What programs and services show: made by admins, shown once, and ended."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from flaskapp.access.rates import STRANGERS
from flaskapp.access.webhook_tokens import OVERLAP
from flaskapp.config import Settings
from flaskapp.extensions import db, writing
from flaskapp.models import ApiKey, Delivery, User, WebhookToken
from flaskapp.models.revision import read_revision
from flaskapp.views.door import SHOWN
from tests.app import TOKEN, payload
from tests.people import add_user, browser_of

GRAB = payload("radarr", "grab-torrent")
WISH = payload("seerr", "media-pending-movie")
READ_KEY = "a-key-for-programs"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, auth="local", read_key=READ_KEY)


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return browser_of(app, add_user(app, "Eve", is_admin=True))


def made(text: str, what: str) -> str:
    """Read what a page shows this once."""
    found = re.search(rf'id="made-{what}">([^<]+)<', text)
    assert found is not None, text
    return found[1].replace("&#39;", "'")


def make_key(admin: FlaskClient, **form: str) -> str:
    return made(admin.post("/keys", data={"name": "Home Assistant", **form}).text, "key")


def make_token(admin: FlaskClient, source: str, instance: str = "") -> str:
    return made(admin.post("/keys/webhooks", data={"source": source, "instance": instance}).text, "token")


def come_by(admin: FlaskClient, address: str) -> None:
    """Let a browser that is signed in reach us under another address too."""
    with admin.session_transaction() as cookie:
        token = cookie[SHOWN]
    with admin.session_transaction(base_url=address) as cookie:
        cookie[SHOWN] = token


def rows(app: Flask, kind: type[Any]) -> list[Any]:
    with app.app_context(), Session(db.engine) as session:
        return list(session.scalars(select(kind).order_by(kind.id)))


def revision(app: Flask) -> int:
    with app.app_context(), Session(db.engine) as session:
        return read_revision(session)


def call(app: Flask, address: str, token: str, body: dict[str, Any]) -> int:
    return app.test_client().post(address, json=body, headers={"Authorization": f"Bearer {token}"}).status_code


def shows(app: Flask, key: str) -> int:
    return app.test_client().get("/api/requests", headers={"X-Api-Key": key}).status_code


def test_a_key_is_shown_once_and_opens(app: Flask, admin: FlaskClient) -> None:
    key = make_key(admin)

    assert shows(app, key) == 200
    assert shows(app, key + "x") == 401
    page = admin.get("/keys").text
    assert key not in page
    assert "Home Assistant" in page
    assert f"ends with <code>{key[-4:]}</code>" in page
    assert key not in json.dumps([str(vars(row)) for row in rows(app, ApiKey)])


def test_the_page_shows_how_to_see_a_new_key_work(admin: FlaskClient) -> None:
    come_by(admin, "http://box:2774")

    page = admin.post("/keys", data={"name": "n"}, base_url="http://box:2774").text

    assert made(page, "line") == f"curl -N -H 'X-Api-Key: {made(page, 'key')}' http://box:2774/events"


def test_a_key_opens_in_its_header_alone(app: Flask, admin: FlaskClient) -> None:
    key = make_key(admin)
    client = app.test_client()

    assert client.get(f"/api/requests?api_key={key}&token={key}").status_code == 401
    assert client.get("/api/requests", headers={"Authorization": f"Bearer {key}"}).status_code == 401


@pytest.mark.parametrize(("may", "status"), [("read", 403), ("", 403), ("change", 404)])
def test_only_a_key_that_may_change_takes_cards_off(app: Flask, admin: FlaskClient, may: str, status: int) -> None:
    key = make_key(admin, may=may)

    assert app.test_client().delete("/api/requests/1", headers={"X-Api-Key": key}).status_code == status


def test_no_key_makes_another_or_an_admin(app: Flask, admin: FlaskClient) -> None:
    key = {"X-Api-Key": make_key(admin, may="change")}

    answers = [
        app.test_client().post(address, data={"name": "Mallory"}, headers=key) for address in ("/keys", "/people")
    ]
    answers += [app.test_client().get(address, headers=key) for address in ("/keys", "/people")]

    assert {answer.status_code for answer in answers} == {403}
    assert (len(rows(app, ApiKey)), len(rows(app, User))) == (1, 1)


def test_a_key_needs_a_name(app: Flask, admin: FlaskClient) -> None:
    assert admin.post("/keys", data={"name": " \x00 "}).status_code == 400
    assert rows(app, ApiKey) == []


def test_a_revoked_key_is_turned_away_and_its_stream_ends(app: Flask, admin: FlaskClient) -> None:
    key = make_key(admin)
    stream = app.test_client().get("/events", headers={"X-Api-Key": key})
    frames = iter(stream.response)
    assert b'"connected"' in next(frames)

    answer = admin.post("/keys/1/revoke")

    assert (answer.status_code, answer.location) == (303, "/keys")
    assert b'"bye","reason":"signed out"' in next(frames)
    assert list(frames) == []
    stream.close()
    assert shows(app, key) == 401
    assert admin.post("/keys/1/revoke").status_code == 404
    assert "Home Assistant counts no more" in admin.get("/keys").text


def test_other_processes_hear_of_a_revoked_key(app: Flask, admin: FlaskClient) -> None:
    make_key(admin)
    before = revision(app)

    admin.post("/keys/1/revoke")

    assert revision(app) > before


def test_the_use_of_a_key_is_noted_once_an_hour(app: Flask, admin: FlaskClient) -> None:
    key = make_key(admin)
    assert rows(app, ApiKey)[0].used_at is None

    shows(app, key)
    first = rows(app, ApiKey)[0].used_at
    shows(app, key)

    assert first is not None
    assert rows(app, ApiKey)[0].used_at == first


def test_the_page_never_shows_the_local_key(admin: FlaskClient) -> None:
    page = admin.get("/keys").text

    assert "The local key" in page
    assert READ_KEY not in page
    assert TOKEN not in page


def test_nobody_but_admins_sees_or_makes_keys(app: Flask) -> None:
    person, stranger = browser_of(app, add_user(app, "Ada")), app.test_client()

    assert [person.get("/keys").status_code, person.post("/keys", data={"name": "n"}).status_code] == [403, 403]
    assert stranger.post("/keys", data={"name": "n"}).status_code in (303, 401)
    assert rows(app, ApiKey) == []


def test_a_token_opens_for_its_source_alone(app: Flask, admin: FlaskClient) -> None:
    token = make_token(admin, "radarr")

    assert call(app, "/webhooks/radarr", token, GRAB) == 200
    assert call(app, "/webhooks/sonarr", token, payload("sonarr", "grab-single-episode")) == 401
    assert call(app, "/webhooks/seerr", token, WISH) == 401
    assert shows(app, token) == 401
    assert [row.source for row in rows(app, Delivery)] == ["radarr"]


@pytest.mark.parametrize("address", ["/webhooks/radarr", "/webhooks/radarr/4k", "/webhooks/radarr/radarr"])
def test_the_token_says_which_radarr_calls_whatever_the_address_says(
    app: Flask, admin: FlaskClient, address: str
) -> None:
    hd, uhd = make_token(admin, "radarr"), make_token(admin, "radarr", "4K")

    assert call(app, address, hd, GRAB) == 200
    assert call(app, address, uhd, GRAB) == 200

    assert [row.instance for row in rows(app, Delivery)] == ["radarr", "4k"]


def test_the_token_of_all_services_goes_on_and_the_address_says_which_instance(app: Flask, admin: FlaskClient) -> None:
    make_token(admin, "radarr")

    assert call(app, "/webhooks/radarr/4k", TOKEN, GRAB) == 200
    assert call(app, "/webhooks/seerr", TOKEN, WISH) == 200

    assert [row.instance for row in rows(app, Delivery)] == ["4k", "seerr"]


def test_the_address_to_paste_is_as_the_browser_reached_us(app: Flask, admin: FlaskClient) -> None:
    come_by(admin, "https://home.example")

    form = {"source": "sonarr", "instance": "4k"}
    page = admin.post("/keys/webhooks", data=form, base_url="https://home.example")

    token = made(page.text, "token")
    assert made(page.text, "line") == f"https://home.example/webhooks/sonarr/4k?token={token}"
    assert "no-store" in page.headers["Cache-Control"]
    assert token not in admin.get("/keys").text


def test_a_new_token_stands_beside_the_old_one_for_a_week(app: Flask, admin: FlaskClient) -> None:
    old = make_token(admin, "radarr")
    new = made(admin.post("/keys/webhooks/1/rotate").text, "token")

    assert [call(app, "/webhooks/radarr", token, GRAB) for token in (old, new)] == [200, 200]
    first, second = rows(app, WebhookToken)
    assert second.expires_at is None
    assert abs(first.expires_at - datetime.now(UTC) - OVERLAP) < timedelta(minutes=5)

    with app.app_context(), writing() as session:
        session.get_one(WebhookToken, first.id).expires_at = datetime.now(UTC)

    assert [call(app, "/webhooks/radarr", token, GRAB) for token in (old, new)] == [401, 200]


def test_a_third_token_does_not_lengthen_the_life_of_the_first(app: Flask, admin: FlaskClient) -> None:
    make_token(admin, "radarr")
    admin.post("/keys/webhooks/1/rotate")
    before = rows(app, WebhookToken)[0].expires_at

    admin.post("/keys/webhooks/2/rotate")

    assert rows(app, WebhookToken)[0].expires_at == before


def test_the_old_one_can_be_ended_at_once(app: Flask, admin: FlaskClient) -> None:
    old = make_token(admin, "radarr")
    new = made(admin.post("/keys/webhooks/1/rotate").text, "token")
    assert "End it now" in admin.get("/keys").text

    assert admin.post("/keys/webhooks/1/revoke").status_code == 303

    assert [call(app, "/webhooks/radarr", token, GRAB) for token in (old, new)] == [401, 200]
    assert admin.post("/keys/webhooks/1/revoke").status_code == 404
    assert admin.post("/keys/webhooks/1/rotate").status_code == 404
    assert "End it now" not in admin.get("/keys").text


@pytest.mark.parametrize(
    "form",
    [{"source": "plex"}, {}, {"source": "radarr", "instance": "a/b"}, {"source": "radarr", "instance": "x" * 65}],
)
def test_a_token_is_for_a_service_that_there_is(app: Flask, admin: FlaskClient, form: dict[str, str]) -> None:
    assert admin.post("/keys/webhooks", data=form).status_code == 400
    assert rows(app, WebhookToken) == []


def test_a_webhook_with_the_token_of_all_services_asks_for_no_other(app: Flask, admin: FlaskClient) -> None:
    make_token(admin, "radarr")
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    call(app, "/webhooks/radarr", TOKEN, payload("radarr", "test"))
    assert asked
    assert not [statement for statement in asked if "webhook_token" in statement]
    asked.clear()
    call(app, "/webhooks/radarr", "another", GRAB)

    assert [statement for statement in asked if "webhook_token" in statement]


def test_who_tries_tokens_has_to_wait_and_who_has_a_valid_one_does_not(app: Flask, admin: FlaskClient) -> None:
    own = make_token(admin, "radarr")
    tries = [call(app, "/webhooks/radarr", f"try-{number}", GRAB) for number in range(STRANGERS.amount + 3)]

    assert tries == [401] * STRANGERS.amount + [429] * 3
    refused = app.test_client().post("/webhooks/radarr?token=again", json=GRAB)
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "error" in refused.get_json()
    assert {call(app, "/webhooks/radarr", token, GRAB) for token in (own, TOKEN) for _ in range(40)} == {200}


def test_who_tries_keys_has_to_wait_and_who_has_a_valid_one_does_not(app: Flask, admin: FlaskClient) -> None:
    key = make_key(admin)
    tries = [shows(app, f"try-{number}") for number in range(STRANGERS.amount + 1)]

    assert (tries[0], tries[-1]) == (401, 429)
    assert {shows(app, valid) for valid in (key, READ_KEY) for _ in range(40)} == {200}
    assert admin.get("/api/requests").status_code == 200
    assert app.test_client().get("/healthz").status_code == 200
    with app.test_client().get("/static/css/base.css") as style:
        assert style.status_code == 200
    assert app.test_client().get("/api/requests", environ_overrides={"REMOTE_ADDR": "192.0.2.9"}).status_code == 401

"""Private links: one request for somebody without an account, and nothing beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from flaskapp import create_app
from flaskapp.access.gate import Gate
from flaskapp.access.links import MOST
from flaskapp.access.rates import LINKS, STRANGERS
from flaskapp.config import Settings
from flaskapp.extensions import db
from flaskapp.models import Link
from flaskapp.models.revision import read_revision
from flaskapp.views.link_page import MOST_STREAMS
from tests.app import Send
from tests.people import add_user, browser_of

ALICE = "alice@example.com"
NAMES = ("alice", "Alice", ALICE)
WAYS = re.compile(r'href="(?!/static/|#)[^"]*"')
ADDRESS = re.compile(r'id="link-\d+">http://localhost(/[^<]*)<')


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, auth="local", read_key="a-key-for-programs")


BOB = {"email": "bob@example.com", "username": "bob", "avatar": ""}
BOBS = {
    **{f"request__requestedBy_{name}": value for name, value in BOB.items()},
    "request__request_id": "2",
    "media__tmdbId": "603",
    "subject": "Metropolis (1927)",
}


@pytest.fixture
def asked(send: Send) -> None:
    """Let Alice ask for a film, and Bob for another."""
    send("seerr", "media-pending-movie")
    send("seerr", "media-pending-movie", **BOBS)


@pytest.fixture
def alice(app: Flask, asked: None) -> FlaskClient:
    return browser_of(app, add_user(app, "Alice", email=ALICE))


@pytest.fixture
def admin(app: Flask, asked: None) -> FlaskClient:
    return browser_of(app, add_user(app, "Eve", is_admin=True))


def addresses(browser: FlaskClient, request_id: int = 1, base: str = "") -> list[str]:
    return ADDRESS.findall(browser.get(f"{base}/requests/{request_id}").text)


def make(browser: FlaskClient, request_id: int = 1) -> str:
    """Make a link on the page of a request; gives its path."""
    assert browser.post(f"/requests/{request_id}/links").status_code == 303
    return addresses(browser, request_id)[-1]


def links(app: Flask) -> list[Link]:
    with app.app_context(), Session(db.engine) as session:
        return list(session.scalars(select(Link).order_by(Link.id)))


def frames(response: TestResponse) -> Iterator[list[dict[str, Any]]]:
    """Give the events of each write of a stream."""
    for piece in response.iter_encoded():
        yield [json.loads(line) for line in re.findall(r"^data: (.*)$", piece.decode(), re.MULTILINE)]


def test_who_asked_for_it_makes_a_link_that_opens_for_a_stranger(app: Flask, alice: FlaskClient) -> None:
    path = make(alice)

    page = app.test_client().get(path)

    assert page.status_code == 200
    assert "Night of the Living Dead" in page.text
    assert "Set-Cookie" not in page.headers


def test_the_page_names_nobody_and_leads_nowhere(app: Flask, alice: FlaskClient) -> None:
    page = app.test_client().get(make(alice)).text

    assert [name for name in (*NAMES, "Metropolis", "bob") if name in page] == []
    assert WAYS.findall(page) == []
    assert "<form" not in page
    assert "card__link" not in page


def test_nobody_finds_it_by_a_search_or_in_a_cache(app: Flask, alice: FlaskClient) -> None:
    path = make(alice)
    alice.post("/links/1/revoke")
    live = make(alice)

    for address, status in ((live, 200), (path, 410), ("/l/guessed", 404)):
        answer = app.test_client().get(address)
        assert answer.status_code == status
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert '<meta name="robots" content="noindex, nofollow, noarchive">' in answer.text
        assert WAYS.findall(answer.text) == []


def test_a_link_opens_nothing_else(app: Flask, alice: FlaskClient) -> None:
    path = make(alice)
    stranger = app.test_client()
    stranger.get(path)
    token = path.rpartition("/")[2]

    for address in ("/", "/requests/1", "/api/requests/1", "/events", f"/api/requests?token={token}"):
        assert stranger.get(address).status_code in (303, 401)
        assert stranger.get(address, headers={"X-Api-Key": token}).status_code in (303, 401)


def test_an_admin_shares_everything_and_others_only_what_is_theirs(
    app: Flask, alice: FlaskClient, admin: FlaskClient
) -> None:
    make(admin, 1)
    make(admin, 2)

    assert alice.post("/requests/2/links").status_code == 404
    assert alice.post("/links/2/revoke").status_code == 404
    assert alice.get("/links/2/qr.svg").status_code == 404
    assert app.test_client().post("/requests/1/links").status_code in (303, 401)
    for key, status in (("a-key-for-programs", 403), ("no-key", 401)):
        assert app.test_client().post("/requests/1/links", headers={"X-Api-Key": key}).status_code == status
    assert len(links(app)) == 2
    assert alice.post("/links/1/revoke").status_code == 303


def test_who_sees_all_shares_only_what_is_theirs(settings: Settings, app: Flask, alice: FlaskClient) -> None:
    app.extensions["gate"] = Gate(replace(settings, people_see="all"))

    make(alice)
    assert alice.get("/requests/2").status_code == 200
    assert "Private links" not in alice.get("/requests/2").text
    assert alice.post("/requests/2/links").status_code == 403
    assert len(links(app)) == 1


def test_a_revoked_link_says_that_it_has_ended(app: Flask, alice: FlaskClient) -> None:
    path = make(alice)

    assert alice.post("/links/1/revoke").location == "/requests/1#links"

    answer = app.test_client().get(path)
    assert answer.status_code == 410
    assert "This link has ended" in answer.text
    assert addresses(alice) == []
    assert alice.post("/links/1/revoke").status_code == 404
    assert alice.get("/links/1/qr.svg").status_code == 404


def test_other_processes_hear_of_a_revoked_link(app: Flask, alice: FlaskClient) -> None:
    make(alice)
    with app.app_context():
        before = read_revision(db.session())

    alice.post("/links/1/revoke")

    with app.app_context():
        assert read_revision(db.session()) > before


def test_a_link_ends_with_its_card(app: Flask, alice: FlaskClient, admin: FlaskClient) -> None:
    path = make(alice)
    assert admin.post("/requests/1/delete").status_code == 303

    assert app.test_client().get(path).status_code == 410
    assert app.test_client().get(f"{path}/events").status_code == 410


def test_a_guessed_address_is_no_link(app: Flask, alice: FlaskClient) -> None:
    path = make(alice)

    for address in (path[:-1], f"{path}x", path.swapcase(), "/l/%00", "/l/%F0%9F%8E%AC"):
        assert app.test_client().get(address).status_code == 404
        assert app.test_client().get(f"{address}/events").status_code == 404
    assert app.test_client().get(f"{path}/events/more").status_code == 404


def test_the_stream_of_a_link_tells_of_its_request_alone_and_names_nobody(
    app: Flask, alice: FlaskClient, send: Send
) -> None:
    path = make(alice)
    stream = app.test_client().get(f"{path}/events")
    told = frames(stream)
    assert next(told)[0]["type"] == "connected"

    send("seerr", "media-approved-movie", **BOBS)
    send("seerr", "media-approved-movie")

    events = next(told)
    stream.close()
    assert [(event["type"], event["request_id"]) for event in events] == [("state_change", 1)]
    assert "card" not in events[0]
    assert [name for name in NAMES if name in json.dumps(events)] == []


def test_what_a_link_missed_is_told_without_names_too(app: Flask, alice: FlaskClient, send: Send) -> None:
    path = make(alice)
    page = app.test_client().get(path).text
    cursor = re.findall(r'data-cursor="([^"]+)"', page)[0]
    send("seerr", "media-approved-movie", **BOBS)
    send("seerr", "media-approved-movie")

    stream = app.test_client().get(f"{path}/events?since={cursor}")
    events = next(frames(stream))
    stream.close()

    assert [event["type"] for event in events] == ["connected", "state_change"]
    assert [name for name in (*NAMES, "bob", "card") if name in json.dumps(events)] == []


def test_the_stream_of_a_revoked_link_ends_at_once(app: Flask, alice: FlaskClient) -> None:
    path = make(alice)
    stream = app.test_client().get(f"{path}/events")
    told = frames(stream)
    next(told)

    alice.post("/links/1/revoke")

    assert [event["type"] for piece in told for event in piece] == ["bye"]
    stream.close()
    refused = app.test_client().get(f"{path}/events")
    assert refused.status_code == 410
    assert refused.is_json


def test_a_link_is_open_in_so_many_places_at_once(app: Flask, alice: FlaskClient) -> None:
    path, other = make(alice), make(alice)
    streams = [app.test_client().get(f"{path}/events") for _ in range(MOST_STREAMS)]

    refused = app.test_client().get(f"{path}/events")
    second = app.test_client().get(f"{other}/events")

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert second.status_code == 200
    for stream in (*streams, second):
        stream.close()
    with app.test_client().get(f"{path}/events") as again:
        assert again.status_code == 200


def test_a_link_is_opened_so_often_a_minute_from_one_address(app: Flask, alice: FlaskClient) -> None:
    path, other = make(alice), make(alice)
    statuses = [app.test_client().get(path).status_code for _ in range(LINKS.amount + 1)]

    assert statuses == [200] * LINKS.amount + [429]
    assert "A little too often" in app.test_client().get(path).text
    assert app.test_client().get(other).status_code == 200
    elsewhere = {"REMOTE_ADDR": "192.0.2.9"}
    assert app.test_client().get(path, environ_overrides=elsewhere).status_code == 200


def test_who_tries_addresses_has_to_wait_and_who_has_one_does_not(app: Flask, alice: FlaskClient) -> None:
    path = make(alice)
    statuses = [app.test_client().get(f"/l/{number}").status_code for number in range(STRANGERS.amount + 1)]

    assert (statuses[0], statuses[-1]) == (404, 429)
    assert app.test_client().get(path).status_code == 200


def test_the_address_is_not_in_the_database(app: Flask, alice: FlaskClient) -> None:
    token = make(alice).rpartition("/")[2]

    assert len(token) >= 43
    assert token not in str(vars(links(app)[0]))


def test_with_another_secret_key_a_link_works_and_is_not_shown(
    settings: Settings, app: Flask, alice: FlaskClient
) -> None:
    path = make(alice)
    other = create_app(replace(settings, secret_key="another-secret-for-tests"))
    admin = browser_of(other, add_user(other, "Eve", is_admin=True))

    page = admin.get("/requests/1").text

    assert "can't be shown any more" in page
    assert ADDRESS.findall(page) == []
    assert admin.get("/links/1/qr.svg").status_code == 404
    assert other.test_client().get(path).status_code == 200
    with other.app_context():
        db.engine.dispose()


def test_the_page_shows_the_address_as_the_browser_reached_us(settings: Settings, app: Flask, asked: None) -> None:
    behind = create_app(replace(settings, base_path="/tv"))
    behind.config["WTF_CSRF_METHODS"] = []
    admin = browser_of(behind, add_user(behind, "Eve", is_admin=True))
    admin.post("/tv/requests/1/links")

    [path] = addresses(admin, base="/tv")

    assert path.startswith("/tv/l/")
    page = behind.test_client().get(path)
    assert f'data-events-url="{path}/events"' in page.text
    with behind.app_context():
        db.engine.dispose()


def test_the_qr_code_is_a_plain_picture(alice: FlaskClient) -> None:
    make(alice)

    picture = alice.get("/links/1/qr.svg")

    assert picture.content_type.startswith("image/svg+xml")
    assert picture.text.startswith(("<svg", "<?xml"))
    assert [word for word in ("style=", "<script", "<style") if word in picture.text] == []


def test_when_it_was_opened_last_is_on_the_page(app: Flask, alice: FlaskClient) -> None:
    path = make(alice)
    assert "never opened" in alice.get("/requests/1").text

    app.test_client().get(path)
    first = links(app)[0].opened_at
    app.test_client().get(path)

    assert first is not None
    assert links(app)[0].opened_at == first
    assert "last opened" in alice.get("/requests/1").text


def test_a_request_has_so_many_links(app: Flask, alice: FlaskClient) -> None:
    for _ in range(MOST):
        make(alice)

    assert alice.post("/requests/1/links").status_code == 400
    alice.post("/links/1/revoke")
    assert alice.post("/requests/1/links").status_code == 303
    assert len(links(app)) == MOST + 1


def test_a_link_needs_a_request_that_is_there(admin: FlaskClient) -> None:
    assert admin.post("/requests/99/links").status_code == 404
    assert admin.post("/links/99/revoke").status_code == 404
    assert admin.get("/links/99/qr.svg").status_code == 404

"""Who signs in is let in, everybody else learns nothing, and a browser that was let in can be let out again."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import gevent
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from flaskapp.access.password import is_old
from flaskapp.access.throttle import NAME
from flaskapp.config import Settings
from flaskapp.extensions import db, writing
from flaskapp.models import BrowserSession, User
from flaskapp.views.door import SHOWN
from tests.app import running
from tests.people import PASSWORD, add_person, add_user, browser_of

PAGE = {"Accept": "text/html,application/xhtml+xml"}


pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, auth="local")


@pytest.fixture(autouse=True)
def eve(app: Flask) -> int:
    return add_person(app, "Eve", is_admin=True)


def sign_in(client: FlaskClient, name: str = "Eve", password: str = PASSWORD, **more: str) -> TestResponse:
    return client.post("/sign-in", data={"name": name, "password": password, **more})


def token_of(client: FlaskClient) -> str | None:
    with client.session_transaction() as cookie:
        token: str | None = cookie.get(SHOWN)
        return token


@pytest.mark.parametrize(
    ("address", "onward"),
    [
        ("/", "/sign-in?next=/"),
        ("/requests/1", "/sign-in?next=/requests/1"),
        ("/services?a=b&c=d", "/sign-in?next=/services?a%3Db%26c%3Dd"),
        ("/people", "/sign-in?next=/people"),
    ],
)
def test_a_stranger_who_comes_to_a_page_is_asked_who_it_is(client: FlaskClient, address: str, onward: str) -> None:
    answer = client.get(address, headers=PAGE)

    assert (answer.status_code, answer.location) == (303, onward)


@pytest.mark.parametrize(
    ("method", "address", "accept"),
    [
        *(("GET", "/events", "text/event-stream"), ("GET", "/events", "text/html"), ("GET", "/", "*/*")),
        *(("GET", "/api/requests", "text/html"), ("GET", "/board", "text/html"), ("HEAD", "/events", "*/*")),
        ("DELETE", "/api/requests/1", "*/*"),
    ],
)
def test_everything_else_hears_401_and_is_sent_nowhere(
    client: FlaskClient, method: str, address: str, accept: str
) -> None:
    answer = client.open(address, method=method, headers={"Accept": accept})

    assert (answer.status_code, answer.content_type) == (401, "application/json")
    assert "Location" not in answer.headers


def test_a_form_of_somebody_who_was_signed_out_is_answered_with_a_page(client: FlaskClient) -> None:
    answer = client.post("/account/sessions/end", headers=PAGE)

    assert answer.status_code == 401
    assert "Sign in first" in answer.text


def test_who_knows_the_password_comes_in_where_they_wanted_to_go(client: FlaskClient) -> None:
    answer = sign_in(client, next="/services")

    assert (answer.status_code, answer.location) == (303, "/services")
    assert client.get("/services").status_code == 200


@pytest.mark.parametrize("name", ["eve", "  EVE ", "\uff25ve", "E\u200bve"])
def test_a_name_is_the_same_however_it_is_typed(client: FlaskClient, name: str) -> None:
    assert sign_in(client, name).status_code == 303


def test_every_failure_is_answered_alike(app: Flask, client: FlaskClient) -> None:
    add_person(app, "Barred", barred_at=datetime.now(UTC))
    add_user(app, "Invited")
    tries = [("Eve", "wrong password"), ("Nobody", PASSWORD), ("Barred", PASSWORD), ("Invited", PASSWORD), ("", "")]
    tries += [("Invited", ""), ("Eve", PASSWORD * 100), ("Eve\0x", PASSWORD), ("x" * 5000, "\ud7ff" * 600)]

    answers = [sign_in(client, name, password) for name, password in tries]

    assert {answer.status_code for answer in answers} == {401}
    pages = {re.sub(r'(name="name" value=)"[^"]*"', r"\1", answer.text) for answer in answers}
    assert len({re.sub(r'value="[^"]*"', "", page) for page in pages}) == 1
    assert token_of(client) is None


def test_guessing_is_slowed_down_for_names_that_are_there_and_that_are_not(client: FlaskClient) -> None:
    for name in ("Eve", "Nobody"):
        for _ in range(NAME.free):
            assert sign_in(client, name, "a wrong password").status_code == 401

        answer = sign_in(client, name)

        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 60
        assert "That was wrong too often. Try again in" in answer.text


def test_many_guesses_at_once_are_not_more_than_many_one_by_one(app: Flask) -> None:
    guesses = [gevent.spawn(sign_in, app.test_client(), "Eve", "a wrong password") for _ in range(3 * NAME.free)]
    gevent.joinall(guesses)

    codes = sorted(guess.get().status_code for guess in guesses)
    assert codes == [401] * NAME.free + [429] * 2 * NAME.free


def test_a_password_kept_by_a_weaker_measure_is_kept_by_ours_from_then_on(app: Flask, client: FlaskClient) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)  # less than ours in these tests
    ada = add_user(app, "Ada", password_hash=weak)

    assert sign_in(client, "Ada").status_code == 303

    with app.app_context():
        kept = db.session.get_one(User, ada).password_hash
    assert kept is not None
    assert (kept == weak, is_old(kept)) == (False, False)
    assert sign_in(app.test_client(), "Ada").status_code == 303


def test_the_cookie_is_for_our_server_alone(client: FlaskClient) -> None:
    parts = sign_in(client).headers["Set-Cookie"].split("; ")

    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(parts)
    assert any(part.startswith("Expires=") for part in parts)
    assert not any(part.startswith("Domain") for part in parts)
    assert "Secure" not in parts


def test_over_tls_it_goes_over_tls_only(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"name": "Eve", "password": PASSWORD}, base_url="https://board.test")

    assert "Secure" in answer.headers["Set-Cookie"].split("; ")


def test_it_stays_below_the_path_of_the_board(settings: Settings) -> None:
    with running(replace(settings, base_path="/tv")) as app:
        answer = sign_in(app.test_client(), next="/tv/services")
        away = app.test_client().get("/tv/services", headers=PAGE)

        assert "Path=/tv" in answer.headers["Set-Cookie"].split("; ")
        assert answer.location == "/tv/services"
        assert sign_in(app.test_client(), next="/services").location == "/tv/"
        assert away.location == "/tv/sign-in?next=/tv/services"


def test_a_token_is_never_one_that_was_there_before(app: Flask, client: FlaskClient) -> None:
    with client.session_transaction() as cookie:
        cookie[SHOWN] = "planted"
        cookie["planted"] = "too"

    sign_in(client)

    with client.session_transaction() as cookie:
        assert cookie[SHOWN] != "planted"
        assert "planted" not in cookie
    first = token_of(client)
    sign_in(client)
    assert token_of(client) != first
    with app.app_context():
        assert len(db.session.scalars(select(BrowserSession)).all()) == 1


def test_who_signs_in_over_somebody_else_signs_them_out(app: Flask, client: FlaskClient) -> None:
    ada = browser_of(app, add_person(app, "Ada"))
    shown = token_of(ada)

    sign_in(ada)

    with client.session_transaction() as cookie:
        cookie[SHOWN] = shown
    assert client.get("/api/requests").status_code == 401


def test_only_a_digest_of_the_token_is_kept(app: Flask, client: FlaskClient) -> None:
    sign_in(client)

    with app.app_context():
        row = db.session.scalars(select(BrowserSession)).one()
        assert str(token_of(client)) not in str(vars(row))


@pytest.mark.parametrize(
    "onward",
    [
        *("https://evil.test/", "//evil.test", "/\\evil.test", "\\\\evil.test", "/\t/evil.test", "/\n/evil.test"),
        *("javascript:alert(1)", "https:evil.test", "///evil.test", "/%5cevil.test", "/@evil.test", "", "services"),
        *(
            "/services\r\nSet-Cookie: a=b",
            "/services?a=\r\nSet-Cookie:%20b=c",
            "/services\x00",
            "/nowhere",
            "/sign-out",
        ),
        *("/static/js/board.js", " /services", "/..//evil.test", "/./services", "http:///services", "//[/services"),
        *("/services\\..\\", "/\u2215evil.test"),
    ],
)
def test_nobody_is_sent_anywhere_else(client: FlaskClient, onward: str) -> None:
    assert sign_in(client, next=onward).location == "/"
    assert client.get("/sign-in", query_string={"next": onward}).location == "/"


def test_who_is_signed_in_already_goes_on(client: FlaskClient) -> None:
    sign_in(client)

    answer = client.get("/sign-in?next=/services")

    assert (answer.status_code, answer.location) == (303, "/services")


def test_signed_out_the_cookie_is_worth_nothing_also_to_who_copied_it(app: Flask, client: FlaskClient) -> None:
    sign_in(client)
    shown = token_of(client)

    answer = client.post("/sign-out")

    assert (answer.status_code, answer.location) == (303, "/sign-in")
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie[SHOWN] = shown
    assert [each.get("/api/requests").status_code for each in (client, thief)] == [401, 401]


def test_signing_out_twice_is_no_mistake(client: FlaskClient) -> None:
    assert client.post("/sign-out").status_code == 303


def test_while_nobody_can_sign_in_the_first_visit_is_explained(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), writing() as session:
        session.scalars(select(User)).one().is_admin = False

    assert client.get("/sign-in").location == "/join"


def test_where_nobody_has_to_sign_in_nobody_is_asked(settings: Settings) -> None:
    with running(replace(settings, auth="none")) as app:
        client = app.test_client()

        assert client.get("/sign-in").location == "/"
        assert client.get("/sign-in", base_url="http://rebound.test").location == "/"
        assert sign_in(client).status_code == 404
        assert client.get("/", headers=PAGE).status_code == 200


def test_a_form_that_another_site_sends_signs_nobody_in(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_METHODS"] = {"POST"}

    assert sign_in(client).status_code == 400


def test_an_error_page_asks_nobody_who_they_are_when_that_is_what_failed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client)
    monkeypatch.setattr("flaskapp.access.gate.find_session", lambda *_: 1 / 0)

    answer = client.get("/")

    assert answer.status_code == 500
    assert "Its log says why." in answer.text

"""Somebody's own page: where they are signed in, how that ends, and another password."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from flaskapp.access.throttle import NAME
from flaskapp.config import Settings
from flaskapp.domain.provider import Provider
from flaskapp.extensions import db, writing
from flaskapp.live.hub import Hub
from flaskapp.models import BrowserSession
from flaskapp.views.browsers import browser_name
from tests.app import running
from tests.people import PASSWORD, add_person, add_user, browser_of

NEW = "quite another one"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, auth="local", read_key="a-key-for-programs")


@pytest.fixture
def ada(app: Flask) -> int:
    return add_person(app, "Ada")


@pytest.fixture
def here(app: Flask, ada: int) -> FlaskClient:
    return browser_of(app, ada)


@pytest.fixture
def there(app: Flask, ada: int) -> FlaskClient:
    return browser_of(app, ada)


@pytest.fixture
def hub(app: Flask) -> Hub:
    hub: Hub = app.extensions["hub"]
    return hub


def numbers(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(BrowserSession.id).order_by(BrowserSession.id)))


def is_in(client: FlaskClient) -> bool:
    return client.get("/api/requests").status_code == 200


def change(client: FlaskClient, password: str = PASSWORD, new: str = NEW) -> str:
    answer = client.post("/account/password", data={"password": password, "new": new}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_all_browsers_are_listed_and_the_one_at_hand_is_marked(
    app: Flask, here: FlaskClient, there: FlaskClient
) -> None:
    with app.app_context(), writing() as session:
        session.get_one(BrowserSession, numbers(app)[0]).user_agent = FIREFOX

    page = here.get("/account")

    assert "Firefox on Linux" in page.text
    assert page.text.count("192.0.2.1") == 2
    assert page.text.count("This browser") == 1
    assert page.headers["Cache-Control"] == "no-store"


def test_one_browser_is_signed_out_and_its_streams_end(
    app: Flask, here: FlaskClient, there: FlaskClient, hub: Hub
) -> None:
    streams = [open_stream(client) for client in (here, there)]

    here.post(f"/account/sessions/{numbers(app)[1]}/end")

    assert (is_in(here), is_in(there)) == (True, False)
    assert hub.count == 2
    assert "signed out" in rest_of(streams[1])
    here.post("/account/sessions/end")
    assert "signed out" in rest_of(streams[0])


def open_stream(client: FlaskClient) -> TestResponse:
    answer = client.get("/events", buffered=False)
    assert answer.status_code == 200
    return answer


def rest_of(answer: TestResponse) -> str:
    return b"".join(answer.iter_encoded()).decode()


def test_nobody_signs_out_the_browser_of_somebody_else(app: Flask, here: FlaskClient) -> None:
    other = browser_of(app, add_person(app, "Bo"))

    here.post(f"/account/sessions/{numbers(app)[1]}/end")

    assert is_in(other)


def test_the_browser_at_hand_is_asked_to_sign_in_again(app: Flask, here: FlaskClient) -> None:
    assert here.post(f"/account/sessions/{numbers(app)[0]}/end").location == "/sign-in"
    assert not is_in(here)


def test_everywhere_means_here_too(here: FlaskClient, there: FlaskClient) -> None:
    assert here.post("/account/sessions/end").location == "/sign-in"
    assert (is_in(here), is_in(there)) == (False, False)


def test_another_password_signs_out_all_other_browsers(app: Flask, here: FlaskClient, there: FlaskClient) -> None:
    with here.session_transaction() as cookie:
        before = dict(cookie)

    assert "every other browser is signed out" in change(here)

    assert (is_in(here), is_in(there)) == (True, False)
    with here.session_transaction() as cookie:
        assert dict(cookie) != before
    tries = [app.test_client().post("/sign-in", data={"name": "ada", "password": each}) for each in (PASSWORD, NEW)]
    assert [each.status_code for each in tries] == [401, 303]


@pytest.mark.parametrize(
    ("password", "new", "sentence"),
    [
        ("a wrong password", NEW, "The old password is not right."),
        (PASSWORD, "short", "at least 10 characters"),
        (PASSWORD, "1234567890", "tried first everywhere"),
    ],
)
def test_what_can_not_be_is_said_and_nothing_changes(
    here: FlaskClient, there: FlaskClient, password: str, new: str, sentence: str
) -> None:
    assert sentence in change(here, password, new)
    assert is_in(there)


def test_whoever_sits_at_an_open_browser_can_not_guess_for_ever(here: FlaskClient) -> None:
    for _ in range(NAME.free):
        change(here, "a wrong password")

    assert "That was wrong too often. Try again in" in change(here)


def test_a_password_of_another_service_is_not_changed_here(settings: Settings) -> None:
    with running(replace(settings, auth="jellyfin")) as app:
        browser = browser_of(app, add_user(app, "Bo", provider=Provider.JELLYFIN))

        assert browser.post("/account/password", data={"password": PASSWORD, "new": NEW}).status_code == 404


def test_a_program_has_no_account(app: Flask) -> None:
    assert app.test_client().get("/account", headers={"X-Api-Key": "a-key-for-programs"}).status_code == 404


def test_where_nobody_signs_in_there_are_no_accounts(settings: Settings) -> None:
    with running(replace(settings, auth="none")) as app:
        assert app.test_client().get("/account").status_code == 404


def test_the_menu_leads_there_and_out(app: Flask, here: FlaskClient) -> None:
    person, admin = here.get("/").text, browser_of(app, add_person(app, "Eve", is_admin=True)).get("/").text

    assert 'href="/account"' in person
    assert 'action="/sign-out"' in person
    assert 'href="/people"' not in person
    assert 'href="/services"' not in person
    assert 'href="/people"' in admin


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Version/18.0 Safari/604",
            "Safari on an iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8", "A browser"),
        (None, "A browser"),
    ],
)
def test_browsers_are_called_as_people_call_them(user_agent: str | None, words: str) -> None:
    assert browser_name(user_agent) == words


def test_a_session_that_was_not_used_for_long_is_not_listed(app: Flask, here: FlaskClient, there: FlaskClient) -> None:
    with app.app_context(), writing() as session:
        session.get_one(BrowserSession, numbers(app)[1]).expires_at = datetime.now(UTC)

    assert here.get("/account").text.count("192.0.2.1") == 1

"""No page of another site can change anything: every unsafe call shows a token that only our own pages know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flaskapp.config import Settings
from flaskapp.views.door import SAFE, For, whom_for
from tests.app import Send
from tests.people import add_user, browser_of

TOO_OLD = "This form is too old"
TEMPLATES = Path(__file__).parent.parent.parent / "templates"
METHODS = {"POST", "PUT", "PATCH", "DELETE"}
TOKEN = re.compile(r'(?:name="csrf_token" value|data-form-token)="([^"]+)"')


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, auth="local", read_key="a-key-for-programs")


@pytest.fixture
def guarded(app: Flask) -> Flask:
    """Give an app that asks for the token, as on a server."""
    app.config["WTF_CSRF_METHODS"] = METHODS
    return app


@pytest.fixture
def admin(guarded: Flask) -> FlaskClient:
    return browser_of(guarded, add_user(guarded, "Eve", is_admin=True))


def unsafe(app: Flask) -> Iterator[tuple[str, str]]:
    """Give method and address of everything that changes something and is for browsers."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if whom_for(app, rule.endpoint) is not For.SERVICES:
                arguments = dict.fromkeys(rule.arguments, 1 if "int:" in rule.rule else "radarr")
                for method in (rule.methods or set()) - set(SAFE):
                    yield method, adapter.build(rule.endpoint, arguments, method)


def token_of(browser: FlaskClient, address: str) -> str:
    found = TOKEN.search(browser.get(address).text)
    assert found is not None
    return found[1]


def test_every_unsafe_address_refuses_without_the_token_and_takes_it_with(guarded: Flask, send: Send) -> None:
    send("seerr", "media-pending-movie")
    ways = sorted(unsafe(guarded))
    assert ("POST", "/requests/1/delete") in ways

    for number, (method, address) in enumerate(ways):
        admin = browser_of(guarded, add_user(guarded, f"Eve {number}", is_admin=True))
        token = token_of(admin, "/services")
        refused = admin.open(address, method=method)
        assert (refused.status_code, TOO_OLD in refused.text) == (400, True), (method, address)
        taken = admin.open(address, method=method, headers={"X-CSRFToken": token})
        assert TOO_OLD not in taken.text, (method, address)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"X-CSRFToken": ""},
        {"X-CSRFToken": "IjEi.aSm1xA.Zm9yZ2VkLWZvcmdlZC1mb3JnZWQ"},
        {"Authorization": "Bearer a-key-for-programs"},
    ],
)
def test_nothing_else_stands_in_for_the_token(admin: FlaskClient, send: Send, headers: dict[str, str]) -> None:
    send("seerr", "media-pending-movie")
    admin.get("/requests/1")

    for method, address in (("POST", "/requests/1/delete"), ("DELETE", "/api/requests/1")):
        assert admin.open(address, method=method, headers=headers).status_code == 400

    assert admin.get("/requests/1").status_code == 200


def test_the_token_of_another_browser_is_worth_nothing(guarded: Flask, admin: FlaskClient, send: Send) -> None:
    send("seerr", "media-pending-movie")
    other = browser_of(guarded, add_user(guarded, "Mallory", is_admin=True))
    token = token_of(other, "/requests/1")
    admin.get("/requests/1")

    assert admin.post("/requests/1/delete", data={"csrf_token": token}).status_code == 400


def test_a_program_that_shows_its_key_needs_no_token_and_is_judged_by_the_key_alone(
    admin: FlaskClient, send: Send
) -> None:
    send("seerr", "media-pending-movie")

    # The cookie of an admin does not help a key that may only read, nor one that nobody made.
    assert admin.delete("/api/requests/1", headers={"X-Api-Key": "a-key-for-programs"}).status_code == 403
    assert admin.delete("/api/requests/1", headers={"X-Api-Key": "made-up"}).status_code == 401


def test_who_comes_too_late_reads_what_to_do(admin: FlaskClient) -> None:
    answer = admin.post("/requests/1/delete")

    assert "Please try again" in answer.text
    assert "load the page anew and send it again." in answer.text


def test_another_site_can_not_listen(admin: FlaskClient) -> None:
    assert admin.get("/events", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


FORM = re.compile(r"<form[^>]*method=\"post\".*?</form>", re.DOTALL)


def test_every_form_of_ours_brings_the_token() -> None:
    forms = [form for path in TEMPLATES.rglob("*.html") for form in FORM.findall(path.read_text(encoding="utf-8"))]

    assert forms
    assert [form for form in forms if "csrf_token" not in form and "{{ token() }}" not in form] == []

"""Who is let in where nobody is let in by mistake, and what everybody else hears."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from flaskapp.config import Settings
from flaskapp.domain.provider import Provider
from flaskapp.views.door import register
from tests.people import add_user, browser_of


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, auth="local", read_key="a-key-for-programs")


def test_a_stranger_is_not_let_in(app: Flask) -> None:
    answer = app.test_client().get("/events")

    assert answer.status_code == 401
    assert answer.json == {"error": "Sign in first."}


def test_who_is_signed_in_is(app: Flask) -> None:
    browser = browser_of(app, add_user(app, "Ada"))

    assert browser.get("/api/requests").status_code == 200


@pytest.mark.parametrize("provider", [Provider.JELLYFIN, Provider.OIDC, Provider.PROXY])
def test_who_was_signed_in_another_way_is_a_stranger(app: Flask, provider: Provider) -> None:
    browser = browser_of(app, add_user(app, "Ada", provider=provider, is_admin=True))

    assert browser.get("/api/requests").status_code == 401


def test_what_is_for_admins_is_for_nobody_else(app: Flask) -> None:
    person, admin = (browser_of(app, add_user(app, name, is_admin=name == "Eve")) for name in ("Ada", "Eve"))

    assert person.get("/services").status_code == 403
    assert admin.get("/services").status_code == 200


def test_a_program_shows_its_key(app: Flask) -> None:
    client = app.test_client()

    assert client.get("/api/requests", headers={"X-Api-Key": "a-key-for-programs"}).status_code == 200
    assert client.get("/api/requests", headers={"X-Api-Key": "another-key"}).status_code == 401
    assert client.delete("/api/requests/1", headers={"X-Api-Key": "a-key-for-programs"}).status_code == 403


def test_a_view_that_says_nothing_stops_the_start() -> None:
    app = Flask(__name__)
    app.add_url_rule("/secrets", "secrets", lambda: "…")

    with pytest.raises(RuntimeError, match="Nobody says whom these are for: secrets"):
        register(app)

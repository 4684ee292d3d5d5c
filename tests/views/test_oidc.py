"""To the provider of OpenID Connect and back, as a browser goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from flaskapp.config import Settings
from flaskapp.extensions import db, writing
from flaskapp.models import User
from flaskapp.views.oidc import MOST
from tests.app import running
from tests.openid_provider import CLIENT_ID, CLIENT_SECRET, OpenIDProvider, came_back, openid_provider


@pytest.fixture
def provider() -> Iterator[OpenIDProvider]:
    with openid_provider() as provider:
        yield provider


@pytest.fixture
def settings(settings: Settings, provider: OpenIDProvider) -> Settings:
    return replace(
        settings,
        auth="oidc",
        oidc_issuer=provider.url,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        trusted_proxies="127.0.0.1",
    )


def begin(browser: FlaskClient, onward: str = "/services") -> str:
    answer = browser.get("/sign-in/oidc", query_string={"next": onward})
    assert answer.status_code == 303
    return answer.headers["Location"]


def come_back(browser: FlaskClient, address: str) -> TestResponse:
    parts = urlsplit(address)
    return browser.get(f"{parts.path}?{parts.query}")


def sign_in(browser: FlaskClient, provider: OpenIDProvider, onward: str = "/services") -> TestResponse:
    return come_back(browser, provider.visit(begin(browser, onward)))


def test_whoever_comes_back_is_signed_in_and_goes_on(client: FlaskClient, provider: OpenIDProvider) -> None:
    assert client.get("/api/requests").status_code == 401

    answer = sign_in(client, provider, "/?state=waiting")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/?state=waiting")
    assert client.get("/api/requests").status_code == 200
    assert client.get("/services").status_code == 403


def test_admins_are_those_of_the_group(settings: Settings, provider: OpenIDProvider) -> None:
    with running(replace(settings, admin_group="admins")) as app:
        browser = app.test_client()
        for groups, status in ((["admins"], 200), (["people"], 403), (["admins", "people"], 200)):
            provider.person["groups"] = groups
            sign_in(browser, provider)
            assert browser.get("/services").status_code == status


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere(client: FlaskClient, provider: OpenIDProvider, onward: str) -> None:
    assert sign_in(client, provider, onward).headers["Location"] == "/"


def test_a_state_of_another_browser_lets_nobody_in(app: Flask, provider: OpenIDProvider) -> None:
    eve, ada = app.test_client(), app.test_client()
    planted = provider.visit(begin(eve))
    begin(ada)

    answer = come_back(ada, planted)

    assert answer.status_code == 403
    assert "begun in another browser" in answer.text
    assert ada.get("/api/requests").status_code == 401


def test_an_answer_counts_once(client: FlaskClient, provider: OpenIDProvider) -> None:
    address = provider.visit(begin(client))
    come_back(client, address)
    client.post("/sign-out")

    assert come_back(client, address).status_code == 403
    assert client.get("/api/requests").status_code == 401


def test_a_failed_answer_counts_once_too(client: FlaskClient, provider: OpenIDProvider) -> None:
    state = came_back(provider.visit(begin(client)))["state"]

    texts = [client.get(f"/sign-in/oidc/callback?error=access_denied&state={state}").text for _ in range(2)]

    assert "did not agree" in texts[0]
    assert "begun in another browser" in texts[1]


def test_tabs_sign_in_beside_each_other(client: FlaskClient, provider: OpenIDProvider) -> None:
    first, *_, last = [begin(client) for _ in range(MOST + 1)]

    assert come_back(client, provider.visit(first)).status_code == 403
    assert come_back(client, provider.visit(last)).status_code == 303


def test_a_sign_in_makes_the_cookie_anew(app: Flask, provider: OpenIDProvider) -> None:
    browser = app.test_client()
    sign_in(browser, provider)
    with browser.session_transaction() as cookie:
        before = dict(cookie)

    sign_in(browser, provider)

    with browser.session_transaction() as cookie:
        assert cookie["shown"] != before["shown"]
        assert "attempts" not in cookie
        cookie["shown"] = before["shown"]
    assert browser.get("/api/requests").status_code == 401


def test_who_is_barred_stays_outside(app: Flask, client: FlaskClient, provider: OpenIDProvider) -> None:
    sign_in(client, provider)
    with app.app_context(), writing() as session:
        session.execute(update(User).values(barred_at=datetime.now(UTC)))

    answer = sign_in(app.test_client(), provider)

    assert answer.status_code == 403
    assert "may not come in" in answer.text


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token"])
def test_a_provider_that_is_away_is_told(client: FlaskClient, provider: OpenIDProvider, path: str) -> None:
    address = provider.visit(begin(client))
    provider.status[path] = 503

    answer = come_back(client, address)

    assert answer.status_code == 502
    assert "The provider of sign-ins answered with status 503." in answer.text


def test_nobody_can_begin_while_the_provider_is_away(client: FlaskClient, provider: OpenIDProvider) -> None:
    provider.status["/.well-known/openid-configuration"] = 503

    answer = client.get("/sign-in/oidc")

    assert answer.status_code == 502
    assert "status 503" in answer.text


@pytest.mark.parametrize(
    ("headers", "base", "redirect_uri"),
    [
        ({"Host": "tv.home:2774"}, "", "http://tv.home:2774/sign-in/oidc/callback"),
        (
            {"Host": "arrivarr", "X-Forwarded-Host": "home.example", "X-Forwarded-Proto": "https"},
            "/arrivarr",
            "https://home.example/arrivarr/sign-in/oidc/callback",
        ),
    ],
)
def test_the_address_to_come_back_to_is_that_of_the_visitor(
    settings: Settings, headers: dict[str, str], base: str, redirect_uri: str
) -> None:
    with running(replace(settings, base_path=base)) as app:
        answer = app.test_client().get(f"{base}/sign-in/oidc", headers=headers)

    assert came_back(answer.headers["Location"])["redirect_uri"] == redirect_uri


@pytest.mark.parametrize("auth", ["local", "jellyfin", "proxy", "none"])
@pytest.mark.parametrize("address", ["/sign-in/oidc", "/sign-in/oidc/callback?state=a&code=b"])
def test_where_nobody_signs_in_this_way_there_is_nothing(settings: Settings, auth: str, address: str) -> None:
    with running(replace(settings, auth=auth)) as app:
        assert app.test_client().get(address).status_code == 404


def test_no_token_is_kept(app: Flask, client: FlaskClient, provider: OpenIDProvider) -> None:
    sign_in(client, provider)

    with client.session_transaction() as cookie:
        assert set(cookie) <= {"shown", "_permanent", "csrf_token"}
    with app.app_context(), Session(db.engine) as session:
        (user,) = session.scalars(select(User))
        assert (user.subject, user.email, user.password_hash) == (f"{provider.url} 7", "ada@example.org", None)

"""What every answer tells the browser to refuse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from flaskapp.views.headers import ALWAYS, OVER_TLS, POLICY

ROOT = Path(__file__).parent.parent.parent
EVERYWHERE = (
    *("/", "/services", "/nowhere", "/requests/1", "/api/requests", "/api/nowhere", "/events", "/healthz", "/metrics"),
    *("/posters/1", "/static/js/page.js", "/static/none.js"),
)


def look(client: FlaskClient, address: str, scheme: str = "http") -> Response:
    with client.get(address, base_url=f"{scheme}://localhost") as response:
        return response


@pytest.mark.parametrize("address", EVERYWHERE)
def test_pages_errors_files_and_streams_carry_them(client: FlaskClient, address: str) -> None:
    headers = look(client, address).headers

    assert {name: headers[name] for name in ALWAYS if name != "Cache-Control"} == {
        name: value for name, value in ALWAYS.items() if name != "Cache-Control"
    }
    assert headers.keys() & OVER_TLS.keys() == set()


def test_the_policy_allows_files_of_our_own_and_nothing_that_stands_in_a_page() -> None:
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))

    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert set(rules.values()) == {"'none'", "'self'"}


@pytest.mark.parametrize("address", ["/", "/services", "/nowhere", "/requests/1", "/api/requests", "/metrics"])
def test_what_belongs_to_the_household_is_kept_in_no_cache(client: FlaskClient, address: str) -> None:
    assert look(client, address).headers["Cache-Control"] == "no-store"


def test_files_of_our_own_may_be_kept(client: FlaskClient) -> None:
    assert "no-store" not in look(client, "/static/js/page.js").headers["Cache-Control"]


@pytest.mark.parametrize("address", ["/", "/nowhere", "/events", "/static/js/page.js"])
def test_over_tls_browsers_are_told_to_stay_there(client: FlaskClient, address: str) -> None:
    headers = look(client, address, "https").headers

    assert {name: headers[name] for name in OVER_TLS} == OVER_TLS


@pytest.mark.parametrize(("scheme", "is_secure"), [("http", False), ("https", True)])
def test_the_cookie_is_for_the_server_alone_and_over_tls_for_tls_alone(
    client: FlaskClient, scheme: str, *, is_secure: bool
) -> None:
    cookie = look(client, "/", scheme).headers["Set-Cookie"]

    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert ("Secure" in cookie.split("; ")) is is_secure


@pytest.mark.parametrize(
    "inline", [r"\sstyle=", r"<style", r"<script(?![^>]*\ssrc=)", r"\son[a-z]+=\"", r"javascript:"]
)
def test_no_template_has_what_the_policy_refuses(inline: str) -> None:
    templates = (ROOT / "templates").rglob("*.html")

    assert [path.name for path in templates if re.search(inline, path.read_text(encoding="utf-8"))] == []

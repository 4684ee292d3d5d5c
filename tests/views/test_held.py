"""Browsers that a proxy keeps from the stream say so, and the page of the services tells what fixes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from flaskapp.config import Settings
from flaskapp.signals import HELD_FOR, MOST_HELD, HeldStreams

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, trusted_proxies="127.0.0.1")


def tell(client: FlaskClient, held: str = "yes", proxy: str = "nginx/1.22.1", **headers: Any) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/services/stream", data={"held": held, "proxy": proxy}, headers=named).status_code


def test_services_name_the_browser_the_proxy_and_the_line_that_fixes_it(client: FlaskClient) -> None:
    assert "data-held" not in client.get("/services").text

    assert tell(client, X_Forwarded_For="10.0.0.1, 192.0.2.7") == 204

    page = client.get("/services").text
    assert "192.0.2.7, behind" in page
    assert "nginx/1.22.1" in page
    assert "<code>proxy_buffering off;</code>" in page


def test_what_a_proxy_says_of_itself_counts_more(client: FlaskClient) -> None:
    tell(client, Via="1.1 Caddy")

    page = client.get("/services").text
    assert "1.1 Caddy" in page
    assert "nginx/1.22.1" not in page


def test_our_own_server_is_no_proxy(client: FlaskClient) -> None:
    tell(client, proxy="gunicorn")

    assert "127.0.0.1, since" in client.get("/services").text


def test_browser_that_is_reached_again_is_forgotten(client: FlaskClient) -> None:
    tell(client, X_Forwarded_For="192.0.2.7")
    tell(client, X_Forwarded_For="192.0.2.8")

    tell(client, held="no", X_Forwarded_For="192.0.2.7")

    page = client.get("/services").text
    assert "192.0.2.7" not in page
    assert "192.0.2.8" in page


def test_words_of_a_browser_are_text_and_short(client: FlaskClient) -> None:
    tell(client, proxy="<b>" * 200)

    page = client.get("/services").text
    assert "<b>" not in page
    assert "&lt;b&gt;" * 27 not in page


def test_browser_that_says_it_no_more_is_gone_and_one_that_does_keeps_its_beginning() -> None:
    streams = HeldStreams()
    streams.note("a", "", NOON)
    streams.note("b", "", NOON)
    later = NOON + HELD_FOR - timedelta(minutes=1)
    streams.note("b", "", later)

    now = NOON + HELD_FOR
    assert [(held.address, held.since, held.told_at) for held in streams.now(now)] == [("b", NOON, later)]


def test_only_the_newest_are_kept() -> None:
    streams = HeldStreams()
    for number in range(MOST_HELD + 5):
        streams.note(str(number), "", NOON + timedelta(seconds=number))

    assert [held.address for held in streams.now(NOON)] == [str(number) for number in range(5, MOST_HELD + 5)]

"""What a proxy says of its visitor counts when the proxy is a trusted one, and is not even seen otherwise."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from flaskapp.config import Settings
from flaskapp.live.hub import Hub
from flaskapp.views.forwarded import Forwarded
from tests.app import running

PROXIES = "10.0.0.0/8, 2001:db8::1"
SEEN = ("REMOTE_ADDR", "wsgi.url_scheme", "HTTP_HOST")
ALL = {
    "X-Forwarded-For": "192.0.2.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "board.example",
    "X-Forwarded-Port": "443",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "for=192.0.2.7",
    "X-Real-Ip": "192.0.2.7",
    "Remote-User": "ada",
    "Remote-Email": "ada@example.org",
    "Remote-Groups": "admins",
}


@pytest.fixture
def trusting(settings: Settings) -> Settings:
    return replace(settings, trusted_proxies=PROXIES)


def answer(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("204 No Content", [])
    return []


def seen(settings: Settings, peer: str, headers: dict[str, str]) -> dict[str, Any]:
    """Give what the app is told of a call."""
    told: dict[str, Any] = {}

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        told.update(environ)
        return answer(environ, start_response)

    call = EnvironBuilder(headers=Headers({"Host": "arrivarr:2774", **headers}), environ_base={"REMOTE_ADDR": peer})
    run_wsgi_app(Forwarded(app, settings), call.get_environ())
    return told


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "visitor"),
    [
        ("10.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8:1::7", "2001:db8:1::7"),
        ("::ffff:10.0.0.1", "192.0.2.7", "192.0.2.7"),
        # whatever the visitor wrote there before stands to the left of what a trusted proxy added
        ("10.0.0.1", "127.0.0.1, 192.0.2.7", "192.0.2.7"),
        ("10.0.0.1", "127.0.0.1, 192.0.2.7, 10.0.0.2", "192.0.2.7"),
        ("10.0.0.1", "192.0.2.7, 10.0.0.3,10.0.0.2", "192.0.2.7"),
        ("10.0.0.1", "10.0.0.9", "10.0.0.9"),
        ("10.0.0.1", "192.0.2.7, nonsense", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.7, unknown, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "<script>", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("192.0.2.1", "192.0.2.7", "192.0.2.1"),
        ("127.0.0.1", "192.0.2.7", "127.0.0.1"),
        ("", "192.0.2.7", ""),
    ],
)
def test_the_visitor_is_the_last_address_that_is_no_trusted_proxy(
    trusting: Settings, peer: str, forwarded_for: str, visitor: str
) -> None:
    assert seen(trusting, peer, {"X-Forwarded-For": forwarded_for})["REMOTE_ADDR"] == visitor


@pytest.mark.parametrize(
    ("headers", "scheme", "host"),
    [
        ({}, "http", "arrivarr:2774"),
        ({"X-Forwarded-Proto": "https", "X-Forwarded-Host": "board.example:8443"}, "https", "board.example:8443"),
        (
            {"X-Forwarded-Proto": "https, http", "X-Forwarded-Host": "evil.example, board.example"},
            "http",
            "board.example",
        ),
        ({"X-Forwarded-Proto": "javascript"}, "http", "arrivarr:2774"),
        (
            {"X-Forwarded-For": "192.0.2.7, 10.0.0.2", "X-Forwarded-Proto": "https, http"},
            "https",
            "arrivarr:2774",
        ),
        ({"X-Forwarded-For": "192.0.2.7, 10.0.0.2", "X-Forwarded-Proto": "https"}, "https", "arrivarr:2774"),
    ],
)
def test_a_trusted_proxy_says_by_which_name_and_how_it_was_called(
    trusting: Settings, headers: dict[str, str], scheme: str, host: str
) -> None:
    told = seen(trusting, "10.0.0.1", headers)

    assert (told["wsgi.url_scheme"], told["HTTP_HOST"]) == (scheme, host)


@pytest.mark.parametrize("trusted_proxies", ["", PROXIES])
@pytest.mark.parametrize("peer", ["192.0.2.1", "127.0.0.1", "::1", "11.0.0.1", "2001:db8::2"])
def test_of_all_others_nothing_is_left(settings: Settings, trusted_proxies: str, peer: str) -> None:
    doubting = replace(settings, auth="proxy", trusted_proxies=trusted_proxies)

    plain, spoofed = seen(doubting, peer, {}), seen(doubting, peer, ALL)

    assert {key for key in spoofed if key.startswith("HTTP_")} == {"HTTP_HOST"}
    assert [spoofed[key] for key in SEEN] == [plain[key] for key in SEEN]


def test_a_name_is_taken_off_only_where_it_would_be_read(settings: Settings) -> None:
    told = seen(settings, "192.0.2.1", ALL)

    assert {key for key in told if key.startswith("HTTP_")} == {
        "HTTP_HOST",
        "HTTP_REMOTE_USER",
        "HTTP_REMOTE_EMAIL",
        "HTTP_REMOTE_GROUPS",
    }


def test_what_is_ignored_is_said_once(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    forwarded = Forwarded(answer, settings)

    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            call = EnvironBuilder(
                headers=Headers({"X-Forwarded-For": "1.2.3.4"}), environ_base={"REMOTE_ADDR": "192.0.2.1"}
            )
            run_wsgi_app(forwarded, call.get_environ())

    assert caplog.messages == ["X-Forwarded-For from 192.0.2.1 is ignored: TRUSTED_PROXIES does not name that address."]


def test_streams_are_counted_by_visitor_behind_a_trusted_proxy(trusting: Settings) -> None:
    with running(trusting) as app:
        hub: Hub = app.extensions["hub"]
        hub.limits = replace(hub.limits, streams_per_address=1)

        def listen(visitor: str, peer: str = "10.0.0.1") -> int:
            headers = {"X-Forwarded-For": visitor}
            call = {"REMOTE_ADDR": peer}
            return app.test_client().get("/events", headers=headers, environ_overrides=call).status_code

        assert [listen("192.0.2.7"), listen("192.0.2.7"), listen("192.0.2.8")] == [200, 429, 200]
        assert [listen("192.0.2.9", "192.0.2.1"), listen("192.0.2.10", "192.0.2.1")] == [200, 429]

"""Somebody signs in with their password of Jellyfin: no session stays, and each answer is told apart."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from demo.world import World
from flaskapp.clients.http import ClientError
from flaskapp.clients.jellyfin_sign_in import RefusedError, authenticate
from tests.clients.jellyfin_server import jellyfin_server
from tests.clients.web import Asked, Reply, serve
from tests.demo.recorder import Recorder, connected_world

TOKEN = "fedcba9876543210fedcba9876543210"
SIGNED_IN = {"User": {"Id": "5e5e", "Name": "Ada", "Policy": {}}, "AccessToken": TOKEN}


@pytest.fixture
def world() -> World:
    return connected_world(Recorder())


@pytest.fixture
def url(world: World) -> Iterator[str]:
    with jellyfin_server(world) as url:
        yield url


def test_the_right_password_says_who_it_is_and_leaves_no_session(world: World, url: str) -> None:
    for _ in range(3):
        user = authenticate(url, "ANNA", "anna")

        assert user["Name"] == "Anna"
    assert world.jellyfin.accounts.sessions == {}


def test_other_sessions_of_the_same_person_stay(world: World, url: str) -> None:
    _, token = world.jellyfin.accounts.log_in("anna", "anna", "the living room")

    authenticate(url, "anna", "anna")

    assert list(world.jellyfin.accounts.sessions) == [token]


@pytest.mark.parametrize(("name", "password"), [("anna", "wrong"), ("anna", ""), ("nobody", "anna")])
def test_a_wrong_name_or_password_is_refused(url: str, name: str, password: str) -> None:
    with pytest.raises(RefusedError, match="does not know"):
        authenticate(url, name, password)


def test_an_account_without_a_password_needs_none(world: World, url: str) -> None:
    world.jellyfin.accounts.users = tuple(replace(user, password="") for user in world.jellyfin.accounts.users)

    assert authenticate(url, "anna", "")["Name"] == "Anna"


def test_who_may_not_come_now_is_told_apart(world: World, url: str) -> None:
    world.jellyfin.accounts.users = tuple(replace(user, is_disabled=True) for user in world.jellyfin.accounts.users)

    with pytest.raises(RefusedError, match="does not let this account in"):
        authenticate(url, "anna", "anna")


@pytest.mark.parametrize(
    "trouble", [{"status": 503}, {"status": 500}, {"down": True}, {"truncate": True}, {"cut": True}]
)
def test_a_jellyfin_that_is_not_well_refuses_nobody(world: World, url: str, trouble: dict[str, Any]) -> None:
    for name, value in trouble.items():
        setattr(world.mischief["jellyfin"], name, value)

    with pytest.raises(ClientError) as caught:
        authenticate(url, "anna", "anna")

    assert not isinstance(caught.value, RefusedError)


def answer(asked: Asked) -> Reply:
    return Reply(204) if asked.path.endswith("Logout") else Reply(200, json.dumps(SIGNED_IN).encode())


def test_the_exchange_is_as_documented() -> None:
    with serve(answer) as web:
        authenticate(f"{web.url}/jellyfin", "Zoë", 'p"w')
        authenticate(f"{web.url}/jellyfin", "Zoë", 'p"w')

    sign_in, sign_out, again, _ = web.asked
    assert (sign_in.method, sign_in.path) == ("POST", "/jellyfin/Users/AuthenticateByName")
    assert json.loads(sign_in.body) == {"Username": "Zoë", "Pw": 'p"w'}
    who = sign_in.headers["Authorization"]
    assert who.startswith('MediaBrowser Client="Arrivarr", Device="Arrivarr", DeviceId="')
    assert "Token=" not in who
    assert (sign_out.method, sign_out.path) == ("POST", "/jellyfin/Sessions/Logout")
    assert sign_out.headers["Authorization"] == f'{who}, Token="{TOKEN}"'
    assert again.headers["Authorization"] != who  # a device of its own


def test_who_is_signed_in_is_so_though_the_session_stays(caplog: pytest.LogCaptureFixture) -> None:
    def half(asked: Asked) -> Reply:
        return Reply(500) if asked.path.endswith("Logout") else answer(asked)

    with serve(half) as web, caplog.at_level(logging.INFO):
        assert authenticate(web.url, "ada", "a-secret-password")["Name"] == "Ada"

    assert "A session stays open in Jellyfin" in caplog.text
    assert "a-secret-password" not in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"User": {}}',
        b'{"User": 5, "AccessToken": "a"}',
        b'{"User": {}, "AccessToken": 5}',
        b"<html>",
    ],
)
def test_something_else_signs_nobody_in(body: bytes) -> None:
    with serve(lambda _: Reply(200, body)) as web, pytest.raises(ClientError) as caught:
        authenticate(web.url, "ada", "a-secret-password")

    assert "a-secret-password" not in str(caught.value)


def test_a_redirect_is_not_followed_with_a_password() -> None:
    with serve(answer) as elsewhere:
        sent_on = Reply(307, headers={"Location": f"{elsewhere.url}/Users/AuthenticateByName"})
        with serve(lambda _: sent_on) as web, pytest.raises(ClientError, match="sends us on"):
            authenticate(web.url, "ada", "pw")

    assert elsewhere.asked == []

"""A board that is open to its machine alone answers to no name that a page of elsewhere could have given it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from flaskapp.config import Settings
from flaskapp.domain.viewer import ANYONE
from flaskapp.views.door import viewer
from flaskapp.views.own_name import is_own
from tests.app import AUTHORIZED, payload, running

FOREIGN = (
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example:2774",
    "notlocalhost",
    "[::2]",
    "192.168.1.5",
)


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:2774", "board.localhost", "localhost.", "127.0.0.1:2774", "127.8.9.1", "[::1]:2774"],
)
def test_a_name_of_this_machine_is_its_own(host: str) -> None:
    assert is_own(host)


@pytest.mark.parametrize("host", [*FOREIGN, "", "[", "::", "0"])
def test_any_other_name_is_not(host: str) -> None:
    assert not is_own(host)


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("address", ["/", "/board", "/api/requests", "/events", "/requests/1", "/services", "/metrics"])
def test_whoever_calls_it_by_another_is_refused(settings: Settings, host: str, address: str) -> None:
    with running(replace(settings, auth_none_ok=False)) as app:
        answer = app.test_client().get(address, headers={"Host": host})

    assert answer.status_code == 403
    assert "AUTH_NONE_OK=yes" in answer.text


def test_services_of_this_machine_may_call_it_as_they_like(settings: Settings) -> None:
    headers = {"Host": "host.docker.internal:2774", **AUTHORIZED}
    with running(replace(settings, auth_none_ok=False)) as app:
        answer = app.test_client().post(
            "/webhooks/seerr", json=payload("seerr", "media-pending-movie"), headers=headers
        )

    assert answer.status_code < 300


def test_where_something_else_guards_it_every_name_will_do(client: FlaskClient) -> None:
    assert client.get("/", headers={"Host": "board.example"}).status_code == 200


def test_a_page_for_anybody_takes_whoever_calls_it_by_another_for_a_stranger(settings: Settings) -> None:
    with running(replace(settings, auth_none_ok=False)) as app:
        seen = {}
        for host in ("localhost", "evil.example"):
            with app.test_request_context(headers={"Host": host}):
                seen[host] = viewer()

    assert seen == {"localhost": ANYONE, "evil.example": None}

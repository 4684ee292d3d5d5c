"""What Jellyfin says of whoever signed in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flaskapp.access.accounts import Identity
from flaskapp.access.jellyfin import identify
from flaskapp.clients.http import ClientError
from flaskapp.domain.provider import Provider
from tests.app import PAYLOADS
from tests.clients.web import Reply, serve

REST = PAYLOADS / "jellyfin" / "rest"
PLAIN: dict[str, Any] = json.loads((REST / "authenticate-by-name-plain-user.json").read_text())
ADMIN: dict[str, Any] = json.loads((REST / "authenticate-by-name-administrator.json").read_text())


def told(body: dict[str, Any]) -> Identity:
    with serve(lambda _: Reply(200, json.dumps(body).encode())) as web:
        return identify(web.url, "alice", "pw")


def test_a_person_is_known_by_the_id_that_seerr_keeps_too() -> None:
    identity = told(PLAIN)

    assert identity == Identity(Provider.JELLYFIN, "b2e1d4c3f5a6079889706b5c4d3e2f10", "alice", is_admin=False)


def test_dashes_and_capitals_make_nobody_else() -> None:
    spelled = "B2E1D4C3-F5A6-0798-8970-6B5C4D3E2F10"

    assert told(PLAIN | {"User": PLAIN["User"] | {"Id": spelled}}).subject == told(PLAIN).subject


def test_an_administrator_of_jellyfin_is_an_admin() -> None:
    assert told(ADMIN).is_admin is True


@pytest.mark.parametrize("is_admin", ["true", 1, None, "false", []])
def test_nothing_but_true_makes_an_admin(is_admin: object) -> None:
    body = PLAIN | {"User": PLAIN["User"] | {"Policy": {"IsAdministrator": is_admin}}}

    assert told(body).is_admin is False


@pytest.mark.parametrize("changed", [{"Id": ""}, {"Id": 5}, {"Id": None}, {"Name": None}, {"Policy": None}])
def test_somebody_without_id_name_or_policy_is_nobody(changed: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="does not say who"):
        told(PLAIN | {"User": PLAIN["User"] | changed})

"""Services misbehave on demand, and are well again afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from flask import Flask

from demo.jellyfin.api import API_KEY as JELLYFIN_KEY
from demo.scenario import Play
from demo.seerr.api import API_KEY as SEERR_KEY
from demo.servarr.api import API_KEY as SERVARR_KEY
from demo.stack import Stack, create_apps
from demo.world import SERVICES, World

PATHS = {
    "seerr": "/api/v1/request",
    "radarr": "/api/v3/queue/details",
    "sonarr": "/api/v3/queue",
    "radarr_4k": "/api/v3/movie",
    "sonarr_4k": "/api/v3/series",
    "jellyfin": "/Items?recursive=true",
    "qbittorrent": "/api/v2/torrents/info",
}
HEADERS = {
    "X-Api-Key": SERVARR_KEY,
    "Authorization": f'MediaBrowser Token="{JELLYFIN_KEY}"',
}


@pytest.fixture
def moving(world: World) -> World:
    Play(world).begin()
    world.advance(60)
    return world


@pytest.fixture
def stack(moving: World) -> Iterator[Stack]:
    stack = Stack(moving)
    stack.start()
    yield stack
    stack.stop()


@pytest.fixture
def apps(moving: World) -> dict[str, Flask]:
    return create_apps(moving)


def ask(apps: dict[str, Flask], name: str) -> Any:
    headers = {**HEADERS, **({"X-Api-Key": SEERR_KEY} if name == "seerr" else {})}
    return apps[name].test_client().get(PATHS[name], headers=headers)


def radarr(stack: Stack) -> requests.Response:
    return requests.get(f"{stack.urls['radarr']}{PATHS['radarr']}", headers={"X-Api-Key": SERVARR_KEY}, timeout=1)


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("status", [401, 500, 503])
def test_a_broken_service_answers_so_and_the_others_do_not(
    moving: World, apps: dict[str, Flask], name: str, status: int
) -> None:
    moving.mischief[name].status = status
    broken = ask(apps, name).status_code
    others = [ask(apps, other).status_code for other in SERVICES if other not in (name, "qbittorrent")]

    moving.mischief[name].heal()

    assert broken == status
    assert set(others) == {200}
    assert ask(apps, name).status_code in (200, 403)


def test_a_service_that_starts_says_so(moving: World, apps: dict[str, Flask]) -> None:
    moving.mischief["radarr"].status = 503

    assert ask(apps, "radarr").json == {"errorMessage": "Starting up"}


def test_half_an_answer_is_no_json(moving: World, apps: dict[str, Flask]) -> None:
    whole = ask(apps, "radarr").data

    moving.mischief["radarr"].truncate = True

    assert ask(apps, "radarr").data == whole[: len(whole) // 2]


@pytest.mark.parametrize(
    ("name", "emptied"),
    [
        ("radarr", lambda answer: answer),
        ("sonarr", lambda answer: answer["records"] or answer["totalRecords"]),
        ("seerr", lambda answer: answer["results"] or answer["pageInfo"]["results"]),
        ("jellyfin", lambda answer: answer["Items"] or answer["TotalRecordCount"]),
    ],
)
def test_an_empty_page_has_the_shape_of_a_page(moving: World, apps: dict[str, Flask], name: str, emptied: Any) -> None:
    before = emptied(ask(apps, name).json)

    moving.mischief[name].empty = True

    assert before
    assert not emptied(ask(apps, name).json)


@pytest.mark.parametrize("switch", ["down", "cut"])
def test_a_cut_connection_is_felt_as_such(moving: World, stack: Stack, switch: str) -> None:
    setattr(moving.mischief["radarr"], switch, True)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        radarr(stack)

    moving.mischief["radarr"].heal()

    assert radarr(stack).ok


def test_a_service_that_hangs_is_given_up_and_holds_up_nobody(moving: World, stack: Stack) -> None:
    moving.mischief["radarr"].hang = True
    with pytest.raises(requests.ReadTimeout):
        radarr(stack)
    moving.advance(1)

    moving.mischief["radarr"].heal()

    assert radarr(stack).ok

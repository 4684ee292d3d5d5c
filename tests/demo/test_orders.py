"""Radarr and Sonarr do as they are told, and say what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from demo.servarr.api import BASE
from demo.servarr.apps import create_radarr, create_sonarr
from demo.titles import FILMS, LANTERN
from demo.world import World
from tests.demo.lives import KEY, get
from tests.demo.shapes import example


def test_a_silent_client_is_a_matter_of_health(moving: World, radarr: FlaskClient) -> None:
    moving.clients.torrent.is_reachable = False

    assert [(row["source"], row["type"]) for row in get(radarr, "health")] == [("DownloadClientStatusCheck", "warning")]


def test_an_order_is_carried_out_in_a_moment(world: World) -> None:
    client = create_radarr(world).test_client()
    entry = world.radarr.add(FILMS["charade"])
    world.advance(10)

    body = {"name": "MoviesSearch", "movieIds": [entry.id]}
    order: Any = client.post(f"{BASE}/command", json=body, headers=KEY).json
    world.advance(2)

    theirs = example("radarr/api-command-response")
    assert set(order) <= set(theirs)
    assert order["status"] == theirs["status"] == "queued"
    assert get(client, f"command/{order['id']}")["result"] == "successful"
    assert get(client, "movie")[0]["lastSearchTime"] == "2026-05-04T12:00:10Z"


def test_an_unknown_order_breaks(radarr: FlaskClient) -> None:
    assert radarr.post(f"{BASE}/command", json={"name": "MakeTea"}, headers=KEY).status_code == 500


@pytest.mark.parametrize(
    ("body", "numbers"),
    [
        ({"name": "SeriesSearch", "seriesId": 11}, [1, 2, 3, 4, 5, 6]),
        ({"name": "SeasonSearch", "seriesId": 11, "seasonNumber": 1}, [1, 2, 3, 4, 5, 6]),
        ({"name": "SeasonSearch", "seriesId": 11, "seasonNumber": 2}, []),
        ({"name": "EpisodeSearch", "episodeIds": [11102, 11103]}, [2, 3]),
    ],
)
def test_series_are_searched_as_a_whole_or_in_part(world: World, body: dict[str, Any], numbers: list[int]) -> None:
    client = create_sonarr(world).test_client()
    entry = world.sonarr.add(LANTERN, (1,))
    world.advance(10)
    entry.searched_at.clear()

    client.post(f"{BASE}/command", json=body, headers=KEY)
    world.advance(2)

    rows = get(client, f"episode?seriesId={entry.id}")
    assert [row["episodeNumber"] for row in rows if "lastSearchTime" in row] == numbers

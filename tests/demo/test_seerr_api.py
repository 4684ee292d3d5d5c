"""Seerr answers as its page says."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from demo.posters import DESIGNS, draw
from demo.scenario import LENGTH, Play
from demo.seerr.api import API_KEY, BASE, create_app
from demo.titles import TITLES
from demo.world import World
from tests.demo.shapes import differences, example

KEY = {"X-Api-Key": API_KEY}


@pytest.fixture
def seerr(world: World) -> FlaskClient:
    Play(world).begin()
    world.advance(60)
    return create_app(world).test_client()


def get(client: FlaskClient, path: str) -> Any:
    return client.get(f"{BASE}/{path}", headers=KEY).json


@pytest.mark.parametrize(
    ("path", "headers", "status", "name"),
    [
        ("request", {}, 401, "error-401-no-key"),
        ("request", {"X-Api-Key": "wrong"}, 403, "error-403-wrong-key"),
        ("request?nonsense=1", KEY, 400, "error-400-unknown-query-parameter"),
        ("request/999", KEY, 404, "error-404-request-gone"),
    ],
)
def test_errors_look_like_upstream(
    seerr: FlaskClient, path: str, headers: dict[str, str], status: int, name: str
) -> None:
    answer = seerr.get(f"{BASE}/{path}", headers=headers)

    assert answer.status_code == status
    assert differences(answer.json, example(f"seerr/rest/{name}")) == (set(), set())


def test_the_status_needs_no_key_but_refuses_unknown_parameters(seerr: FlaskClient) -> None:
    assert differences(seerr.get(f"{BASE}/status").json, example("seerr/rest/status")) == (set(), set())
    assert seerr.get(f"{BASE}/status?_=1").status_code == 400


def test_the_list_has_only_fields_of_upstream(seerr: FlaskClient) -> None:
    ours, theirs = get(seerr, "request?take=50"), example("seerr/rest/request-list-filter-all")

    unknown = {field.partition(":")[0] for field in differences(ours, theirs)[0]}
    known = {field.partition(":")[0] for field in differences(theirs, {})[0]}
    assert unknown - known <= {".serviceErrors.radarr[]", ".serviceErrors.sonarr[]", ".results[].modifiedBy"}
    assert ours["pageInfo"] == {"pages": 1, "pageSize": 50, "results": 14, "page": 1}


def test_one_request_has_the_seasons_of_its_series(seerr: FlaskClient) -> None:
    detail = get(seerr, "request/5")

    assert [season["seasonNumber"] for season in detail["media"]["seasons"]] == [1, 2]
    assert [season["seasonNumber"] for season in detail["seasons"]] == [1]
    assert [row["episode"]["episodeNumber"] for row in detail["media"]["downloadStatus"]][:6] == [1, 2, 3, 4, 5, 6]


def test_the_list_pages_with_the_newest_first(seerr: FlaskClient) -> None:
    first, second = get(seerr, "request"), get(seerr, "request?take=10&skip=10")

    assert [row["id"] for row in first["results"]] == list(range(14, 4, -1))
    assert [row["id"] for row in second["results"]] == [4, 3, 2, 1]
    assert (second["pageInfo"]["page"], second["pageInfo"]["pages"]) == (2, 2)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("filter=pending", [10]),
        ("filter=failed", [12]),
        ("filter=available&mediaType=movie&sortDirection=asc&take=3", [1, 2, 3]),
        ("filter=completed", [3, 1]),
        ("mediaType=tv", [14, 5]),
        ("requestedBy=4", [9, 1]),
    ],
)
def test_the_list_is_filtered(seerr: FlaskClient, query: str, ids: list[int]) -> None:
    assert [row["id"] for row in get(seerr, f"request?{query}")["results"]] == ids


def test_a_request_is_deleted_without_a_body(seerr: FlaskClient) -> None:
    deleted = seerr.delete(f"{BASE}/request/7", headers=KEY)

    assert (deleted.status_code, deleted.data) == (204, b"")
    assert seerr.delete(f"{BASE}/request/7", headers=KEY).status_code == 404


def test_a_film_shows_what_seerr_knows_of_it(seerr: FlaskClient) -> None:
    metropolis = get(seerr, "movie/19")

    unknown = differences(metropolis, example("seerr/rest/movie-details-trimmed"))[0]
    assert unknown <= {".mediaInfo.downloadStatus[].timeLeft: NoneType", ".posterPath: NoneType"}
    assert (metropolis["title"], metropolis["mediaInfo"]["requests"][0]["id"]) == ("Metropolis", 2)


def test_a_series_shows_its_seasons(seerr: FlaskClient) -> None:
    lantern = get(seerr, "tv/9991002")

    assert (lantern["name"], lantern["externalIds"]["tvdbId"]) == ("The Lantern Line", 9991001)
    assert [season["episodeCount"] for season in lantern["seasons"]] == [6, 5]


def test_unknown_titles_are_an_inner_error(seerr: FlaskClient) -> None:
    assert seerr.get(f"{BASE}/movie/1", headers=KEY).status_code == 500
    assert seerr.get(f"{BASE}/tv/19", headers=KEY).status_code == 500


def test_seasons_become_available_one_by_one(world: World) -> None:
    Play(world).begin()
    client = create_app(world).test_client()

    world.advance(LENGTH)

    seasons = get(client, "request/14")["media"]["seasons"]
    assert [(season["seasonNumber"], season["status"]) for season in seasons] == [(1, 5), (2, 4)]


def test_every_title_has_a_poster_of_its_own() -> None:
    assert set(DESIGNS) == set(TITLES)


def test_a_poster_is_a_png_that_nobody_needs_a_key_for(seerr: FlaskClient) -> None:
    answer = seerr.get("/posters/charade.png")

    assert answer.mimetype == "image/png"
    assert answer.data == draw("charade")
    assert answer.data.startswith(b"\x89PNG\r\n\x1a\n")
    assert seerr.get("/posters/nothing.png").status_code == 404

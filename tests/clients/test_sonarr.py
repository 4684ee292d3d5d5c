"""Questions to Sonarr."""

from __future__ import annotations

import json

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.clients.sonarr import SonarrClient
from tests.clients.web import Reply, Web, serve


def client_of(web: Web) -> SonarrClient:
    return SonarrClient("Sonarr", f"{web.url}/sonarr", "k3y")


def test_a_series_is_found_by_its_tvdb_id() -> None:
    rows = [{"id": 1, "tvdbId": 7}, {"id": 2, "tvdbId": 8}]

    with serve(lambda _asked: Reply(200, json.dumps(rows).encode())) as web:
        client = client_of(web)
        series = client.series(8)
        client.close()

    assert series == rows[1]
    (asked,) = web.asked
    assert (asked.path, asked.query, asked.headers["X-Api-Key"]) == ("/sonarr/api/v3/series", {"tvdbId": "8"}, "k3y")


def test_a_series_that_sonarr_does_not_have_is_none() -> None:
    with serve(lambda _asked: Reply(200, b"[]")) as web:
        client = client_of(web)
        assert client.series(8) is None
        client.close()


def test_the_episodes_of_a_series_are_all_its_episodes() -> None:
    with serve(lambda _asked: Reply(200, b'[{"id": 5}]')) as web:
        client = client_of(web)
        assert client.episodes(3) == [{"id": 5}]
        client.close()

    assert (web.asked[0].path, web.asked[0].query) == ("/sonarr/api/v3/episode", {"seriesId": "3"})


def test_something_else_than_a_list_is_refused() -> None:
    with serve(lambda _asked: Reply(200, b"{}")) as web:
        client = client_of(web)
        with pytest.raises(ClientError, match="no list"):
            client.series(8)
        client.close()

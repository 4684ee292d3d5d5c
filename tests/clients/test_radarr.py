"""Questions to Radarr."""

from __future__ import annotations

import json

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.clients.radarr import RadarrClient
from tests.clients.web import Reply, serve


def test_a_film_is_found_by_its_tmdb_id() -> None:
    rows = [{"id": 1, "tmdbId": 7}, {"id": 2, "tmdbId": 19}]

    with serve(lambda _asked: Reply(200, json.dumps(rows).encode())) as web:
        client = RadarrClient("Radarr", f"{web.url}/radarr", "k3y")
        assert client.movie(19) == rows[1]
        client.close()

    (asked,) = web.asked
    assert (asked.path, asked.query, asked.headers["X-Api-Key"]) == ("/radarr/api/v3/movie", {"tmdbId": "19"}, "k3y")


def test_a_film_that_radarr_does_not_have_is_none() -> None:
    with serve(lambda _asked: Reply(200, b"[]")) as web:
        client = RadarrClient("Radarr", web.url, "k3y")
        assert client.movie(19) is None
        client.close()


def test_something_else_than_a_list_of_films_is_refused() -> None:
    with serve(lambda _asked: Reply(200, b"{}")) as web:
        client = RadarrClient("Radarr", web.url, "k3y")
        with pytest.raises(ClientError, match="no list"):
            client.movie(19)
        client.close()

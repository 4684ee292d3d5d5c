"""The two apps: what only Radarr or only Sonarr answers."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, abort, jsonify, request

from demo.servarr import sonarr
from demo.servarr.api import BASE, create_app, found
from demo.servarr.arr import Arr
from demo.servarr.model import Entry
from demo.servarr.titles import MovieRows, SeriesRows
from demo.world import World


def create_radarr(world: World, arr: Arr | None = None) -> Flask:
    """Build Radarr, or another one of the world's."""
    arr = arr or world.radarr
    rows = MovieRows(arr, world.gallery)

    def add_views(app: Flask) -> None:
        @app.get(f"{BASE}/movie")
        def movies() -> Response:
            asked = request.args.get("tmdbId", type=int)
            return jsonify(
                [rows.title(entry) for entry in arr.entries.values() if asked in (None, entry.title.tmdb_id)]
            )

        @app.get(f"{BASE}/movie/<int:id_>")
        def movie(id_: int) -> dict[str, Any]:
            return rows.title(found(arr.entries.get(id_)))

    return create_app(world, arr, rows, add_views)


def create_sonarr(world: World, arr: Arr | None = None) -> Flask:
    """Build Sonarr, or another one of the world's."""
    arr = arr or world.sonarr
    rows = SeriesRows(arr, world.gallery)

    def add_views(app: Flask) -> None:
        @app.get(f"{BASE}/series")
        def all_series() -> Response:
            asked = request.args.get("tvdbId", type=int)
            theirs = (entry for entry in arr.entries.values() if asked in (None, sonarr.series_of(entry).tvdb_id))
            return jsonify([rows.title(entry) for entry in theirs])

        @app.get(f"{BASE}/series/<int:id_>")
        def series(id_: int) -> dict[str, Any]:
            return rows.title(found(arr.entries.get(id_)))

        @app.get(f"{BASE}/episode")
        def episodes() -> Response:
            asked = request.args.get("seriesId", type=int)
            if asked is None:
                abort(400)
            entry = arr.entries.get(asked)
            return jsonify(_episodes(arr, rows, entry) if entry else [])

    return create_app(world, arr, rows, add_views)


def _episodes(arr: Arr, rows: SeriesRows, entry: Entry) -> list[dict[str, Any]]:
    season = request.args.get("seasonNumber", type=int)
    with_file = request.args.get("includeEpisodeFile") == "true"
    wanted = (episode for episode in sonarr.series_of(entry).episodes if season in (None, episode.season))
    return [rows.episode(entry, episode, with_file=with_file) for episode in wanted]

"""What a row of Radarr's films means."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from flaskapp.sources.radarr import read_movie
from tests.sources.samples import AT, PAYLOADS


def film(**changes: Any) -> dict[str, Any]:
    """Give the recorded film that has no file, after changes."""
    return recorded("api-movie-no-file.json") | changes


def recorded(name: str) -> dict[str, Any]:
    (row,) = json.loads((PAYLOADS / "radarr" / name).read_bytes())
    return dict(row)


def test_a_film_with_a_file_is_read() -> None:
    read = read_movie(recorded("api-movie.json"), AT)

    assert (read.entry.entry_id, read.entry.media.tmdb_id, read.file_id) == (12, 10331, 88)
    assert (read.quality, read.size) == ("Bluray-1080p", 11810111488)
    assert read.path == "/movies/Night of the Living Dead (1968)"


def test_a_film_without_a_file_and_one_of_an_old_radarr_are_read() -> None:
    assert read_movie(film(), AT).file_id is None
    assert read_movie(film(movieFileId=None, movieFile={"id": 5}), AT).file_id == 5


@pytest.mark.parametrize(("name", "said"), [("monitored", "monitored"), ("isAvailable", "is_released")])
def test_only_a_plain_no_is_a_no(name: str, said: str) -> None:
    assert getattr(read_movie(film(**{name: False}), AT), said) is False
    assert getattr(read_movie(film(**{name: True}), AT), said) is True
    assert getattr(read_movie(film(**{name: None}), AT), said) is True


@pytest.mark.parametrize(
    ("digital", "physical", "release_at"),
    [
        ("2026-04-01T00:00:00Z", "2026-06-01T00:00:00Z", datetime(2026, 4, 1, tzinfo=UTC)),
        ("2026-06-01T00:00:00Z", "2026-04-01T00:00:00Z", datetime(2026, 4, 1, tzinfo=UTC)),
        ("2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", datetime(2026, 6, 1, tzinfo=UTC)),
        ("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", datetime(2026, 1, 1, tzinfo=UTC)),
        (None, "2026-06-01T00:00:00Z", datetime(2026, 6, 1, tzinfo=UTC)),
        ("2026-03-15T12:00:00Z", None, datetime(2026, 3, 15, 12, tzinfo=UTC)),
        ("soon", None, None),
        (None, None, None),
    ],
)
def test_a_film_comes_out_on_the_next_date_or_came_out_on_the_last(
    digital: str | None, physical: str | None, release_at: datetime | None
) -> None:
    assert read_movie(film(digitalRelease=digital, physicalRelease=physical), AT).release_at == release_at


def test_a_date_in_cinemas_is_no_date_for_home() -> None:
    assert film()["inCinemas"]
    assert read_movie(film(inCinemas="2026-05-01T00:00:00Z"), AT).release_at is None


def test_a_film_says_when_it_was_last_searched_for() -> None:
    assert read_movie(film(), AT).searched_at is None
    assert read_movie(film(lastSearchTime="2026-03-14T18:02:11Z"), AT).searched_at == datetime(
        2026, 3, 14, 18, 2, 11, tzinfo=UTC
    )

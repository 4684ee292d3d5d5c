from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from flaskapp.domain.observation import MediaRef, MediaType, RequesterRef, Word
from flaskapp.domain.reading import RequestRead
from flaskapp.sources.seerr import read_request, read_title
from tests.sources.samples import AT, PAYLOADS


def rest(name: str) -> Any:
    return json.loads((PAYLOADS / "seerr" / "rest" / name).read_bytes())


def row(request_id: int) -> dict[str, Any]:
    rows: list[dict[str, Any]] = rest("request-list-filter-all.json")["results"]
    return next(row for row in rows if row["id"] == request_id)


METROPOLIS = RequestRead(
    seen_at=AT,
    seerr_request_id=2,
    media=MediaRef(MediaType.MOVIE, tmdb_id=19),
    word=Word.APPROVED,
    completed=False,
    vanished=False,
    requested_by=RequesterRef("alice", 2, "b2e1d4c3f5a6079889706b5c4d3e2f10", "alice@example.com"),
    seasons=None,
    is_4k=False,
    asked_at=datetime(2026, 2, 14, 19, 2, 11, tzinfo=UTC),
)


def test_an_approved_film() -> None:
    assert read_request(row(2), AT) == METROPOLIS


def test_a_series_names_the_seasons_that_were_asked() -> None:
    read = read_request(row(7), AT)

    assert read is not None
    assert (read.media, read.seasons) == (MediaRef(MediaType.TV, tmdb_id=1930, tvdb_id=71471), (1, 3))


def test_4k_is_told_by_the_request_and_not_by_the_media() -> None:
    assert [bool(read and read.is_4k) for read in (read_request(row(3), AT), read_request(row(2), AT))] == [True, False]


STATUSES = [
    (1, 1, Word.PENDING, False, False),
    (2, 3, Word.APPROVED, False, False),
    (2, 4, Word.APPROVED, False, False),
    (2, 5, Word.APPROVED, True, False),
    (3, 5, Word.DECLINED, False, False),
    (4, 1, Word.FAILED, False, False),
    (5, 5, Word.APPROVED, True, False),
    (5, 4, Word.APPROVED, True, False),
    (5, 7, Word.APPROVED, True, True),
]


@pytest.mark.parametrize(("status", "media_status", "word", "completed", "vanished"), STATUSES)
def test_the_status_of_request_and_media_together(
    status: int, media_status: int, word: Word, *, completed: bool, vanished: bool
) -> None:
    changed = row(2) | {"status": status}
    changed["media"] |= {"status": media_status}

    assert read_request(changed, AT) == replace(METROPOLIS, word=word, completed=completed, vanished=vanished)


@pytest.mark.parametrize(
    "odd", [{"id": 0}, {"id": "x"}, {"status": 9}, {"status": None}, {"type": "book"}, {"media": None}, {"media": {}}]
)
def test_a_row_that_cannot_be_followed_is_left_out(odd: dict[str, Any]) -> None:
    assert read_request(row(2) | odd, AT) is None


def test_a_film_is_called_and_pictured() -> None:
    read = read_title(rest("movie-details-trimmed.json"), MediaRef(MediaType.MOVIE, tmdb_id=19), AT)

    assert read.media == MediaRef(
        MediaType.MOVIE,
        tmdb_id=19,
        imdb_id="tt0017136",
        title="Metropolis",
        year=1927,
        poster_url="https://image.tmdb.org/t/p/w600_and_h900_bestv2/b8NnKq2VxTzR4uYhJ6cLpMsWdGa.jpg",
    )


def test_a_series_gives_the_id_that_sonarr_knows_it_by() -> None:
    read = read_title(rest("tv-details-trimmed.json"), MediaRef(MediaType.TV, tmdb_id=1930), AT)

    assert (read.media.title, read.media.year, read.media.tvdb_id) == ("The Beverly Hillbillies", 1962, 71471)


def test_a_title_without_anything_is_no_harm() -> None:
    asked = MediaRef(MediaType.MOVIE, tmdb_id=19)

    assert read_title({"releaseDate": "", "posterPath": None}, asked, AT).media == asked

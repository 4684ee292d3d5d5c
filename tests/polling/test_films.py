"""Open films of one Radarr: when they are asked for, and what becomes of the answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flaskapp.domain.observation import MediaRef, MediaType
from flaskapp.domain.origin import Origin
from flaskapp.domain.reading import EntryAbsent, MovieRead
from flaskapp.polling.entries import AGAIN, OpenEntry
from flaskapp.polling.errand import SETTLING
from flaskapp.polling.films import Films
from flaskapp.upstreams import Upstream
from tests.polling.record import Record, at

PAYLOADS = Path(__file__).parent.parent / "payloads" / "radarr"
RADARR_4K = Upstream("radarr", "4k", "Radarr 4K", "http://127.0.0.1", "k3y", is_4k=True)


class FakeRadarr:
    def __init__(self, *names: str) -> None:
        rows: list[dict[str, Any]] = [json.loads((PAYLOADS / f"{name}.json").read_bytes())[0] for name in names]
        self.rows: dict[int, dict[str, object]] = {row["tmdbId"]: row for row in rows}
        self.asked: list[int] = []

    def movie(self, tmdb_id: int) -> dict[str, object] | None:
        self.asked.append(tmdb_id)
        return self.rows.get(tmdb_id)


def test_an_open_film_is_read_once_the_dust_of_its_last_change_has_settled(record: Record) -> None:
    films = Films(RADARR_4K, FakeRadarr("api-movie"), lambda: [OpenEntry(10331, at(0))], record.outlet)

    assert films.tick(at(0)) == SETTLING
    films.tick(at(SETTLING))

    ((read,), origin) = record.batches[0]
    assert isinstance(read, MovieRead)
    assert (read.entry.entry_id, read.file_id) == (12, 88)
    assert origin == Origin("radarr", "4k", is_4k=True, now=at(SETTLING))


def test_a_film_that_radarr_lacks_or_garbles_holds_up_nobody(record: Record) -> None:
    radarr = FakeRadarr("api-movie", "api-movie-no-file")
    radarr.rows[10331] = {"tmdbId": 10331, "id": "?"}
    wanted = [OpenEntry(number, at(-60)) for number in (1, 10331, 4808)]
    films = Films(RADARR_4K, radarr, lambda: wanted, record.outlet)

    for second in range(3):
        films.tick(at(second))

    assert radarr.asked == [1, 10331, 4808]
    assert [read.file_id for read in record.heard(MovieRead)] == [None]


def test_a_film_that_radarr_lacks_twice_is_gone(record: Record) -> None:
    films = Films(RADARR_4K, FakeRadarr(), lambda: [OpenEntry(10331, at(-60))], record.outlet)

    films.tick(at(0))
    once = record.heard(EntryAbsent)
    films.tick(at(2 * AGAIN))

    assert once == []
    assert [read.media for read in record.heard(EntryAbsent)] == [MediaRef(MediaType.MOVIE, tmdb_id=10331)]


def test_a_film_that_was_there_in_between_is_not_gone(record: Record) -> None:
    radarr, opened = FakeRadarr("api-movie"), [OpenEntry(10331, at(-60))]
    there = dict(radarr.rows)
    films = Films(RADARR_4K, radarr, lambda: opened, record.outlet)

    for minute, rows in enumerate(({}, there, {})):
        radarr.rows, opened[0] = rows, OpenEntry(10331, at(60 * minute - 60))
        films.tick(at(60 * minute))

    assert len(radarr.asked) == 3
    assert record.heard(EntryAbsent) == []

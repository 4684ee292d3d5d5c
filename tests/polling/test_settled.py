"""Titles of one Radarr that nobody waits for: one after the other, and seldom."""

from __future__ import annotations

from flaskapp.domain.reading import EntryAbsent, EntryDoubted, MovieRead
from flaskapp.polling.films import Films
from flaskapp.polling.settled import PACE, Known, Settled
from tests.polling.record import Record, at
from tests.polling.test_films import RADARR_4K, FakeRadarr


class Scene:
    """One film that is known, and a Radarr that has it, or does not."""

    def __init__(self, record: Record, *names: str) -> None:
        self.known = [Known(12, 10331, at(-9))]
        self.radarr = FakeRadarr(*names)
        films = Films(RADARR_4K, self.radarr, list, record.outlet)
        self.settled = Settled(RADARR_4K, films, lambda: self.known, record.outlet)


def test_a_title_is_read_once_in_a_while(record: Record) -> None:
    scene = Scene(record, "api-movie")

    assert [scene.settled.tick(at(moment)) for moment in (0, PACE - 1, PACE)] == [PACE, 1, PACE]

    assert scene.radarr.asked == [10331, 10331]
    assert [read.file_id for read in record.heard(MovieRead)] == [88, 88]
    assert record.heard(EntryDoubted) == []


def test_a_title_that_is_lacking_is_doubted_and_not_yet_gone(record: Record) -> None:
    Scene(record).settled.tick(at(0))

    (doubted,) = record.heard(EntryDoubted)
    assert (doubted.entry.entry_id, doubted.entry.media.tmdb_id) == (12, 10331)
    assert record.heard(EntryAbsent) == []


def test_nothing_is_asked_where_nothing_is_known(record: Record) -> None:
    scene = Scene(record)
    scene.known = []

    assert scene.settled.tick(at(0)) == PACE
    assert scene.radarr.asked == []

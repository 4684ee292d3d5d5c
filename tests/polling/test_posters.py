"""Posters are fetched once, whole, and with patience."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.domain.observation import PosterKept
from flaskapp.polling.errand import LOOK_UP
from flaskapp.polling.posters import OpenPoster, Posters
from tests.polling.record import Record, at

METROPOLIS = OpenPoster(1, "https://image.tmdb.org/t/p/w500/metropolis.jpg")
NOSFERATU = OpenPoster(2, "https://image.tmdb.org/t/p/w500/nosferatu.jpg")
PICTURE = b"\xff\xd8\xff a picture"


@dataclass
class FakeWeb:
    fails: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def picture(self, url: str) -> bytes:
        self.asked.append(url)
        if url in self.fails:
            raise ClientError("The place of the poster can't be reached.")
        return PICTURE


def test_a_poster_is_kept_and_told(record: Record, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "posters"

    pause = Posters(FakeWeb(), lambda: [METROPOLIS], record.outlet, folder).tick(at(0))

    assert pause == 0.0
    assert [path.name for path in folder.iterdir()] == ["1"]
    assert (folder / "1").read_bytes() == PICTURE
    assert (folder / "1").stat().st_mode & 0o777 == 0o644
    assert record.heard(PosterKept) == [PosterKept(seen_at=at(0), media_id=1)]


def test_nothing_open_is_no_question(record: Record, tmp_path: Path) -> None:
    web = FakeWeb()

    assert Posters(web, list, record.outlet, tmp_path).tick(at(0)) == LOOK_UP
    assert web.asked == []


def test_a_huge_original_is_asked_for_in_a_handy_size(record: Record, tmp_path: Path) -> None:
    web, poster = FakeWeb(), OpenPoster(1, "https://image.tmdb.org/t/p/original/metropolis.jpg")

    Posters(web, lambda: [poster], record.outlet, tmp_path).tick(at(0))

    assert web.asked == [METROPOLIS.url]


def test_a_poster_that_fails_does_not_hold_up_the_others(record: Record, tmp_path: Path) -> None:
    web = FakeWeb(fails={METROPOLIS.url})
    posters = Posters(web, lambda: [METROPOLIS, NOSFERATU], record.outlet, tmp_path)

    posters.tick(at(0))
    posters.tick(at(0))

    assert web.asked == [METROPOLIS.url, NOSFERATU.url]
    assert record.heard(PosterKept) == [PosterKept(seen_at=at(0), media_id=2)]
    assert [path.name for path in tmp_path.iterdir()] == ["2"]


def test_a_poster_that_fails_again_and_again_rests_for_a_day(record: Record, tmp_path: Path) -> None:
    web = FakeWeb(fails={METROPOLIS.url})
    posters = Posters(web, lambda: [METROPOLIS], record.outlet, tmp_path)

    for second in range(0, 12 * 3600, 5):
        posters.tick(at(second))
    assert len(web.asked) == 5

    posters.tick(at(36 * 3600))
    assert len(web.asked) == 6


def test_another_address_of_the_same_poster_is_tried_at_once(record: Record, tmp_path: Path) -> None:
    web, named = FakeWeb(fails={METROPOLIS.url}), [METROPOLIS]
    posters = Posters(web, lambda: named, record.outlet, tmp_path)
    posters.tick(at(0))

    named[:] = [OpenPoster(1, "https://artworks.thetvdb.com/metropolis.jpg")]
    posters.tick(at(1))

    assert len(record.heard(PosterKept)) == 1


def test_a_folder_that_takes_nothing_is_no_disaster(record: Record, tmp_path: Path) -> None:
    (tmp_path / "posters").write_text("a file in the way", encoding="utf-8")

    Posters(FakeWeb(), lambda: [METROPOLIS], record.outlet, tmp_path / "posters").tick(at(0))

    assert record.batches == []


def test_a_place_that_is_taken_leaves_no_draft_behind(record: Record, tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()

    Posters(FakeWeb(), lambda: [METROPOLIS], record.outlet, tmp_path).tick(at(0))

    assert [path.name for path in tmp_path.iterdir()] == ["1"]
    assert record.batches == []


def test_a_record_that_fails_gets_the_poster_later(record: Record, tmp_path: Path) -> None:
    posters = Posters(FakeWeb(), lambda: [METROPOLIS], record.outlet, tmp_path)
    record.fails = RuntimeError("locked")
    with pytest.raises(RuntimeError):
        posters.tick(at(0))
    record.fails = None

    posters.tick(at(60))

    assert len(record.heard(PosterKept)) == 1

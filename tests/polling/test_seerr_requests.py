"""Passes over Seerr's requests: what is taken, what is left, and what counts as deleted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.domain.observation import MediaRef, MediaType
from flaskapp.domain.reading import RequestGone, RequestRead, TitleRead
from flaskapp.polling.errand import LOOK_UP, SETTLING
from flaskapp.polling.seerr_requests import PACE, SeerrRequests
from flaskapp.polling.titles import OpenTitle, Titles
from tests.polling.record import SEERR, Record, at

HISTORY = timedelta(days=30)


def row(number: int, status: int = 2, days_ago: int = 0) -> dict[str, object]:
    return {
        "id": number,
        "status": status,
        "type": "movie",
        "is4k": False,
        "createdAt": (at(0) - timedelta(days=days_ago)).isoformat(),
        "media": {"tmdbId": 1000 + number, "status": 3, "status4k": 1},
        "seasons": [],
        "requestedBy": {"displayName": "alice"},
    }


@dataclass
class FakeSeerr:
    rows: list[dict[str, object]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    fails: ClientError | None = None
    asked: list[int] = field(default_factory=list)
    page: int = 2

    def requests(self, skip: int) -> tuple[list[dict[str, object]], int]:
        self.asked.append(skip)
        if self.fails:
            raise self.fails
        return self.rows[skip : skip + self.page], len(self.rows)

    def has_request(self, number: int) -> bool:
        return number in self.hidden

    def title(self, media_type: str, tmdb_id: int) -> dict[str, object]:
        if self.fails:
            raise self.fails
        return {"title": f"{media_type} {tmdb_id}"}


@dataclass
class Scene:
    record: Record
    seerr: FakeSeerr = field(default_factory=FakeSeerr)
    known: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.tick = SeerrRequests(SEERR, self.seerr, lambda: self.known, self.record.outlet, HISTORY).tick

    def read(self) -> list[int]:
        return [each.seerr_request_id for each in self.record.heard(RequestRead)]

    def gone(self) -> list[int]:
        return [each.seerr_request_id for each in self.record.heard(RequestGone)]


@pytest.fixture
def scene(record: Record) -> Scene:
    return Scene(record)


def test_all_pages_are_read_at_the_start(scene: Scene) -> None:
    scene.seerr.rows = [row(number) for number in (5, 4, 3, 2, 1)]

    assert scene.tick(at(0)) == PACE

    assert scene.seerr.asked == [0, 2, 4]
    assert scene.read() == [5, 4, 3, 2, 1]


def test_what_is_over_for_long_is_left_in_the_past_unless_we_know_it(scene: Scene) -> None:
    scene.seerr.rows = [row(1, 5, 31), row(2, 3, 31), row(3, 5, 29), row(4, 2, 400), row(5, 5, 400)]
    scene.known = {5}

    scene.tick(at(0))

    assert scene.read() == [3, 4, 5]


def test_the_next_pass_waits_for_its_time(scene: Scene) -> None:
    scene.tick(at(0))

    assert scene.tick(at(20)) == PACE - 20
    scene.tick(at(PACE))

    assert len(scene.seerr.asked) == 2


def test_a_quiet_pass_hands_nothing_on(scene: Scene) -> None:
    scene.seerr.rows = [row(2), row(1)]
    scene.tick(at(0))
    scene.seerr.rows = [row(2, status=3), row(1)]

    scene.tick(at(PACE))
    assert scene.read() == [2, 1, 2]
    scene.record.signals.called["seerr"] = at(PACE + 1)
    scene.tick(at(2 * PACE))

    assert scene.read() == [2, 1, 2, 2, 1]  # after a call all are told again


def test_a_webhook_asks_for_a_pass_when_the_dust_has_settled(scene: Scene) -> None:
    scene.tick(at(0))
    scene.record.signals.called["seerr"] = at(10)

    assert scene.tick(at(10.5)) == pytest.approx(SETTLING - 0.5)
    scene.tick(at(10 + SETTLING))
    assert scene.tick(at(11 + SETTLING)) == pytest.approx(PACE - 1)

    assert len(scene.seerr.asked) == 2


def test_a_request_is_deleted_when_two_passes_miss_it_and_seerr_denies_it(scene: Scene) -> None:
    scene.known = {1, 2}
    scene.seerr.hidden = {2}  # the list leaves out what is blocklisted

    scene.tick(at(0))
    assert scene.gone() == []
    scene.tick(at(PACE))

    assert scene.gone() == [1]


def test_a_request_that_was_missed_once_and_is_back_is_not_deleted(scene: Scene) -> None:
    scene.known = {1}
    scene.tick(at(0))
    scene.seerr.rows = [row(1)]
    scene.tick(at(PACE))
    scene.seerr.rows = []

    scene.tick(at(2 * PACE))

    assert scene.gone() == []


def test_a_request_that_comes_back_is_told_again(scene: Scene) -> None:
    scene.seerr.rows = [row(1)]
    scene.tick(at(0))
    scene.seerr.rows = []
    scene.tick(at(PACE))
    scene.seerr.rows = [row(1)]

    scene.tick(at(2 * PACE))

    assert scene.read() == [1, 1]


def test_a_seerr_that_fails_deletes_nothing_and_stays_due(scene: Scene) -> None:
    scene.known = {1}
    scene.seerr.fails = ClientError("Seerr can't be reached.")

    for second in (0, 200, 400):
        with pytest.raises(ClientError):
            scene.tick(at(second))

    assert len(scene.seerr.asked) == 3
    assert scene.gone() == []
    assert scene.record.signals.contacts["Seerr"].last_error == "Seerr can't be reached."


def test_a_row_that_makes_no_sense_does_not_hold_up_the_others(scene: Scene) -> None:
    odd: dict[str, Any] = row(2) | {"media": "?"}
    scene.seerr.rows = [row(3), odd, row(1)]

    scene.tick(at(0))

    assert scene.read() == [3, 1]


def test_titles_are_asked_for_one_by_one_and_an_unknown_one_holds_up_nobody(record: Record) -> None:
    seerr = FakeSeerr(fails=ClientError("Seerr answered with status 500."))
    wanted = [OpenTitle(MediaType.MOVIE, 19, at(-60)), OpenTitle(MediaType.TV, 1930, at(-60))]
    titles = Titles(SEERR, seerr, lambda: wanted, record.outlet)

    assert titles.tick(at(0)) == 0
    seerr.fails = None
    titles.tick(at(1))

    assert [read.media for read in record.heard(TitleRead)] == [MediaRef(MediaType.TV, tmdb_id=1930, title="tv 1930")]


def test_a_seerr_that_is_down_is_not_asked_for_titles(record: Record) -> None:
    seerr = FakeSeerr()
    titles = Titles(SEERR, seerr, lambda: [OpenTitle(MediaType.MOVIE, 19, at(-60))], record.outlet)
    record.signals.missed("Seerr", at(0), "Seerr can't be reached.")

    assert titles.tick(at(1)) == LOOK_UP
    assert record.heard(TitleRead) == []
    record.signals.reached("Seerr", at(2), 0.1)
    titles.tick(at(2))

    assert len(record.heard(TitleRead)) == 1

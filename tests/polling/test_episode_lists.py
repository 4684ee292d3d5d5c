"""Open series of one Sonarr: when they are asked for, and what becomes of the answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.domain.origin import Origin
from flaskapp.domain.reading import EpisodesRead
from flaskapp.polling.entries import OpenEntry
from flaskapp.polling.episode_lists import EpisodeLists
from flaskapp.polling.errand import LOOK_UP, SETTLING
from flaskapp.upstreams import Upstream
from tests.polling.record import Record, at

PAYLOADS = Path(__file__).parent.parent / "payloads"
SERIES: dict[str, Any] = json.loads((PAYLOADS / "sonarr" / "api-series.json").read_bytes())[0]
EPISODES: list[object] = json.loads((PAYLOADS / "sonarr" / "api-episode.json").read_bytes())
SONARR_4K = Upstream("sonarr", "4k", "Sonarr 4K", "http://127.0.0.1", "k3y", is_4k=True)
DOWN = ClientError("It can't be reached.")


@dataclass
class FakeSonarr:
    rows: dict[int, dict[str, object]] = field(default_factory=dict)
    fails: ClientError | None = None
    asked: list[int] = field(default_factory=list)

    def series(self, tvdb_id: int) -> dict[str, object] | None:
        self.asked.append(tvdb_id)
        if self.fails:
            raise self.fails
        return self.rows.get(tvdb_id)

    def episodes(self, series_id: int) -> list[object]:
        return EPISODES if series_id == SERIES["id"] else []


def series(tvdb_id: int = SERIES["tvdbId"], opened: float = 0) -> OpenEntry:
    return OpenEntry(tvdb_id, at(opened))


def test_the_episodes_of_an_open_series_are_read(record: Record) -> None:
    sonarr, subject = FakeSonarr({SERIES["tvdbId"]: SERIES}), series()
    lists = EpisodeLists(SONARR_4K, sonarr, lambda: [subject], record.outlet)

    assert lists.tick(at(5)) == 0.0

    (reading,) = record.heard(EpisodesRead)
    assert record.batches[0][1] == Origin("sonarr", "4k", is_4k=True, now=at(5))
    assert reading.entry.entry_id == SERIES["id"]
    assert len(reading.episodes) == len(EPISODES)
    assert record.signals.contacts["Sonarr 4K"].last_contact_at == at(5)


def test_nothing_open_is_no_question(record: Record) -> None:
    sonarr = FakeSonarr()

    assert EpisodeLists(SONARR_4K, sonarr, list, record.outlet).tick(at(0)) == LOOK_UP
    assert sonarr.asked == []


def test_a_webhook_may_settle_before_its_question_is_asked(record: Record) -> None:
    sonarr = FakeSonarr()
    lists = EpisodeLists(SONARR_4K, sonarr, lambda: [series(opened=10)], record.outlet)

    assert lists.tick(at(10.5)) == SETTLING - 0.5
    assert sonarr.asked == []
    assert lists.tick(at(12)) == 0.0
    assert sonarr.asked == [SERIES["tvdbId"]]


def test_a_series_that_sonarr_lacks_is_asked_for_later_and_later_until_it_is_told(record: Record) -> None:
    sonarr, subjects = FakeSonarr(), [series(7)]
    lists = EpisodeLists(SONARR_4K, sonarr, lambda: subjects, record.outlet)

    for second in range(5, 3600):
        lists.tick(at(second))
    patient = len(sonarr.asked)
    assert 3 <= patient <= 20
    assert record.heard(EpisodesRead) == []

    subjects[:] = [series(7, opened=3600)]
    lists.tick(at(3602))
    assert len(sonarr.asked) == patient + 1


def test_each_series_gets_its_turn_also_when_another_stays_open(record: Record) -> None:
    sonarr = FakeSonarr({SERIES["tvdbId"]: SERIES})
    lists = EpisodeLists(SONARR_4K, sonarr, lambda: [series(7), series(8), series()], record.outlet)

    for _ in range(3):
        assert lists.tick(at(5)) == 0.0

    assert sonarr.asked == [7, 8, SERIES["tvdbId"]]
    assert len(record.heard(EpisodesRead)) == 1


def test_a_sonarr_that_fails_is_noted_and_its_series_stay_due(record: Record) -> None:
    sonarr = FakeSonarr({SERIES["tvdbId"]: SERIES}, fails=DOWN)
    lists = EpisodeLists(SONARR_4K, sonarr, lambda: [series()], record.outlet)

    with pytest.raises(ClientError):
        lists.tick(at(5))
    assert record.signals.contacts["Sonarr 4K"].last_error == str(DOWN)
    sonarr.fails = None
    lists.tick(at(6))

    assert len(record.heard(EpisodesRead)) == 1


@pytest.mark.parametrize("odd", [{}, {"id": "5"}, {"id": 0}])
def test_a_series_without_a_usable_number_holds_up_nothing(odd: dict[str, object], record: Record) -> None:
    sonarr = FakeSonarr({7: odd, SERIES["tvdbId"]: SERIES})
    lists = EpisodeLists(SONARR_4K, sonarr, lambda: [series(7), series()], record.outlet)

    lists.tick(at(5))
    lists.tick(at(5))

    assert len(record.heard(EpisodesRead)) == 1


def test_a_record_that_fails_on_one_series_takes_the_next(record: Record) -> None:
    sonarr = FakeSonarr({SERIES["tvdbId"]: SERIES})
    lists = EpisodeLists(SONARR_4K, sonarr, lambda: [series(), series(8)], record.outlet)
    record.fails = RuntimeError("odd")

    with pytest.raises(RuntimeError):
        lists.tick(at(5))
    lists.tick(at(5))

    assert sonarr.asked == [SERIES["tvdbId"], 8]

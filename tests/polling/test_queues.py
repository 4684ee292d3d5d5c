"""The queue of one Radarr: when it is looked at, what of it is news, and what its gaps prove."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.domain.observation import MediaRef, MediaType
from flaskapp.domain.origin import Origin
from flaskapp.domain.queue import DownloadDropped, DownloadListed, Dropping, Hold, ReleasesHeld
from flaskapp.polling.absences import OpenGrab
from flaskapp.polling.errand import SETTLING
from flaskapp.polling.queues import BUSY_PACE, PACE, Queue
from flaskapp.sources.radarr import read_queue
from tests.polling.record import Record, at
from tests.polling.servarr import RADARR_4K, FakeServarr, download, ill

GRAB = OpenGrab(("d1", "v2d1"), 1, MediaRef(MediaType.MOVIE))
DELAYED = download(7, status="delay", estimatedCompletionTime=at(3600).isoformat())


@dataclass
class Scene:
    record: Record
    radarr: FakeServarr = field(default_factory=FakeServarr)
    grabs: list[OpenGrab] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tick = Queue(RADARR_4K, self.radarr, read_queue, lambda: self.grabs, self.record.outlet).tick

    def run(self, start: int, end: int) -> None:
        """Let the seconds pass one by one."""
        for second in range(start, end):
            self.tick(at(second))

    def listed(self) -> list[tuple[str, float]]:
        """Give who was listed when."""
        heard = self.record.heard(DownloadListed)
        return [(each.download_id, (each.seen_at - at(0)).total_seconds()) for each in heard]

    def dropped(self) -> list[float]:
        """Give when something was dropped."""
        return [(each.seen_at - at(0)).total_seconds() for each in self.record.heard(DownloadDropped)]

    def looks(self) -> int:
        return self.radarr.asked.count("queue")


@pytest.fixture
def scene(record: Record) -> Scene:
    return Scene(record)


@pytest.mark.parametrize(
    ("rows", "grabs", "pace"),
    [
        ([], [], PACE),
        ([download(1)], [], BUSY_PACE),
        ([], [GRAB], BUSY_PACE),
        ([DELAYED], [], PACE),
        ([download(1, trackedDownloadState="imported")], [], PACE),
    ],
)
def test_a_queue_is_looked_at_more_often_while_something_is_on_the_way(
    scene: Scene, rows: list[dict[str, object]], grabs: Sequence[OpenGrab], pace: float
) -> None:
    scene.radarr.rows, scene.grabs = rows, list(grabs)

    assert scene.tick(at(0)) == pace
    scene.run(1, 241)

    assert scene.looks() == 1 + 240 // pace


def test_a_grab_makes_a_quiet_queue_busy_at_once(scene: Scene) -> None:
    scene.tick(at(0))
    scene.grabs = [GRAB]

    assert scene.tick(at(10)) == BUSY_PACE - 10


def test_a_webhook_asks_for_a_look_when_the_dust_has_settled(scene: Scene) -> None:
    scene.tick(at(0))
    scene.record.signals.called["radarr"] = at(10)

    assert scene.tick(at(10.5)) == SETTLING - 0.5
    scene.tick(at(10 + SETTLING))

    assert scene.looks() == 2
    assert scene.tick(at(20 + SETTLING)) == PACE - 10


def test_all_rows_of_a_long_queue_are_handed_on_in_one_look(scene: Scene) -> None:
    scene.radarr.rows = [download(number) for number in range(1, 46)]

    scene.tick(at(0))

    assert scene.listed() == [(f"d{number}", 0) for number in range(1, 46)]
    assert {origin for _, origin in scene.record.batches} == {Origin("radarr", "4k", is_4k=True, now=at(0))}


def test_what_did_not_change_is_said_again_once_a_minute(scene: Scene) -> None:
    scene.radarr.rows = [download(1)]

    scene.run(0, 181)

    assert scene.listed() == [("d1", 0), ("d1", 60), ("d1", 120), ("d1", 180)]


def test_what_changed_is_said_alone_and_at_once(scene: Scene) -> None:
    scene.radarr.rows = [download(1), download(2)]
    scene.tick(at(0))
    scene.radarr.rows = [download(1), download(2, sizeleft=400)]

    scene.run(15, 60)

    assert scene.listed() == [("d1", 0), ("d2", 0), ("d2", 15)]


def test_what_left_and_came_back_is_news(scene: Scene) -> None:
    for second, numbers in ((0, [1, 2]), (15, [2]), (30, [1, 2])):
        scene.radarr.rows = [download(number) for number in numbers]
        scene.tick(at(second))

    assert scene.listed() == [("d1", 0), ("d2", 0), ("d1", 30)]


def test_what_is_held_back_is_told_once_until_it_changes(scene: Scene) -> None:
    steps: list[tuple[int, list[dict[str, object]]]] = [
        (0, []),
        (60, [DELAYED]),
        (120, [DELAYED]),
        (180, []),
        (240, []),
    ]

    for second, rows in steps:
        scene.radarr.rows = rows
        scene.tick(at(second))

    told = [[(each.hold, each.until) for each in read.held] for read in scene.record.heard(ReleasesHeld)]
    assert told == [[], [(Hold.DELAY, at(3600))], []]


def test_what_is_missing_for_five_minutes_is_dropped_once(scene: Scene) -> None:
    scene.grabs = [GRAB]

    scene.run(0, 300)
    assert scene.dropped() == []
    scene.tick(at(300))

    (dropped,) = scene.record.heard(DownloadDropped)
    assert (dropped.download_id, dropped.entry.entry_id, dropped.why) == ("d1", 1, Dropping.REMOVED)
    assert (dropped.items, dropped.seen_at) == ((), at(300))
    scene.grabs = []
    scene.run(301, 700)
    assert scene.dropped() == [300]


def test_health_is_asked_only_where_something_is_missing_for_long(scene: Scene) -> None:
    scene.grabs, scene.radarr.rows = [GRAB], [download(1)]
    scene.run(0, 600)
    assert set(scene.radarr.asked) == {"queue"}

    scene.radarr.rows = []
    scene.run(600, 901)

    assert [question for question in scene.radarr.asked if question != "queue"] == ["health", "status"]


@pytest.mark.parametrize("listed_id", ["D1", "V2D1"])
def test_a_grab_that_is_listed_under_any_of_its_ids_is_not_missing(scene: Scene, listed_id: str) -> None:
    scene.grabs, scene.radarr.rows = [GRAB], [download(1, downloadId=listed_id)]

    scene.run(0, 700)

    assert scene.dropped() == []


def test_a_grab_that_is_listed_in_between_is_not_missing(scene: Scene) -> None:
    scene.grabs = [GRAB]
    scene.run(0, 290)
    scene.radarr.rows = [download(1)]
    scene.run(290, 310)
    scene.radarr.rows = []

    scene.run(310, 610)

    assert scene.dropped() == []


@pytest.mark.parametrize(
    ("ills", "started", "drops"),
    [
        ([], -86_400, [300]),
        ([ill("IndexerStatusCheck")], -86_400, [300]),
        ([ill("DownloadClientStatusCheck")], -86_400, []),
        ([ill("DownloadClientCheck")], -86_400, []),
        ([], 0, [300]),  # up for five minutes to the second
        ([], 1, [615]),  # it is counted anew
        ([], 500, []),
        ([], None, []),
    ],
)
def test_a_gap_proves_nothing_while_client_or_service_are_not_well(
    scene: Scene, ills: list[dict[str, object]], started: float | None, drops: list[float]
) -> None:
    scene.grabs, scene.radarr.ills = [GRAB], ills
    scene.radarr.started = None if started is None else at(started)

    for second in range(0, 700, 15):
        scene.tick(at(second))
        scene.grabs = [] if scene.dropped() else scene.grabs

    assert scene.dropped() == drops


def test_a_health_that_fails_proves_nothing_and_is_asked_at_the_next_look(scene: Scene) -> None:
    scene.grabs = [GRAB]
    scene.run(0, 300)
    scene.radarr.fails = ClientError("Radarr 4K can't be reached.")
    with pytest.raises(ClientError):
        scene.tick(at(300))
    scene.radarr.fails = None

    scene.tick(at(305))

    assert scene.dropped() == [305]


def test_a_look_that_fails_is_noted_and_stays_due(scene: Scene) -> None:
    scene.radarr.fails = ClientError("Radarr 4K can't be reached.")
    with pytest.raises(ClientError):
        scene.tick(at(0))
    assert scene.record.signals.contacts["Radarr 4K"].last_error == "Radarr 4K can't be reached."
    assert scene.record.batches == []
    scene.radarr.fails, scene.radarr.rows = None, [download(1)]

    scene.tick(at(1))

    assert scene.listed() == [("d1", 1)]

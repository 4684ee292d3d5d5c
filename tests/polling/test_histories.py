"""The history of one Radarr: read from where it was read last, step by step, and compared with its calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.domain.house import CauseKind, CausesRead
from flaskapp.domain.observation import FileImported, Grabbed
from flaskapp.domain.origin import Origin
from flaskapp.domain.queue import DownloadDropped, HistoryRead
from flaskapp.domain.reading import EntryDoubted
from flaskapp.polling.errand import SETTLING
from flaskapp.polling.histories import BATCH, OVERLAP, PACE, PATIENCE, History, Memory
from flaskapp.sources.radarr import read_history
from tests.polling.record import Record, at
from tests.polling.servarr import RADARR_4K, FakeServarr, happened

REACH = timedelta(days=30)
SILENT = frozenset({CauseKind.WEBHOOKS_SILENT})


@dataclass
class Scene:
    """``calls`` are the times at which webhooks of this instance came."""

    record: Record
    radarr: FakeServarr = field(default_factory=FakeServarr)
    calls: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        memory = Memory(self.mark, lambda since: any(call >= since for call in self.calls), REACH)
        self.tick = History(RADARR_4K, self.radarr, read_history, memory, self.record.outlet).tick

    def mark(self) -> datetime | None:
        return max((read.until for read in self.record.heard(HistoryRead)), default=None)

    def run(self, start: int, end: int) -> None:
        """Let the seconds pass one by one."""
        for second in range(start, end):
            self.tick(at(second))

    def grabbed(self) -> list[int]:
        return [each.entry.entry_id for each in self.record.heard(Grabbed)]

    def silences(self) -> list[tuple[bool, float]]:
        """Give when it was told that webhooks lack, and that they don't."""
        told = self.record.heard(CausesRead)
        return [(each.found == SILENT, (each.seen_at - at(0)).total_seconds()) for each in told]


def grabs(numbers: Sequence[int], first: float = -600) -> list[dict[str, object]]:
    return [happened(number, "grabbed", first + place) for place, number in enumerate(numbers)]


@pytest.fixture
def scene(record: Record) -> Scene:
    return Scene(record)


def test_the_first_reading_goes_back_as_far_as_the_board(scene: Scene) -> None:
    assert scene.tick(at(0)) == PACE

    assert scene.radarr.since == [at(0) - REACH - OVERLAP]


def test_each_step_is_a_transaction_of_its_own_with_the_mark(scene: Scene) -> None:
    scene.radarr.events = [
        happened(1, "grabbed", -300),
        happened(2, "downloadFailed", -200),
        happened(3, "downloadFolderImported", -100, fileId="31"),
        happened(4, "movieFileDeleted", -50),
    ]

    scene.run(0, 2)

    batches = [batch for batch, _ in scene.record.batches]
    kinds = [Grabbed, DownloadDropped, FileImported, EntryDoubted]
    assert [[type(each) for each in batch] for batch in batches] == [[kind, HistoryRead] for kind in kinds]
    assert [batch[0].seen_at for batch in batches] == [at(-300), at(-200), at(-100), at(-50)]
    assert [read.until for read in scene.record.heard(HistoryRead)] == [at(-300), at(-200), at(-100), at(-50)]
    assert {read.upstream for read in scene.record.heard(HistoryRead)} == {"Radarr 4K"}
    assert {origin for _, origin in scene.record.batches} == {Origin("radarr", "4k", is_4k=True, now=at(0))}


def test_a_long_history_is_taken_in_by_and_by_without_asking_again(scene: Scene) -> None:
    scene.radarr.events = grabs(range(1, 2 * BATCH + 11))

    pauses = []
    for second in range(5):
        pauses.append(scene.tick(at(second)))
        assert len(scene.grabbed()) == min((second + 1) * BATCH, 2 * BATCH + 10)

    assert pauses == [0, 0, PACE - 2, PACE - 3, PACE - 4]
    assert scene.grabbed() == list(range(1, 2 * BATCH + 11))
    assert len(scene.radarr.since) == 1


def test_the_next_reading_begins_a_little_before_the_mark_and_repeats_nothing(scene: Scene) -> None:
    scene.radarr.events = grabs([1, 2], first=-30)
    scene.run(0, 60)
    scene.radarr.events += [happened(3, "grabbed", -31), happened(4, "grabbed", 50)]  # one was written late

    scene.run(60, 180)

    assert scene.radarr.since[1:] == [at(-29) - OVERLAP, at(50) - OVERLAP]
    assert scene.grabbed() == [1, 2, 3, 4]


def test_after_a_restart_it_goes_on_from_the_mark(scene: Scene) -> None:
    scene.radarr.events = grabs([1, 2])
    scene.run(0, 10)
    scene.restart()

    scene.tick(at(20))

    assert scene.radarr.since[-1] == at(-599) - OVERLAP


def test_a_webhook_asks_for_a_reading_when_the_dust_has_settled(scene: Scene) -> None:
    scene.tick(at(0))
    scene.record.signals.called["radarr"] = at(10)

    assert scene.tick(at(10.5)) == SETTLING - 0.5
    scene.tick(at(10 + SETTLING))

    assert len(scene.radarr.since) == 2


def test_a_reading_that_fails_is_noted_and_stays_due(scene: Scene) -> None:
    scene.radarr.fails, scene.radarr.events = ClientError("Radarr 4K can't be reached."), grabs([1])
    with pytest.raises(ClientError):
        scene.tick(at(0))
    assert scene.record.signals.contacts["Radarr 4K"].last_error == "Radarr 4K can't be reached."
    scene.radarr.fails = None

    scene.run(1, 3)

    assert scene.grabbed() == [1]


def test_a_record_that_is_busy_for_a_moment_loses_no_step(scene: Scene) -> None:
    scene.radarr.events = grabs(range(1, BATCH + 10))
    scene.tick(at(0))
    scene.record.fails = RuntimeError("database is locked")
    with pytest.raises(RuntimeError):
        scene.tick(at(1))
    scene.record.fails = None

    scene.run(2, 70)

    assert scene.grabbed() == list(range(1, BATCH + 10))


@pytest.mark.parametrize(
    ("happened_at", "called_at", "expected"),
    [
        (30, None, [(True, 120)]),
        (30, 31, [(False, 60)]),
        (30, 30 - 59, [(False, 120)]),  # its clock is not quite ours
        (30, 30 - 61, [(True, 120)]),  # that was about something else
        (0, None, [(True, 60)]),
        (-1, None, []),  # before we were there to hear it
        (-3600, None, []),
        (61, None, [(True, 120)]),  # its clock is ahead of ours
    ],
)
def test_silence_is_told_when_something_happened_and_no_webhook_came(
    scene: Scene, happened_at: float, called_at: float | None, expected: list[tuple[bool, float]]
) -> None:
    scene.tick(at(0))
    scene.radarr.events = [happened(1, "grabbed", happened_at)]
    scene.calls = [] if called_at is None else [at(called_at)]
    if happened_at <= 0:
        scene.restart()

    scene.run(0, 200)

    assert scene.silences() == expected


@pytest.mark.parametrize("kind", ["downloadFailed", "downloadIgnored", "movieFileDeleted"])
def test_what_no_webhook_tells_proves_no_silence(scene: Scene, kind: str) -> None:
    scene.tick(at(0))
    scene.radarr.events = [happened(1, kind, 30)]

    scene.run(1, 400)

    assert scene.silences() == []


def test_a_silence_is_over_when_a_webhook_comes(scene: Scene) -> None:
    scene.tick(at(0))
    scene.radarr.events = [happened(1, "grabbed", 30)]
    scene.run(1, 200)
    assert scene.silences() == [(True, 120)]

    scene.calls.append(at(200))
    scene.record.signals.called["radarr"] = at(200)
    scene.run(200, 400)

    assert scene.silences() == [(True, 120), (False, 200 + SETTLING)]
    assert scene.record.turns == 2


def test_a_silence_from_before_a_restart_is_over_when_a_webhook_comes(scene: Scene) -> None:
    scene.restart()
    scene.run(0, 200)
    assert scene.silences() == []

    scene.calls.append(at(200))
    scene.run(200, 300)

    assert scene.silences() == [(False, 240)]


def test_patience_with_a_webhook_is_a_minute() -> None:
    assert timedelta(minutes=1) == PATIENCE

"""Our webhook in one Radarr: whether it is there, what it leaves out, and how a pause of it ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.domain.house import CauseKind, CausesRead
from flaskapp.polling.connections import ALERT_PACE, PACE, Connections
from tests.polling.record import Record, at
from tests.polling.servarr import RADARR, FakeServarr, connection, ill

PAUSED = ill("NotificationStatusCheck", "Notifications unavailable due to failures: Arrivarr")
PAUSED_IN_ITALIAN = ill("NotificationStatusCheck", "Notifiche non disponibili: Discord, Arrivarr")
ALL_PAUSED = ill("NotificationStatusCheck", "All notifications are unavailable due to failures", "error")
OTHERS_PAUSED = ill("NotificationStatusCheck", "Notifications unavailable due to failures: Discord")
CUT_OFF = ill("DownloadClientStatusCheck", "Download clients unavailable due to failures: SABnzbd")


@dataclass
class Scene:
    record: Record
    radarr: FakeServarr = field(default_factory=FakeServarr)
    is_silent: bool = False

    def __post_init__(self) -> None:
        self.radarr.connections = [connection()]
        self.tick = Connections(RADARR, self.radarr, lambda: self.is_silent, self.record.outlet).tick

    def run(self, start: int, end: int) -> None:
        """Let the seconds pass one by one."""
        for second in range(start, end):
            self.tick(at(second))

    def causes(self) -> list[frozenset[CauseKind]]:
        return [read.found for read in self.record.heard(CausesRead)]


@pytest.fixture
def scene(record: Record) -> Scene:
    return Scene(record)


@pytest.mark.parametrize(
    ("ills", "found", "pace"),
    [
        ([], set(), PACE),
        ([ill("IndexerStatusCheck")], set(), PACE),
        ([OTHERS_PAUSED], set(), PACE),
        ([PAUSED], {CauseKind.WEBHOOKS_PAUSED}, ALERT_PACE),
        ([CUT_OFF], {CauseKind.CLIENT_UNREACHABLE}, ALERT_PACE),
        ([CUT_OFF, PAUSED], {CauseKind.CLIENT_UNREACHABLE, CauseKind.WEBHOOKS_PAUSED}, ALERT_PACE),
    ],
)
def test_what_is_ill_is_told_and_looked_at_more_often(
    scene: Scene, ills: list[dict[str, object]], found: set[CauseKind], pace: float
) -> None:
    scene.radarr.ills = ills

    assert scene.tick(at(0)) == pace
    scene.run(1, 600)

    assert scene.causes() == [found]
    assert scene.radarr.asked.count("health") == 600 // pace


@pytest.mark.parametrize(
    ("ills", "is_silent", "tested"),
    [
        ([], False, 0),
        ([PAUSED], False, 1),
        ([PAUSED_IN_ITALIAN], False, 1),
        ([ALL_PAUSED], False, 1),
        ([OTHERS_PAUSED], False, 0),  # not ours to test
        ([CUT_OFF], False, 0),
        ([], True, 1),
        ([OTHERS_PAUSED], True, 1),
    ],
)
def test_a_pause_of_ours_is_ended_by_a_test(
    scene: Scene, ills: list[dict[str, object]], tested: int, *, is_silent: bool
) -> None:
    scene.radarr.ills, scene.is_silent = ills, is_silent

    scene.tick(at(0))

    assert scene.radarr.tested == [connection()] * tested


def test_a_connection_that_is_not_there_can_not_be_tested(scene: Scene) -> None:
    scene.radarr.connections, scene.radarr.ills, scene.is_silent = [], [ALL_PAUSED], True

    scene.tick(at(0))

    assert scene.radarr.tested == []


@pytest.mark.parametrize("refuses", [None, ClientError("Radarr answered with status 400.")])
def test_a_pause_that_lasts_is_tested_every_quarter_of_an_hour(scene: Scene, refuses: ClientError | None) -> None:
    scene.radarr.ills, scene.radarr.refuses = [PAUSED], refuses

    scene.run(0, 900)
    assert len(scene.radarr.tested) == 1
    scene.tick(at(900))

    assert len(scene.radarr.tested) == 2
    assert scene.record.signals.contacts["Radarr"].last_error is None


def test_a_pause_that_is_over_is_told_and_boards_look_anew(scene: Scene) -> None:
    scene.radarr.ills = [PAUSED]
    scene.tick(at(0))
    scene.radarr.ills = []

    assert scene.tick(at(ALERT_PACE)) == PACE

    assert scene.causes() == [{CauseKind.WEBHOOKS_PAUSED}, set()]
    assert scene.record.turns == 2


@pytest.mark.parametrize(("ills", "is_silent", "looks"), [([PAUSED], False, 3), ([], True, 3), ([CUT_OFF], False, 1)])
def test_a_call_of_what_had_stopped_calling_is_the_end_of_its_pause(
    scene: Scene, ills: list[dict[str, object]], looks: int, *, is_silent: bool
) -> None:
    scene.radarr.ills, scene.is_silent = ills, is_silent
    scene.tick(at(0))
    scene.record.signals.called["radarr"] = at(10)

    scene.run(1, 30)  # after the call, and again since Radarr may not have noticed yet

    assert scene.radarr.asked.count("health") == looks


def test_a_look_that_fails_is_noted_and_stays_due(scene: Scene) -> None:
    scene.radarr.fails = ClientError("Radarr can't be reached.")
    with pytest.raises(ClientError):
        scene.tick(at(0))
    assert scene.record.signals.contacts["Radarr"].last_error == "Radarr can't be reached."
    assert scene.record.batches == []
    scene.radarr.fails = None

    scene.tick(at(1))

    assert scene.record.signals.contacts["Radarr"].last_contact_at == at(1)


def test_our_connection_goes_back_as_it_came(scene: Scene) -> None:
    odd: dict[str, Any] = connection() | {"tags": [3], "unknown": {"to": "us"}}
    scene.radarr.connections, scene.radarr.ills = [odd], [PAUSED]

    scene.tick(at(0))

    assert scene.radarr.tested == [odd]

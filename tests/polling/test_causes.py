"""What hits the whole house: told when it begins and when it ends, and not in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.domain.house import CauseKind, CausesRead
from flaskapp.domain.origin import Origin
from flaskapp.polling.causes import Causes
from flaskapp.polling.client_causes import CONFIRMED, LEAST_ROOM, PACE, ClientCauses
from flaskapp.polling.disks import PACE as DISK_PACE
from flaskapp.polling.disks import Disks, HeldImport
from tests.polling.record import CLIENT, Record, at
from tests.polling.servarr import RADARR_4K, ROOM, FakeServarr

SLOW, CUT_OFF, FULL = CauseKind.SLOW_MODE, CauseKind.DISCONNECTED, CauseKind.DOWNLOADS_FULL


def found(record: Record) -> list[frozenset[CauseKind]]:
    return [read.found for read in record.heard(CausesRead)]


@pytest.mark.parametrize(
    ("steps", "told", "turns"),
    [
        ([[]], [set()], 0),  # what was kept before a restart may be over
        ([[], []], [set()], 0),
        ([[SLOW]], [{SLOW}], 1),
        ([[SLOW], [SLOW]], [{SLOW}], 1),
        ([[SLOW], []], [{SLOW}, set()], 2),
        ([[], [SLOW], [SLOW, FULL], [FULL, SLOW], [FULL]], [set(), {SLOW}, {SLOW, FULL}, {FULL}], 3),
    ],
)
def test_causes_are_told_when_they_change(
    record: Record, steps: list[list[CauseKind]], told: list[set[CauseKind]], turns: int
) -> None:
    causes = Causes("qBittorrent", [SLOW, FULL], record.outlet)

    for second, step in enumerate(steps):
        causes.tell(step, at(second))

    assert found(record) == told
    assert record.turns == turns
    read = record.heard(CausesRead)[0]
    assert (read.upstream, read.asked, read.seen_at) == ("qBittorrent", frozenset({SLOW, FULL}), at(0))
    assert record.batches[0][1] == Origin("house", "house", is_4k=False, now=at(0))


@dataclass
class FakeClient:
    """A qBittorrent that is well, until a test says otherwise."""

    is_slow: bool = False
    has_way_out: bool = True
    free: int | None = ROOM
    fails: ClientError | None = None
    asked: list[str] = field(default_factory=list)

    def is_slowed(self) -> bool:
        self.asked.append("mode")
        if self.fails:
            raise self.fails
        return self.is_slow

    def is_connected(self) -> bool:
        self.asked.append("connection")
        return self.has_way_out

    def free_space(self) -> int | None:
        self.asked.append("room")
        return self.free


@dataclass
class Scene:
    record: Record
    client: FakeClient = field(default_factory=FakeClient)
    left: list[tuple[int | None, bool]] = field(default_factory=lambda: [(1000, False)])

    def __post_init__(self) -> None:
        self.tick = ClientCauses(CLIENT, self.client, lambda: self.left, self.record.outlet).tick


@pytest.fixture
def scene(record: Record) -> Scene:
    return Scene(record)


def test_a_client_without_downloads_is_not_asked(scene: Scene) -> None:
    scene.left = []

    for second in range(120):
        scene.tick(at(second))

    assert scene.client.asked == []


def test_a_client_with_downloads_is_asked_every_half_minute(scene: Scene) -> None:
    for second in range(120):
        assert 0 < scene.tick(at(second)) <= PACE

    assert scene.client.asked == ["mode", "connection"] * 4


def test_slow_mode_is_told_and_forgotten_with_the_last_download(scene: Scene) -> None:
    scene.client.is_slow = True
    scene.tick(at(0))
    scene.left = []

    scene.tick(at(PACE))

    assert found(scene.record) == [{SLOW}, set()]


def test_a_missing_connection_is_told_when_it_is_missing_twice_in_a_row(scene: Scene) -> None:
    looks = [False, True, False, False, True]

    for number, has_way_out in enumerate(looks):
        scene.client.has_way_out = has_way_out
        scene.tick(at(number * PACE))

    assert CONFIRMED == 2
    told = [(set(read.found), read.seen_at) for read in scene.record.heard(CausesRead)]
    assert told == [(set(), at(0)), ({CUT_OFF}, at(3 * PACE)), (set(), at(4 * PACE))]


@pytest.mark.parametrize(
    ("left", "free", "is_full"),
    [
        ([(5 * LEAST_ROOM, False)], 0, False),  # nothing is in error
        ([(5 * LEAST_ROOM, True)], 5 * LEAST_ROOM - 1, True),
        ([(5 * LEAST_ROOM, True)], 5 * LEAST_ROOM, False),
        ([(5 * LEAST_ROOM, True), (2 * LEAST_ROOM, True)], 3 * LEAST_ROOM, False),  # one of them has room
        ([(None, True)], LEAST_ROOM - 1, True),
        ([(1, True)], LEAST_ROOM - 1, True),
        ([(None, True)], LEAST_ROOM, False),
        ([(5 * LEAST_ROOM, True)], None, False),  # it does not say
    ],
)
def test_a_disk_is_full_when_what_is_in_error_has_no_room(
    scene: Scene, left: list[tuple[int | None, bool]], free: int | None, *, is_full: bool
) -> None:
    scene.left, scene.client.free = left, free

    scene.tick(at(0))

    assert found(scene.record) == [{FULL} if is_full else set()]


def test_free_space_is_asked_for_only_when_something_is_in_error(scene: Scene) -> None:
    scene.tick(at(0))
    assert "room" not in scene.client.asked

    scene.left = [(1000, True)]
    scene.tick(at(PACE))

    assert "room" in scene.client.asked


def test_a_client_that_fails_is_noted_and_stays_due(scene: Scene) -> None:
    scene.client.is_slow, scene.client.fails = True, ClientError("qBittorrent can't be reached.")
    with pytest.raises(ClientError):
        scene.tick(at(0))
    assert scene.record.signals.contacts["qBittorrent"].last_error == "qBittorrent can't be reached."
    scene.client.fails = None

    scene.tick(at(1))

    assert found(scene.record) == [{SLOW}]


def disks(record: Record, radarr: FakeServarr, held: Sequence[HeldImport]) -> Disks:
    return Disks(RADARR_4K, radarr, lambda: held, record.outlet)


@pytest.mark.parametrize(
    ("held", "is_full"),
    [
        ([HeldImport("/films/Metropolis (1927)", ROOM)], False),
        ([HeldImport("/films/Metropolis (1927)", ROOM + 1)], True),
        ([HeldImport("/films/Metropolis (1927)", 1), HeldImport("/films/Nosferatu (1922)", ROOM + 1)], True),
        ([HeldImport("/filmstrips/Metropolis (1927)", 1)], True),  # lies on the root, which is full
        ([HeldImport("D:\\films\\Metropolis (1927)", ROOM + 1)], False),  # a disk that nobody told
    ],
)
def test_a_library_is_full_when_what_is_held_up_has_no_room(
    record: Record, held: list[HeldImport], *, is_full: bool
) -> None:
    disks(record, FakeServarr(), held).tick(at(0))

    (read,) = record.heard(CausesRead)
    assert (read.upstream, read.asked) == ("Radarr 4K", frozenset({CauseKind.LIBRARY_FULL}))
    assert read.found == ({CauseKind.LIBRARY_FULL} if is_full else set())


def test_disks_are_asked_for_only_while_something_is_held_up(record: Record) -> None:
    radarr, held = FakeServarr(free=0), list[HeldImport]()
    reading = disks(record, radarr, held)
    for second in range(120):
        reading.tick(at(second))
    assert radarr.asked == []

    held.append(HeldImport("/films/Metropolis (1927)", 1000))
    for second in range(120, 300):
        assert 0 < reading.tick(at(second)) <= DISK_PACE
    held.clear()
    reading.tick(at(300))

    assert radarr.asked == ["disks"] * 3
    assert found(record) == [set(), {CauseKind.LIBRARY_FULL}, set()]


def test_disks_that_fail_are_noted_and_stay_due(record: Record) -> None:
    radarr = FakeServarr(free=0, fails=ClientError("Radarr 4K can't be reached."))
    reading = disks(record, radarr, [HeldImport("/films/Metropolis (1927)", 1000)])
    with pytest.raises(ClientError):
        reading.tick(at(0))
    assert record.signals.contacts["Radarr 4K"].last_error == "Radarr 4K can't be reached."
    radarr.fails = None

    reading.tick(at(1))

    assert found(record) == [{CauseKind.LIBRARY_FULL}]

"""What the board calls available: whether Jellyfin still has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.domain.origin import Origin
from flaskapp.domain.reading import LibraryItemAbsent, LibraryItemRead
from flaskapp.polling.errand import SETTLING
from flaskapp.polling.shown_items import BATCH, DOUBT_PACE, NOBODY, PACE, ShownItem, ShownItems
from tests.polling.record import JELLYFIN, Record, at

METROPOLIS, NOSFERATU = "d4" * 16, "c3" * 16


@dataclass
class FakeJellyfin:
    """``has`` are the ids of its films."""

    has: set[str] = field(default_factory=lambda: {METROPOLIS, NOSFERATU})
    fails: ClientError | None = None
    asked: list[list[str]] = field(default_factory=list)

    def items(self, ids: Sequence[str]) -> list[dict[str, object]]:
        self.asked.append(list(ids))
        if self.fails:
            raise self.fails
        return [
            {"Id": _spelled(each), "Type": "Movie", "Name": "?", "ServerId": "5e" * 16}
            for each in ids
            if each in self.has
        ]


def _spelled(item_id: str) -> str:
    """Write an id as some versions do."""
    return f"{item_id[:8]}-{item_id[8:]}".upper()


@dataclass
class Scene:
    record: Record
    jellyfin: FakeJellyfin = field(default_factory=FakeJellyfin)
    shown: list[ShownItem] = field(default_factory=lambda: [ShownItem(METROPOLIS, True), ShownItem(NOSFERATU, True)])

    def __post_init__(self) -> None:
        self.tick = ShownItems(JELLYFIN, self.jellyfin, lambda: self.shown, self.record.outlet).tick

    def run(self, start: int, end: int) -> None:
        """Let the seconds pass one by one."""
        for second in range(start, end):
            self.tick(at(second))

    def gone(self) -> list[tuple[str, float]]:
        heard = self.record.heard(LibraryItemAbsent)
        return [(each.item_id, (each.seen_at - at(0)).total_seconds()) for each in heard]


@pytest.fixture
def scene(record: Record) -> Scene:
    return Scene(record)


def test_what_is_there_is_looked_for_every_five_minutes_and_is_no_news(scene: Scene) -> None:
    assert scene.tick(at(0)) == PACE
    scene.run(1, 901)

    assert scene.jellyfin.asked == [[METROPOLIS, NOSFERATU]] * 4
    assert scene.record.batches == []


def test_what_is_missing_for_a_minute_is_gone_and_said_once(scene: Scene) -> None:
    scene.jellyfin.has = {METROPOLIS}

    assert scene.tick(at(0)) == DOUBT_PACE
    scene.run(1, 60)
    assert scene.gone() == []
    assert scene.tick(at(60)) == PACE

    assert scene.gone() == [(NOSFERATU, 60)]
    assert scene.record.batches[0][1] == Origin("jellyfin", "jellyfin", is_4k=False, now=at(60))
    scene.shown = scene.shown[:1]
    scene.run(61, 1000)
    assert scene.gone() == [(NOSFERATU, 60)]


def test_what_comes_back_within_a_minute_was_never_gone(scene: Scene) -> None:
    scene.jellyfin.has = {METROPOLIS}
    scene.run(0, 31)
    scene.jellyfin.has = {METROPOLIS, NOSFERATU}
    scene.run(31, 61)
    scene.jellyfin.has = {METROPOLIS}

    scene.run(61, 60 + int(PACE) + 60)
    assert scene.gone() == []
    scene.tick(at(60 + PACE + 60))

    assert scene.gone() == [(NOSFERATU, 60 + PACE + 60)]


def test_what_was_only_told_is_read_once(scene: Scene) -> None:
    scene.shown = [ShownItem(METROPOLIS, False), ShownItem(NOSFERATU, True)]

    scene.tick(at(0))

    (read,) = scene.record.heard(LibraryItemRead)
    assert (read.item_id, read.server_id, read.seen_at) == (METROPOLIS, "5e" * 16, at(0))


def test_a_long_shelf_is_looked_at_in_batches(scene: Scene) -> None:
    ids = [f"{number:032x}" for number in range(1, 2 * BATCH + 11)]
    scene.shown, scene.jellyfin.has = [ShownItem(each, True) for each in ids], set(ids)

    scene.tick(at(0))

    assert [len(batch) for batch in scene.jellyfin.asked] == [BATCH, BATCH, 10]
    assert scene.record.batches == []


def test_a_webhook_asks_for_a_pass_when_the_dust_has_settled(scene: Scene) -> None:
    scene.tick(at(0))
    scene.record.signals.called["jellyfin"] = at(10)

    assert scene.tick(at(10.5)) == SETTLING - 0.5
    scene.tick(at(10 + SETTLING))

    assert len(scene.jellyfin.asked) == 2


def test_a_jellyfin_that_fails_proves_nothing_and_stays_due(scene: Scene) -> None:
    scene.jellyfin.has = {METROPOLIS}
    scene.tick(at(0))
    scene.jellyfin.fails = ClientError("Jellyfin can't be reached.")

    for second in (30, 60, 90):
        with pytest.raises(ClientError):
            scene.tick(at(second))

    assert scene.gone() == []
    assert len(scene.jellyfin.asked) == 4
    assert scene.record.signals.contacts["Jellyfin"].last_error == "Jellyfin can't be reached."


def test_a_jellyfin_of_which_nothing_is_shown_is_asked_whether_it_answers(scene: Scene) -> None:
    scene.shown = []

    scene.run(0, 600)

    assert scene.jellyfin.asked == [[NOBODY], [NOBODY]]
    assert scene.record.batches == []
    assert scene.record.signals.contacts["Jellyfin"].last_contact_at == at(300)

from __future__ import annotations

from collections.abc import Sequence

import pytest

from flaskapp.live.batch import Frame
from flaskapp.live.hub import Hub
from flaskapp.live.order import Order


class Rig:
    """A hub at change 10, its order, and a stop-watch."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.hub = Hub(epoch="a1b2", head=10)
        self.heard: list[int | bytes] = []
        self.hub.publish = self._hear  # type: ignore[method-assign]
        self.order = Order(self.hub, clock=lambda: self.seconds)

    def _hear(self, frames: Sequence[Frame]) -> None:
        for frame in frames:
            self.heard.append(frame.data if frame.n is None else frame.n)
            self.hub.head = max(self.hub.head, frame.n or 0)


@pytest.fixture
def rig() -> Rig:
    return Rig()


def changes(*ids: int) -> list[Frame]:
    return [Frame(b"", n=n) for n in ids]


def bar(request_id: int, data: bytes) -> Frame:
    return Frame(data, progress_of=request_id)


def test_what_follows_is_published_at_once(rig: Rig) -> None:
    rig.order.changes(10, changes(11, 12))

    assert rig.heard == [11, 12]
    assert rig.order.waited is None


def test_what_comes_too_early_waits_for_what_is_missing(rig: Rig) -> None:
    rig.order.changes(13, changes(15))
    rig.order.changes(12, changes(13))
    early = list(rig.heard)

    rig.order.changes(10, changes(11, 12))

    assert early == []
    assert rig.heard == [11, 12, 13, 15]


def test_nothing_is_published_twice(rig: Rig) -> None:
    rig.order.changes(10, changes(11, 12))

    rig.order.changes(9, changes(10, 11, 12, 13))
    rig.order.changes(10, changes(11))

    assert rig.heard == [11, 12, 13]


def test_holes_in_the_numbers_are_no_gap(rig: Rig) -> None:
    rig.order.changes(10, changes(14))

    assert rig.heard == [14]


def test_it_tells_for_how_long_something_is_missing(rig: Rig) -> None:
    rig.order.changes(12, changes(13))
    rig.seconds = 0.03
    rig.order.changes(13, changes(14))
    rig.seconds = 0.05

    assert rig.order.waited == 0.05


def test_what_the_table_gave_is_missing_no_more(rig: Rig) -> None:
    rig.order.changes(12, changes(13))

    rig.order.changes(10, changes(11, 12, 13, 14))  # the head has passed what waited

    assert rig.order.waited is None
    assert rig.heard == [11, 12, 13, 14]


def test_progress_of_an_earlier_transaction_is_not_shown_after_a_later_one(rig: Rig) -> None:
    rig.order.progress(7, [bar(1, b"50 %")])
    rig.order.progress(6, [bar(1, b"48 %"), bar(2, b"10 %")])
    rig.order.progress(8, [bar(1, b"52 %")])

    assert rig.heard == [b"50 %", b"10 %", b"52 %"]


def test_progress_is_never_old_where_only_one_process_writes(rig: Rig) -> None:
    rig.order.progress(0, [bar(1, b"50 %")])
    rig.order.progress(0, [bar(1, b"40 %")])

    assert rig.heard == [b"50 %", b"40 %"]

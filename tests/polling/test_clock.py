"""Cards that read otherwise although nobody says anything."""

from __future__ import annotations

from datetime import datetime

from flaskapp.domain.observation import TimePassed
from flaskapp.domain.origin import Origin
from flaskapp.polling.clock import LOOK, Clock
from tests.polling.record import Record, at


def test_what_is_due_is_looked_at(record: Record) -> None:
    looks: dict[datetime, list[int]] = {at(LOOK): [3, 7]}
    clock = Clock(lambda now: looks.get(now, []), record.outlet)

    assert [clock.tick(at(0)), clock.tick(at(LOOK)), clock.tick(at(2 * LOOK))] == [LOOK] * 3

    ((passed, origin),) = record.batches
    assert passed == [TimePassed(seen_at=at(LOOK), media_id=3), TimePassed(seen_at=at(LOOK), media_id=7)]
    assert origin == Origin("clock", "clock", is_4k=False, now=at(LOOK))

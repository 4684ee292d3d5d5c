"""Law B: whatever becomes of webhooks, one complete pass of readings ends where perfect delivery would have."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st

from tests.laws.lives import Life
from tests.laws.outcome import differences
from tests.laws.play import Mangling, in_order, mangled
from tests.laws.post import IN_TIME
from tests.laws.rooms import Rooms

Build = Callable[..., Rooms]
FATES = [IN_TIME, (), (), (1,), (15,), (90,), (400,), (0, 0), (0, 30), (5, 300)]
LAW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
LONGEST = 900
"""Seconds for a test of the law: a failing life is shortened for up to five minutes."""


def hold(rooms: Rooms, life: Life, data: st.DataObject, *, is_reading: bool) -> None:
    """Hold a board to the law, and tell what happened where it breaks."""
    mangling = Mangling(lambda name: data.draw(st.sampled_from(FATES), label=name), is_reading)
    try:
        assert differences(mangled(rooms, life, mangling), in_order(rooms, life)) == []
    finally:
        note("\n".join(mangling.transcript))

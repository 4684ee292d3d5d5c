"""When a steady reading is due: at its own pace, and soon after its service has called."""

from __future__ import annotations

import pytest

from flaskapp.polling.errand import SETTLING
from flaskapp.polling.pace import Pace
from flaskapp.signals import Signals
from tests.polling.record import at

CASES = [
    # read at, called at, now, seconds left of a pace of 60
    (None, None, 0, 0),
    (None, 0, 0, 0),
    (0, None, 0, 60),
    (0, None, 59.5, 0.5),
    (0, None, 60, 0),
    (0, None, 600, 0),
    (10, None, 5, 0),  # the clock was set back
    (10, 9, 20, 50),  # called before it was read
    (10, 10, 10, SETTLING),  # called while it was read
    (10, 15, 15.5, SETTLING - 0.5),
    (10, 15, 17, 0),
    (10, 15, 40, 0),
    (10, 69.5, 69.5, 0.5),  # due anyway
]


@pytest.mark.parametrize(("read", "called", "now", "left"), CASES)
def test_a_reading_is_due_after_its_pace_or_soon_after_a_call(
    read: float | None, called: float | None, now: float, left: float
) -> None:
    signals = Signals()
    pace = Pace(signals, "radarr")
    if read is not None:
        pace.done(at(read))
    if called is not None:
        signals.called["radarr"] = at(called)

    assert pace.left(60, at(now)) == pytest.approx(left)


@pytest.mark.parametrize("source", [None, "sonarr"])
def test_the_calls_of_others_say_nothing(source: str | None) -> None:
    signals = Signals()
    pace = Pace(signals, source)
    pace.done(at(0))
    signals.called["radarr"] = at(10)

    assert pace.left(60, at(12)) == 48
    assert not pace.was_called()


@pytest.mark.parametrize(
    ("read", "called", "expected"),
    [(None, None, False), (None, 0, True), (10, None, False), (10, 9, False), (10, 10, True), (10, 11, True)],
)
def test_who_was_called_since_the_last_pass_knows_it(
    read: float | None, called: float | None, *, expected: bool
) -> None:
    signals = Signals()
    pace = Pace(signals, "radarr")
    if read is not None:
        pace.done(at(read))
    if called is not None:
        signals.called["radarr"] = at(called)

    assert pace.was_called() is expected

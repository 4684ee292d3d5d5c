"""A loop lives on whatever happens in its steps."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

import pytest

from flaskapp.polling.loop import Loop
from flaskapp.signals import Signals
from tests.polling.record import at


def test_a_turn_gives_the_pause_of_its_step_and_a_sign_of_life() -> None:
    signals = Signals()

    pause = Loop("poller", lambda _now: 7.0, signals).turn(at(3))

    assert pause == 7.0
    assert signals.ticks == {"poller": at(3)}


def test_a_step_that_raises_is_logged_and_repeated_later_and_later(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_now: datetime) -> float:
        raise KeyError("odd")

    signals = Signals()
    loop = Loop("poller", fail, signals)

    pauses = [loop.turn(at(second)) for second in range(50)]

    assert all(1 <= pause <= 60 for pause in pauses)
    assert max(pauses[10:]) > 10
    assert signals.ticks == {"poller": at(49)}
    assert (signals.turns["poller"].count, signals.turns["poller"].failed) == (50, 50)
    assert caplog.records[0].levelno == logging.ERROR
    assert caplog.records[0].exc_info is not None


def test_success_ends_the_patience() -> None:
    outcomes = [KeyError(), KeyError(), KeyError(), KeyError(), None, KeyError()]

    def step(_now: datetime) -> float:
        outcome = outcomes.pop(0)
        if outcome:
            raise outcome
        return 5.0

    signals = Signals()
    loop = Loop("poller", step, signals)

    pauses = [loop.turn(at(second)) for second in range(6)]

    assert pauses[4] == 5.0
    assert pauses[5] <= 2.0
    assert (signals.turns["poller"].count, signals.turns["poller"].failed) == (6, 5)


def running(step: Callable[[], float]) -> tuple[Loop, threading.Thread, Signals]:
    signals = Signals()
    loop = Loop("poller", lambda _now: step(), signals)
    thread = threading.Thread(target=loop.run)
    thread.start()
    return loop, thread, signals


def test_a_wake_up_ends_a_pause_and_stop_ends_the_loop() -> None:
    steps: list[threading.Event] = [threading.Event(), threading.Event()]
    waiting = iter(steps)

    def step() -> float:
        next(waiting).set()
        return 3600.0

    loop, thread, signals = running(step)
    assert steps[0].wait(5)
    signals.wake_all()
    assert steps[1].wait(5)
    loop.stop()
    thread.join(5)

    assert not thread.is_alive()


def test_a_burst_of_wake_ups_is_a_few_steps_and_the_last_one_is_not_lost() -> None:
    woken, seen, last = 0, list[int](), threading.Event()

    def step() -> float:
        seen.append(woken)
        if woken == 100:
            last.set()
        return 3600.0

    loop, thread, signals = running(step)
    for woken in range(1, 101):  # noqa: B007  # the step looks at it
        signals.wake_all()
        time.sleep(0.002)

    assert last.wait(5)
    assert len(seen) < 20
    loop.stop()
    thread.join(5)


def test_a_wake_up_during_a_step_is_not_lost() -> None:
    inside, go_on, second = threading.Event(), threading.Event(), threading.Event()

    def step() -> float:
        if inside.is_set():
            second.set()
            return 3600.0
        inside.set()
        go_on.wait(5)
        return 3600.0

    loop, thread, signals = running(step)
    assert inside.wait(5)
    signals.wake_all()
    go_on.set()

    assert second.wait(5)
    loop.stop()
    thread.join(5)

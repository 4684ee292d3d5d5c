"""The shape of everything that runs beside the requests: step, wait, step, and never die."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from flaskapp.polling.backoff import Patience
from flaskapp.signals import Signals

logger = logging.getLogger(__name__)

SHORTEST_WAIT = 0.01
"""Seconds in which all others get their turn even if the next step is due at once."""
BREATH = 0.2
"""Seconds between two steps although a wake-up calls for the second: in a burst of webhooks one step is for many."""
LONGEST_WAIT = 60.0
"""Seconds after which a loop looks up even if nothing is due: the health page sees that it lives."""

Step = Callable[[datetime], float]
"""One unit of work at a time; gives the seconds until the next one."""


class Loop:
    """Calls its step again when the step says so, or when ``signals`` wake it."""

    def __init__(self, name: str, step: Step, signals: Signals) -> None:
        self.name = name
        self._step, self._signals = step, signals
        self._waker = signals.waker(name)
        self._patience = Patience(first=1.0, longest=60.0)
        self._failures = 0
        self._is_stopped = False

    def run(self) -> None:
        """Work until stopped."""
        while not self._is_stopped:
            # Cleared before the step: a wake-up during the step must not be lost.
            self._waker.clear()
            pause = min(max(self.turn(datetime.now(UTC)), SHORTEST_WAIT), LONGEST_WAIT)
            if not self._is_stopped:
                self._wait(pause)

    def _wait(self, pause: float) -> None:
        began = time.monotonic()
        if self._waker.wait(pause) and not self._is_stopped:
            time.sleep(max(0.0, min(BREATH, pause) - (time.monotonic() - began)))

    def turn(self, now: datetime) -> float:
        """Do one step, whatever happens in it; give the seconds until the next."""
        began = time.monotonic()
        try:
            pause = self._step(now)
        except Exception:
            self._failures += 1
            logger.exception("The %s failed %s times in a row; it goes on", self.name, self._failures)
            pause = self._patience.pause(self._failures)
        else:
            self._failures = 0
        self._signals.turned(self.name, time.monotonic() - began, has_failed=self._failures > 0)
        self._signals.ticked(self.name, now)
        return pause

    def stop(self) -> None:
        """Let the loop end after the step it is in."""
        self._is_stopped = True
        self._waker.set()

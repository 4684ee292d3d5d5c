"""The REST truth of one service: ask, parse, ingest, one reading at a time and patiently where it fails."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from flaskapp.clients.http import ClientError
from flaskapp.polling.backoff import Attempts, Patience
from flaskapp.polling.errand import LOOK_UP
from flaskapp.signals import Signals

logger = logging.getLogger(__name__)


class Reading(Protocol):
    """One kind of question to a service."""

    def tick(self, now: datetime) -> float:
        """Ask what is due; give the seconds until something else is, or raise a ``ClientError``."""

    def __hash__(self) -> int: ...


class Reconciler:
    """Takes the readings of one service in turn, so that there are never two exchanges with it at a time.

    A question that fails is asked again later and later, without holding up the others; when the service is back
    after an absence, all are asked at once.
    """

    def __init__(self, upstream: str, readings: Sequence[Reading], signals: Signals) -> None:
        self._upstream, self._readings, self._signals = upstream, readings, signals
        self._attempts = Attempts(Patience(first=5.0, longest=120.0))

    def tick(self, now: datetime) -> float:
        """Do what is due, one step of each reading; give the seconds until something else is."""
        return min((self._turn(reading, now) for reading in self._readings), default=LOOK_UP)

    def _turn(self, reading: Reading, now: datetime) -> float:
        wait = self._attempts.wait(reading, now)
        if wait > 0:
            return wait
        was_down = self._signals.is_down(self._upstream)
        try:
            pause = reading.tick(now)
        except ClientError as error:
            pause = self._attempts.fail(reading, now)
            logger.warning("%s We ask again in %.0f s.", error, pause)
            return pause
        self._attempts.succeed(reading)
        if was_down and not self._signals.is_down(self._upstream):
            self._attempts.hurry()
            return 0.0
        return pause

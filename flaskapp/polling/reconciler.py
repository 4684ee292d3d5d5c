"""The REST truth of Sonarr and Jellyfin: ask, parse, ingest, one reading at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from flaskapp.polling.errand import LOOK_UP


class Reading(Protocol):
    """One kind of question to one service."""

    def tick(self, now: datetime) -> float:
        """Ask what is due; give the seconds until something else is."""


class Reconciler:
    """Takes the readings in turn: one of each kind per step, so that none waits for a long list of another."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self._readings = readings

    def tick(self, now: datetime) -> float:
        """Do what is due; give the seconds until something else is."""
        return min((reading.tick(now) for reading in self._readings), default=LOOK_UP)

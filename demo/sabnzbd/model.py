"""Jobs: they download, are repaired and unpacked, and sometimes can't be."""

from __future__ import annotations

import math
from dataclasses import dataclass

UNPACKING = 6.0
"""Seconds from the last byte until the files are whole."""
BEYOND_REPAIR = "Repair failed, not enough repair blocks"


@dataclass
class Job:
    """One download. ``pace`` is what the provider gives, in bytes per second."""

    id: str
    name: str
    size: int
    pace: float
    done: float = 0.0
    unpacked: float = 0.0
    is_paused: bool = False
    is_damaged: bool = False
    is_stuck: bool = False
    """Repairs for as long as this is set."""

    @property
    def left(self) -> int:
        """Give the bytes that are missing."""
        return self.size - int(self.done)

    @property
    def eta(self) -> int:
        """Give the seconds left."""
        return math.ceil(self.left / self.pace)

    @property
    def state(self) -> str:
        """Name the state in the words that Radarr and Sonarr make of SABnzbd's."""
        if self.is_paused:
            return "paused"
        if self.unpacked < UNPACKING:
            return "downloading"
        return "failed" if self.is_damaged else "completed"

    def flow(self, seconds: float) -> None:
        """Let bytes arrive; once all are there, repair and unpack."""
        if self.is_paused:
            return
        if self.left > 0:
            self.done = min(float(self.size), self.done + self.pace * seconds)
        elif not self.is_stuck:
            self.unpacked += seconds


class Sabnzbd:
    """All jobs, by their id."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}

    def flow(self, seconds: float) -> None:
        """Let time pass for all jobs."""
        for job in self.jobs.values():
            job.flow(seconds)

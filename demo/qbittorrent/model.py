"""Torrents and how their bytes flow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from demo.clock import Clock

ENDLESS = 8_640_000
"""What qBittorrent says instead of a time left that it does not know."""
CHECKING, METADATA, CONNECTING = 0.5, 2.0, 3.5
"""Seconds after the start at which a magnet is done with each: before it, it is in that phase."""
ACTIVE = 6
"""Downloads at a time; more wait in the queue."""


@dataclass
class Torrent:
    """One torrent. ``pace`` is what its swarm gives, in bytes per second."""

    hash: str
    name: str
    size: int
    pace: float
    category: str
    added_at: datetime
    done: float = 0.0
    speed: float = 0.0
    active: float = 0.0
    seeds: int = 6
    is_broken: bool = False
    is_stopped: bool = False
    is_queued: bool = False
    completed_at: datetime | None = None

    @property
    def is_complete(self) -> bool:
        """Tell whether all bytes are there."""
        return self.completed_at is not None

    @property
    def wants_slot(self) -> bool:
        """Tell whether it takes part in the queue."""
        return not (self.is_complete or self.is_stopped or self.is_broken)

    @property
    def state(self) -> str:
        """Name the state as qBittorrent 5 does, in its order of decision."""
        if self.is_broken:
            return "error"
        if self.is_complete:
            return "stoppedUP" if self.is_stopped else "uploading" if self.speed else "stalledUP"
        if self.is_stopped:
            return "stoppedDL"
        if self.is_queued:
            return "queuedDL"
        if self.active < CHECKING:
            return "checkingResumeData"
        if self.active < METADATA:
            return "metaDL"
        # The state follows the decaying speed, not the seeds: it lags behind.
        return "downloading" if self.speed >= 1 else "stalledDL"

    @property
    def has_metadata(self) -> bool:
        """Tell whether size and files are known."""
        return self.is_complete or self.active >= METADATA

    @property
    def left(self) -> int:
        """Give the bytes that are missing."""
        return self.size - int(self.done)

    @property
    def eta(self) -> int:
        """Give the seconds left."""
        return math.ceil(self.left / self.speed) if self.state == "downloading" else ENDLESS

    def flow(self, seconds: float, now: datetime) -> None:
        """Let bytes arrive."""
        if self.is_complete or not self.wants_slot or self.is_queued:
            self.speed = 0.0
            return
        self.active += seconds
        if self.active < CONNECTING:
            return
        self.speed = self._next_speed(seconds)
        if self.seeds:
            self.done = min(float(self.size), self.done + self.speed * seconds)
        if self.done >= self.size:
            self.completed_at = now

    def _next_speed(self, seconds: float) -> float:
        """Swing around the pace; without seeds the average decays by a fifth a second."""
        if not self.seeds:
            faded: float = self.speed * 0.8**seconds
            return faded if faded >= 1 else 0.0
        return self.pace * (1 + 0.2 * math.sin(self.active / 3 + int(self.hash[:2], 16)))


class Qbittorrent:
    """All torrents, by their hash in lower case."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.torrents: dict[str, Torrent] = {}

    def add(self, torrent: Torrent) -> None:
        """Take a torrent in, at the end of the queue."""
        self.torrents[torrent.hash] = torrent
        self._assign_slots()

    def remove(self, hash_: str) -> None:
        """Forget a torrent."""
        self.torrents.pop(hash_, None)

    def flow(self, seconds: float) -> None:
        """Let time pass for all torrents."""
        self._assign_slots()
        for torrent in self.torrents.values():
            torrent.flow(seconds, self._clock.now)

    def _assign_slots(self) -> None:
        waiting = [torrent for torrent in self.torrents.values() if torrent.wants_slot]
        for place, torrent in enumerate(waiting):
            torrent.is_queued = place >= ACTIVE

    def place(self, torrent: Torrent) -> int:
        """Give the position in the queue from 1; 0 for what is not in it."""
        waiting = [other.hash for other in self.torrents.values() if other.wants_slot]
        return waiting.index(torrent.hash) + 1 if torrent.hash in waiting else 0

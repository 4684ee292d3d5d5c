"""Torrents and how their bytes flow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from demo.clock import Clock
from demo.disks import Disk

ENDLESS = 8_640_000
"""What qBittorrent says instead of a time left that it does not know."""
CHECKING, METADATA, CONNECTING = 0.5, 2.0, 3.5
"""Seconds after the start at which a magnet is done with each: before it, it is in that phase."""
SLOWED = 0.1
"""What the alternative speed limits leave of the pace."""
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
    is_moving: bool = False
    is_checking: bool = False
    is_missing_files: bool = False
    completed_at: datetime | None = None
    last_byte_at: datetime | None = None

    @property
    def is_complete(self) -> bool:
        """Tell whether all bytes are there."""
        return self.completed_at is not None

    @property
    def wants_slot(self) -> bool:
        """Tell whether it takes part in the queue."""
        halts = (self.is_stopped, self.is_broken, self.is_moving, self.is_checking, self.is_missing_files)
        return not (self.is_complete or any(halts))

    @property
    def state(self) -> str:
        """Name the state as qBittorrent 5 does, in its order of decision."""
        if self.is_moving:
            return "moving"
        if self.is_missing_files:
            return "missingFiles"
        if self.is_broken:
            return "error"
        if self.is_checking:
            return "checkingUP" if self.is_complete else "checkingDL"
        return self._state_if_complete if self.is_complete else self._state_if_not

    @property
    def _state_if_complete(self) -> str:
        return "stoppedUP" if self.is_stopped else "uploading" if self.speed else "stalledUP"

    @property
    def _state_if_not(self) -> str:
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
    def known_size(self) -> int:
        """Give the size as the client knows it."""
        return self.size if self.has_metadata else 0

    @property
    def known_left(self) -> int:
        """Give the missing bytes as the client knows them."""
        return self.left if self.has_metadata else 0

    @property
    def left(self) -> int:
        """Give the bytes that are missing."""
        return self.size - int(self.done)

    @property
    def eta(self) -> int:
        """Give the seconds left."""
        return math.ceil(self.left / self.speed) if self.state == "downloading" else ENDLESS

    def flow(self, seconds: float, now: datetime, share: float = 1.0) -> None:
        """Let bytes arrive: all that its swarm gives, or a share of it."""
        if self.is_complete or not self.wants_slot or self.is_queued:
            self.speed = 0.0
            return
        self.active = self._next_active(seconds, share)
        if self.active < CONNECTING:
            return
        self.speed = self._next_speed(seconds, share)
        if self.seeds and share:
            self.done, self.last_byte_at = min(float(self.size), self.done + self.speed * seconds), now
        if self.done >= self.size:
            self.completed_at = now

    def _next_active(self, seconds: float, share: float) -> float:
        """Come no further than the question for the contents while nobody is there to answer it."""
        is_alone = not self.has_metadata and not (self.seeds and share)
        return min(self.active + seconds, math.nextafter(METADATA, 0)) if is_alone else self.active + seconds

    def _next_speed(self, seconds: float, share: float) -> float:
        """Swing around the pace; without seeds the average decays by a fifth a second."""
        if not (self.seeds and share):
            faded: float = self.speed * 0.8**seconds
            return faded if faded >= 1 else 0.0
        return share * self.pace * (1 + 0.2 * math.sin(self.active / 3 + int(self.hash[:2], 16)))


class Qbittorrent:
    """All torrents, by their hash in lower case.

    ``is_slowed``: the alternative speed limits are on. Without ``is_connected`` nothing arrives.
    """

    def __init__(self, clock: Clock, disk: Disk) -> None:
        self._clock, self.disk = clock, disk
        self.torrents: dict[str, Torrent] = {}
        self.is_slowed, self.is_connected = False, True

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
            if self.disk.is_full and torrent.state == "downloading":
                # It stays so until somebody resumes it.
                torrent.is_broken = True
            torrent.flow(seconds, self._clock.now, self._share)

    @property
    def _share(self) -> float:
        return 0.0 if not self.is_connected else SLOWED if self.is_slowed else 1.0

    def _assign_slots(self) -> None:
        waiting = [torrent for torrent in self.torrents.values() if torrent.wants_slot]
        for place, torrent in enumerate(waiting):
            torrent.is_queued = place >= ACTIVE

    def place(self, torrent: Torrent) -> int:
        """Give the position in the queue from 1; 0 for what is not in it."""
        waiting = [other.hash for other in self.torrents.values() if other.wants_slot]
        return waiting.index(torrent.hash) + 1 if torrent.hash in waiting else 0

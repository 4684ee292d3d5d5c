"""Whether what can't be imported by one Radarr or Sonarr finds room in the library folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flaskapp.domain.house import CauseKind
from flaskapp.polling.causes import Causes
from flaskapp.polling.outlet import Outlet
from flaskapp.polling.pace import Pace
from flaskapp.sources.servarr_health import disk_of
from flaskapp.upstreams import Upstream

PACE = 60.0
"""Seconds between two looks while something can't be imported."""


@dataclass(frozen=True)
class HeldImport:
    """A download that is complete and not imported: where it should go, and its bytes."""

    path: str
    size: int


class DiskClient(Protocol):
    """What is needed of Radarr or Sonarr."""

    def disks(self) -> list[dict[str, object]]:
        """Give the disks that it sees, with what is free on them."""


class Disks:
    """Compares what is held up with what is free."""

    def __init__(
        self, upstream: Upstream, client: DiskClient, held: Callable[[], Sequence[HeldImport]], outlet: Outlet
    ) -> None:
        self._upstream, self._client, self._held, self._outlet = upstream, client, held, outlet
        self._causes = Causes(upstream.name, [CauseKind.LIBRARY_FULL], outlet)
        self._pace = Pace(outlet.signals)

    def tick(self, now: datetime) -> float:
        """Look when something is held up; give the seconds until the next look."""
        early = self._pace.left(PACE, now)
        if early > 0:
            return early
        held = self._held()
        if held:
            with self._outlet.asking(self._upstream.name, now):
                disks = self._client.disks()
            self._pace.done(now)
            free = [(each, disk_of(disks, each.path)) for each in held]
            is_full = any(room is not None and room < each.size for each, room in free)
            self._causes.tell([CauseKind.LIBRARY_FULL] if is_full else [], now)
        else:
            self._causes.tell([], now)
        return PACE

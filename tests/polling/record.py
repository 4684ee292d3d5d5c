"""A record that only remembers what it was handed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from flaskapp.domain.observation import Observation
from flaskapp.domain.origin import Origin
from flaskapp.polling.outlet import Outlet
from flaskapp.signals import Signals
from flaskapp.upstreams import Upstream

T = TypeVar("T", bound=Observation)
CLIENT = Upstream("qbittorrent", "qbittorrent", "qBittorrent", "")
JELLYFIN = Upstream("jellyfin", "jellyfin", "Jellyfin", "")
SEERR = Upstream("seerr", "seerr", "Seerr", "")
START = datetime(2026, 3, 15, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@dataclass
class Record:
    """``batches`` holds what came at once, with who said it; ``fails`` is raised instead.

    ``turns`` counts how often open boards were told to look anew.
    """

    signals: Signals = field(default_factory=Signals)
    batches: list[tuple[list[Observation], Origin]] = field(default_factory=list)
    fails: Exception | None = None
    turns: int = 0

    @property
    def outlet(self) -> Outlet:
        return Outlet(self.ingest, self.signals, self.turn)

    def turn(self) -> None:
        self.turns += 1

    def ingest(self, observations: Sequence[Observation], origin: Origin) -> None:
        if self.fails:
            raise self.fails
        self.batches.append((list(observations), origin))

    def heard(self, kind: type[T]) -> list[T]:
        return [each for batch, _ in self.batches for each in batch if isinstance(each, kind)]

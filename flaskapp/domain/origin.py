"""Who speaks, and when: what every ingest carries besides its observations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Origin:
    """One reading of the clock for a unit of work, and the instance that spoke.

    Upstream's numeric ids are unique only per ``source`` and ``instance``; ``is_4k`` is that of the instance.
    """

    source: str
    instance: str
    is_4k: bool
    now: datetime

    @classmethod
    def only(cls, source: str, now: datetime) -> Origin:
        """Speak for a source of which there is one."""
        return cls(source, source, is_4k=False, now=now)

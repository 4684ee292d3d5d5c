"""What the stream counts of itself, for ``/metrics``."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

from flaskapp.live.batch import Batch

LATENCIES = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the classes of ``Meter.latency``, in seconds; one more class has no bound."""


@dataclass
class Meter:
    """Plain counters of one hub since the process began."""

    events: int = 0
    """Frames published."""
    coalesced: int = 0
    """Older progress left out because newer was there: once for all, or for one browser that was busy."""
    deliveries: int = 0
    """Frames written, to all browsers together."""
    size: int = 0
    """Bytes written, without the greetings."""
    replayed: int = 0
    """Frames given to browsers that had been away."""
    connects: Counter[str] = field(default_factory=Counter)
    """Streams opened, by the mode of their greeting."""
    closes: Counter[str] = field(default_factory=Counter)
    """Streams ended, by reason."""
    resyncs: Counter[str] = field(default_factory=Counter)
    """``resync`` frames made, by reason."""
    refused: Counter[str] = field(default_factory=Counter)
    """Streams not opened, by reason."""
    latency: list[int] = field(default_factory=lambda: [0] * (len(LATENCIES) + 1))
    """Batches written, by the time since their oldest frame was published."""
    latency_sum: float = 0.0
    """Seconds, of all of them together."""

    def written(self, batch: Batch, now: float, times: int = 1) -> None:
        """Count a batch that so many browsers have got by now."""
        self.deliveries += len(batch.frames) * times
        self.size += len(batch.data) * times
        self.latency[bisect_left(LATENCIES, now - batch.at)] += times
        self.latency_sum += (now - batch.at) * times

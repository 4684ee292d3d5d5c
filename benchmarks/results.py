"""Results: one row per measurement, kept as JSON, and the medians and ratios that are taken from them."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

Pick = Callable[[Mapping[str, Any]], float]


@dataclass(frozen=True)
class Row:
    """What one workload measured of one peer in one round."""

    round: int
    peer: str
    workload: str
    figures: dict[str, Any]


@dataclass(frozen=True)
class Spread:
    """A median and what it lies in; ``rounds`` is how many there were."""

    median: float
    lowest: float
    highest: float
    rounds: int


@dataclass
class Results:
    """All rows of one sitting, with the machine and the versions."""

    about: dict[str, str]
    rows: list[Row] = field(default_factory=list)

    def of(self, peer: str, workload: str, pick: str) -> dict[int, float]:
        """Give a figure by round; ``pick`` is its path, as in ``connect.memory_per_stream``."""
        found = {}
        for row in self.rows:
            if (row.peer, row.workload) == (peer, workload):
                value: Any = row.figures
                for name in pick.split("."):
                    value = value[name]
                found[row.round] = float(value)
        return found

    def spread(self, peer: str, workload: str, pick: str) -> Spread | None:
        """Give a figure over all rounds."""
        return _spread(self.of(peer, workload, pick).values())

    def ratio(self, peers: tuple[str, str], workload: str, pick: str) -> Spread | None:
        """Give how many times the second peer's figure the first one's is, taken inside each round."""
        ours, theirs = (self.of(peer, workload, pick) for peer in peers)
        return _spread(ours[each] / theirs[each] for each in ours.keys() & theirs.keys() if theirs[each])

    def save(self, path: Path) -> None:
        """Write all rows."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Results:
        """Read what was saved."""
        kept = json.loads(path.read_text(encoding="utf-8"))
        return cls(kept["about"], [Row(**row) for row in kept["rows"]])


def _spread(values: Iterable[float]) -> Spread | None:
    known = sorted(values)
    return Spread(statistics.median(known), known[0], known[-1], len(known)) if known else None


def show(spread: Spread | None, scale: float = 1.0) -> str:
    """Write a median and what it lies in, times ``scale``."""
    if spread is None:
        return "-"
    median, *around = (_number(value * scale) for value in (spread.median, spread.lowest, spread.highest))
    return median if around == [median, median] else f"{median} ({' to '.join(around)})"


def _number(value: float) -> str:
    """Write three digits that count."""
    if value == int(value) and abs(value) < 100:
        return f"{value:.0f}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 0.1 or not value else f"{value:.4f}"


EXTRA = (
    "publish_cpu",
    "cpu_per_webhook",
    "webhooks_per_second",
    "bytes_per_delivery",
    "cpu_per_post",
    "memory_growth",
    "unsent",
    "is_closed",
    "closed_after",
)


def in_short(figures: Mapping[str, Any], name: str = "") -> Iterable[str]:
    """Give one line for each part of a measurement, for whoever watches."""
    if "latency" in figures:
        wrong = {
            word: figures[word]
            for word in ("lost", "last_lost", "superseded", "resyncs", "reloaded", "doubled", "disordered", "closed")
            if figures[word] > 0
        }
        latency = figures["latency"]
        yield (
            f"{name:10} {figures['cpu_per_delivery']:7.2f} µs CPU/delivery {figures['deliveries_per_second']:9.0f}/s"
            f"  p50 {latency['p50'] / 1e3:8.2f} p99 {latency['p99'] / 1e3:8.2f} max {latency['max'] / 1e3:8.2f} ms"
            f"  last p50 {figures['last_subscriber']['p50'] / 1e3:8.2f} ms"
            f"  reads/delivery {figures['reads'] / max(1, figures['received']):.2f}"
            + "".join(f"  {name} {figures[name]:.0f}" for name in EXTRA if name in figures)
            + "".join(_posts_in_short(plan) for plan in list(figures["plans"].values())[-1:])
            + (f"  {wrong}" if wrong else "")
        )
    elif "memory_per_stream" in figures:
        yield (
            f"{name:10} {figures['memory_per_stream']:7.0f} B/stream {figures['cpu_per_connect']:6.0f} µs CPU/connect"
            f" {figures['connects_per_second']:6.0f}/s  {figures['failed']} failed"
        )
    elif "shares" in figures:
        yield f"{name:10} {figures['milliseconds']:.2f} ms"
    else:
        for part, value in figures.items():
            if isinstance(value, Mapping):
                yield from in_short(value, part)


def _posts_in_short(plan: Mapping[str, Any]) -> str:
    p50, p99 = (plan["latency"][name] / 1e3 for name in ("p50", "p99"))
    return f"  {plan['answered']} POSTs p50 {p50:.2f} p99 {p99:.2f} ms {plan['refused']} refused"

"""Three pictures of the results: bars, drawn as SVG by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from benchmarks.results import Results, Spread
from benchmarks.servers import ALL, OURS

WIDTH, LABELS, BAR, GAP = 760, 210, 22, 10
OUR_COLOUR, THEIR_COLOUR = "#0b7285", "#adb5bd"


@dataclass(frozen=True)
class Plot:
    """One figure of every peer; ``scale`` turns what was measured into what is shown."""

    title: str
    workload: str
    pick: str
    scale: float
    unit: str


PLOTS = {
    "cpu": Plot("CPU per delivery, 1,000 streams, 20 events/s", "trickle", "cpu_per_delivery", 1, "µs"),
    "latency": Plot("p99 latency of 200 events at once to 1,000 streams", "burst", "at_once.latency.p99", 1e-3, "ms"),
    "memory": Plot("Memory per idle stream, 5,000 streams", "crowd", "connect.memory_per_stream", 1e-3, "kB"),
}
TITLES = {name: plot.title for name, plot in PLOTS.items()}


def draw(results: Results, folder: Path) -> None:
    """Write one picture for each plot that has figures."""
    folder.mkdir(exist_ok=True)
    for name, plot in PLOTS.items():
        bars = {letter: found for letter in ALL if (found := results.spread(letter, plot.workload, plot.pick))}
        folder.joinpath(f"{name}.svg").write_text("\n".join(_picture(plot, bars)) + "\n", encoding="utf-8")


def _picture(plot: Plot, bars: dict[str, Spread]) -> Iterator[str]:
    height = 50 + len(bars) * (BAR + GAP)
    longest = max((spread.highest for spread in bars.values()), default=1.0)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif"'
        f' font-size="13" role="img" aria-label="{escape(plot.title)}">'
    )
    yield f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>'
    yield f'<text x="12" y="26" font-size="15" font-weight="bold">{escape(plot.title)} ({plot.unit})</text>'
    for place, (letter, spread) in enumerate(bars.items()):
        yield from _bar(plot, letter, spread, 42 + place * (BAR + GAP), longest)
    yield "</svg>"


def _bar(plot: Plot, letter: str, spread: Spread, top: int, longest: float) -> Iterator[str]:
    room = WIDTH - LABELS - 110
    end, low, high = (LABELS + room * each / longest for each in (spread.median, spread.lowest, spread.highest))
    middle = top + BAR / 2
    colour = OUR_COLOUR if letter == OURS else THEIR_COLOUR
    digits = max(0, 1 - math.floor(math.log10(spread.median * plot.scale))) if spread.median > 0 else 0
    yield f'<text x="{LABELS - 8}" y="{middle + 4}" text-anchor="end">{escape(ALL[letter].name)}</text>'
    yield f'<rect x="{LABELS}" y="{top}" width="{end - LABELS:.1f}" height="{BAR}" fill="{colour}"/>'
    yield f'<path d="M{low:.1f} {middle}H{high:.1f}" stroke="#212529"/>'
    yield f'<text x="{max(end, high) + 6:.1f}" y="{middle + 4}">{spread.median * plot.scale:.{digits}f}</text>'

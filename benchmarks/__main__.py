"""``python -m benchmarks``: measure, keep the results as JSON, and write docs/performance.md from them."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import machine, page, workloads
from benchmarks.results import Results, Row, in_short
from benchmarks.servers import ALL, ROOT, Peer

KEPT = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "performance.md"


@dataclass(frozen=True)
class Part:
    """A workload, who is measured with it in every round, and who in the first round only."""

    measure: Callable[[Peer], workloads.Figures]
    always: str
    once: str = ""


PARTS = {
    "trickle": Part(workloads.trickle, "adepC", once="bc"),
    "burst": Part(workloads.burst, "adeC"),
    "crowd": Part(partial(workloads.crowd, streams=5000), "adeC"),
    "crowd10": Part(partial(workloads.crowd, streams=10_000), "", once="ade"),
    "webhooks": Part(workloads.webhooks, "re", once="o"),
    "posts": Part(workloads.posts, "", once="ade"),
    "stuck": Part(workloads.stuck, "e"),
    "storm": Part(workloads.storm, "", once="ae"),
    "inside": Part(workloads.inside, "", once="e"),
}


def main() -> None:
    """Do what the options say."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is measured")
    parser.add_argument("--only", default="", help=f"some of {','.join(PARTS)}")
    parser.add_argument("--peers", default="", help=f"some of {''.join(ALL)}")
    parser.add_argument("--page", type=Path, help="write the page from these results, and measure nothing")
    parser.add_argument("--dry", action="store_true", help="leave the page as it is")
    options = parser.parse_args()
    only = options.only.split(",") if options.only else list(PARTS)
    if unknown := set(only) - PARTS.keys():
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(PARTS)}")
    machine.prepare()
    if options.page:
        page.write(Results.load(options.page), PAGE)
        return
    results = Results(
        machine.about(f"make bench ROUNDS={options.rounds}" + (f" ONLY={options.only}" if options.only else ""))
    )
    kept, start = KEPT / f"{time.strftime('%Y%m%d-%H%M%S')}.json", time.monotonic()
    for row in _rows(options.rounds, only, options.peers):
        results.rows.append(row)
        results.save(kept)
        for line in in_short(row.figures, row.workload):
            print(f"{time.monotonic() - start:5.0f} s  {row.round} {row.peer} {line}", flush=True)
    print(f"{kept} has everything.")
    if not options.dry:
        page.write(results, PAGE)


def _rows(rounds: int, only: list[str], peers: str) -> Iterator[Row]:
    for number in range(rounds):
        for workload in only:
            part = PARTS[workload]
            for letter in part.always + (part.once if number == 0 else ""):
                if letter not in (peers or ALL):
                    continue
                try:
                    yield Row(number, letter, workload, part.measure(ALL[letter]))
                except RuntimeError as error:  # one that fails shall not take the others' results along
                    print(f"{workload} of {ALL[letter].name} failed: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()

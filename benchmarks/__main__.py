"""``python -m benchmarks``: measure, keep the results as JSON, and draw docs/performance.md from them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial

from benchmarks import results, servers, workloads

WORKLOADS: dict[str, Callable[[servers.Peer], workloads.Figures]] = {
    "trickle": workloads.trickle,
    "burst": workloads.burst,
    "crowd": partial(workloads.crowd, streams=5000),
}


def main() -> None:
    """Do what the options say."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", default="aedC")
    parser.add_argument("--only", default="trickle,burst,crowd")
    options = parser.parse_args()
    for number in range(options.rounds):
        for workload in options.only.split(","):
            for letter in options.peers:
                for line in results.in_short(WORKLOADS[workload](servers.ALL[letter]), workload):
                    print(f"{number} {letter} {line}", flush=True)


if __name__ == "__main__":
    main()

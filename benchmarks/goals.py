"""What the stream shall reach beside the others: medians of the ratios taken inside each round."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.results import Results, Spread, show

FAN_OUT = "cpu_per_delivery"
SENDING = "sending_per_delivery"


@dataclass(frozen=True)
class Goal:
    """One line of the table: a figure of one peer by that of another, and what it may be."""

    words: str
    peers: tuple[str, str]
    workload: str
    pick: str
    limit: float
    fits: Callable[[float, float], bool] = operator.le

    def measured(self, results: Results) -> Spread | None:
        """Give the ratio, None where it was not measured."""
        return results.ratio(self.peers, self.workload, self.pick)

    @property
    def wanted(self) -> str:
        """Write the limit down."""
        return f"{'≤' if self.fits is operator.le else '≥'} {self.limit:.3g}"


def _fan_out(words: str, peer: str, workload: str, pick: str, *limits: float) -> list[Goal]:
    others = zip("adC", limits, strict=True)
    return [Goal(words, (peer, other), workload, pick, limit) for other, limit in others]


def _burst(words: str, part: str) -> list[Goal]:
    rate, p99 = f"{part}.deliveries_per_second", f"{part}.latency.p99"
    return [
        Goal(f"{words}: deliveries a second", ("e", "a"), "burst", rate, 30, operator.ge),
        Goal(f"{words}: deliveries a second", ("e", "d"), "burst", rate, 8, operator.ge),
        Goal(f"{words}: p99", ("e", "a"), "burst", p99, 0.30),
        Goal(f"{words}: p99", ("e", "d"), "burst", p99, 1.5),
    ]


GOALS = [
    *_fan_out("CPU per delivery, 1,000 streams, every stream writes", "p", "trickle", FAN_OUT, 0.50, 1.3, 2.2),
    *_fan_out("CPU per delivery, 1,000 streams, write-through", "e", "trickle", FAN_OUT, 0.30, 0.80, 1.35),
    *_fan_out("CPU per delivery, 5,000 streams, write-through", "e", "crowd", f"fanout.{FAN_OUT}", 0.29, 0.75, 1.10),
    *_burst("200 events at once", "at_once"),
    *_burst("200 events over 16 connections", "sixteen"),
    Goal("300,000 deliveries/s asked: p99", ("e", "a"), "burst", "overload.latency.p99", 1 / 120),
    Goal("300,000 deliveries/s asked: p99", ("e", "d"), "burst", "overload.latency.p99", 1 / 40),
    Goal("memory per idle stream", ("e", "a"), "crowd", "connect.memory_per_stream", 0.36),
    Goal("memory per idle stream", ("e", "d"), "crowd", "connect.memory_per_stream", 0.83),
    Goal("CPU per connect", ("e", "a"), "crowd", "connect.cpu_per_connect", 0.5),
    Goal("CPU per webhook, 1,000 streams", ("e", "r"), "webhooks", "steady.cpu_per_webhook", 1.0),
    Goal("p99 of a webhook's answer, 1,000 streams", ("e", "r"), "webhooks", "steady.plans.publish.latency.p99", 1.0),
]
SENDING_ALONE = [
    *_fan_out("1,000 streams, every stream writes", "p", "trickle", SENDING, 0.50, 1.3, 2.2),
    *_fan_out("1,000 streams, write-through", "e", "trickle", SENDING, 0.30, 0.80, 1.35),
    *_fan_out("5,000 streams, write-through", "e", "crowd", f"fanout.{SENDING}", 0.29, 0.75, 1.10),
]
"""The same limits with what publishing to nobody costs taken off every side: what the fan-out itself does."""


@dataclass(frozen=True)
class Claim:
    """One line of the table that is no ratio: what has to be, and what was."""

    words: str
    wanted: str
    measured: str
    is_met: bool


def claims(results: Results) -> list[Claim]:
    """Judge what is not a comparison."""
    ours = [row for row in results.rows if row.peer in ("e", "p")]
    wrong = sum(part[word] for row in ours for part in parts(row.figures) for word in ("lost", "doubled", "disordered"))
    found = [Claim("lost, doubled or disordered at any stream of ours", "0", str(wrong), wrong == 0)]
    kept_up = results.spread("e", "burst", "overload.kept_up")
    if kept_up:
        words = f"{show(kept_up, 100)} %"
        found.append(Claim("300,000 deliveries/s asked: kept up", "≥ 97 %", words, kept_up.median >= 0.97))
    failed = results.of("e", "crowd10", "connect.failed")
    if failed:
        found.append(Claim("10,000 streams: failed", "0", f"{sum(failed.values()):.0f}", not any(failed.values())))
    refused = results.of("e", "webhooks", "much.plans.publish.refused")
    if refused:
        rate = results.spread("e", "webhooks", "much.webhooks_per_second")
        words = f"{sum(refused.values()):.0f}; one process takes {show(rate)} a second"
        found.append(Claim("300 webhooks at 300 a second: refused", "0", words, not any(refused.values())))
    return found + _stuck(results)


def _stuck(results: Results) -> list[Claim]:
    closed = results.of("e", "stuck", "with.is_closed")
    slowed = results.spread("e", "stuck", "slowed")
    if not closed or slowed is None:
        return []
    after = results.spread("e", "stuck", "with.closed_after")
    fate = f"{sum(closed.values()):.0f} of {len(closed)}, {show(after)} s after the last event"
    return [
        Claim(
            "p99 of 500 readers beside one that never reads, by a run without it",
            "≤ 1.2",
            show(slowed),
            slowed.median <= 1.2,
        ),
        Claim("a reader that never reads is closed", "always", fate, all(closed.values())),
    ]


def parts(figures: dict[str, object]) -> list[dict[str, int]]:
    """Give every run of plans within a measurement."""
    if "lost" in figures:
        return [figures]  # type: ignore[list-item]  # a row of the load client
    return [part for value in figures.values() if isinstance(value, dict) for part in parts(value)]

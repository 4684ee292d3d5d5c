"""Why a goal is missed, told from the figures of the same sitting; nothing is said of a goal that is met."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.goals import FAN_OUT, GOALS, SENDING, Goal
from benchmarks.results import Results, show

MEMORY, CONNECT = "connect.memory_per_stream", "connect.cpu_per_connect"
BURSTS = {
    "200 events at once": "at_once.deliveries_per_second",
    "200 events over 16 connections": "sixteen.deliveries_per_second",
}


def reasons(results: Results) -> Iterator[str]:
    """Give one entry for each kind of goal that is missed; none where the insides were not measured."""
    inside = next((row.figures for row in results.rows if row.workload == "inside"), None)
    missed = [goal for goal in GOALS if _is_missed(goal, results)]
    if inside is None:
        return
    picks = {goal.pick for goal in missed}
    if any(pick.endswith(FAN_OUT) for pick in picks):
        yield from _fan_out(results, inside["sending"]["microseconds"])
    for words, pick in BURSTS.items():
        if pick in picks:
            yield _burst(results, inside, words, pick)
    for pick, reason in ((MEMORY, _memory), (CONNECT, _connect)):
        if pick in picks:
            yield reason(results, inside)


def _is_missed(goal: Goal, results: Results) -> bool:
    measured = goal.measured(results)
    return measured is not None and not goal.fits(measured.median, goal.limit)


def _fan_out(results: Results, taken: dict[str, float]) -> Iterator[str]:
    record, sending = _median(results, "trickle", "publish_cpu"), _median(results, "trickle", SENDING)
    floor = results.spread("C", "trickle", SENDING)
    yield (
        f"- **CPU per delivery.** A tick and its record cost {record:,.0f} µs an event at this pace, shared by "
        f"1,000: {record / 1000:.2f} µs of each delivery, and the others keep nothing. The rest is {sending:.2f} µs; a "
        f"`send` for each stream from C costs {show(floor)} µs. Of a delivery with write-through all but `send(2)` is "
        f"{taken['through_mute']:.2f} µs; where every stream writes it is {taken['every_mute']:.2f} µs, the price of a "
        "generator that is woken."
    )


def _burst(results: Results, inside: dict[str, Any], words: str, pick: str) -> str:
    part, seed = pick.partition(".")[0], _median(results, "burst", pick, peer="a")
    reads, received, cpu = (_median(results, "burst", f"{part}.{name}") for name in ("reads", "received", FAN_OUT))
    writes = inside["sending"]["microseconds"]["send"] * reads / received
    return (
        f"- **{words}.** A write carries {received / reads:.0f} of them at once, so `send(2)` is {writes:.2f} of the "
        f"{cpu:.2f} µs of a delivery. Thirty times the seed are {30 * seed:,.0f} a second: {1e6 / (30 * seed):.2f} µs."
    )


def _memory(results: Results, inside: dict[str, Any]) -> str:
    stream, nchan = _median(results, "crowd", MEMORY), _median(results, "crowd", MEMORY, peer="d")
    return (
        f"- **Memory.** {inside['sending']['bytes']:,.0f} of {stream:,.0f} bytes are the greenlet that waits in its "
        f"generator. nchan, which parks nothing, holds {nchan:,.0f}: its goal was set for a build that holds 14,400."
    )


def _connect(results: Results, inside: dict[str, Any]) -> str:
    connect, own = _median(results, "crowd", CONNECT), inside["connect"]["milliseconds"] * 1000
    shares = inside["connect"]["shares"]
    return (
        f"- **CPU per connect.** {own:.0f} of {connect:.0f} µs are the application (Werkzeug and Flask "
        f"{shares['werkzeug'] + shares['flask']:.0%} of that, ours {shares['flaskapp']:.0%}). The rest accepts, "
        "parses in Python (gunicorn; the seed parses in C), and starts and ends a greenlet."
    )


def _median(results: Results, workload: str, pick: str, peer: str = "e") -> float:
    found = results.spread(peer, workload, pick)
    return found.median if found else 0.0

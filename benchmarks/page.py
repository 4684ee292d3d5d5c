"""docs/performance.md: everything between its markers is written from one file of results, and never by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import goals, plots
from benchmarks.reasons import reasons
from benchmarks.results import Results, show
from benchmarks.servers import ALL

BEGIN, END = "<!-- results: written by make bench -->", "<!-- end of the results -->"


@dataclass(frozen=True)
class Column:
    """A figure in a table; ``scale`` turns what was measured into what is shown."""

    head: str
    pick: str
    scale: float = 1.0


@dataclass(frozen=True)
class Table:
    """What one workload showed of each peer; ``compared`` is the figure whose ratio to ours stands at the end."""

    head: str
    workload: str
    columns: Sequence[Column]
    compared: str


def _latency(prefix: str = "") -> list[Column]:
    return [
        Column("p50 ms", f"{prefix}latency.p50", 1e-3),
        Column("p99 ms", f"{prefix}latency.p99", 1e-3),
        Column("max ms", f"{prefix}latency.max", 1e-3),
        Column("last stream has it, p50 ms", f"{prefix}last_subscriber.p50", 1e-3),
    ]


def _burst(head: str, part: str) -> Table:
    columns = [
        Column("deliveries/s", f"{part}.deliveries_per_second"),
        Column("µs CPU/delivery", f"{part}.cpu_per_delivery"),
        *_latency(f"{part}."),
    ]
    return Table(head, "burst", columns, f"{part}.deliveries_per_second")


def _crowd(head: str, workload: str) -> Table:
    columns = [
        Column("bytes/stream", "connect.memory_per_stream"),
        Column("connects/s", "connect.connects_per_second"),
        Column("µs CPU/connect", "connect.cpu_per_connect"),
        Column("failed", "connect.failed"),
        Column("idle CPU %", "idle.cpu_percent"),
        Column("µs CPU/delivery", "fanout.cpu_per_delivery"),
        Column("of it sending", "fanout.sending_per_delivery"),
        Column("p99 ms", "fanout.latency.p99", 1e-3),
    ]
    return Table(head, workload, columns, "connect.memory_per_stream")


def _webhooks(head: str, part: str) -> Table:
    columns = [
        Column("µs CPU/webhook", f"{part}.cpu_per_webhook"),
        Column("webhooks/s", f"{part}.webhooks_per_second"),
        Column("answer p50 ms", f"{part}.plans.publish.latency.p50", 1e-3),
        Column("answer p99 ms", f"{part}.plans.publish.latency.p99", 1e-3),
        Column("refused", f"{part}.plans.publish.refused"),
        Column("event p99 ms", f"{part}.latency.p99", 1e-3),
        Column("bytes/delivery", f"{part}.bytes_per_delivery"),
    ]
    return Table(head, "webhooks", columns, f"{part}.cpu_per_webhook")


TABLES = [
    Table(
        "1,000 streams, 20 events/s",
        "trickle",
        [
            Column("µs CPU/delivery", "cpu_per_delivery"),
            Column("of it sending", "sending_per_delivery"),
            Column("publishing to nobody, µs/event", "publish_cpu"),
            *_latency(),
        ],
        "cpu_per_delivery",
    ),
    _burst("1,000 streams, 200 events at once", "at_once"),
    _burst("1,000 streams, 200 events over one connection, each when the one before it is answered", "one"),
    _burst("1,000 streams, 200 events over 16 such connections", "sixteen"),
    _burst("1,000 streams, 300 events/s: 300,000 deliveries/s asked", "overload"),
    _crowd("5,000 idle streams, then 5 events/s", "crowd"),
    _crowd("10,000 idle streams, then 5 events/s", "crowd10"),
    _webhooks("20 webhooks/s, each a new card, 1,000 streams", "steady"),
    _webhooks("300 webhooks at 300/s, 1,000 streams", "much"),
    Table(
        "300 POSTs/s that do nothing",
        "posts",
        [
            Column("µs CPU/POST, nobody there", "alone.cpu_per_post"),
            Column("p99 ms", "alone.plans.publish.latency.p99", 1e-3),
            Column("p99 ms beside 10 events/s to 1,000 streams", "beside.plans.trivial.latency.p99", 1e-3),
            Column("p99 ms of those events", "beside.latency.p99", 1e-3),
        ],
        "alone.cpu_per_post",
    ),
    Table(
        "500 streams, 60 events/s, without and with one more that is never read",
        "stuck",
        [
            Column("p99 ms without", "without.latency.p99", 1e-3),
            Column("p99 ms with", "with.latency.p99", 1e-3),
            Column("most bytes that the kernel held for a stream, without", "without.unsent"),
            Column("with", "with.unsent"),
            Column("most memory beyond the start, without", "without.memory_growth"),
            Column("with", "with.memory_growth"),
            Column("closed", "with.is_closed"),
            Column("seconds after the last event", "with.closed_after"),
        ],
        "with.latency.p99",
    ),
    Table(
        "Restart under 5,000 streams, all come back at once",
        "storm",
        [
            Column("seconds until all are back", "connect.microseconds", 1e-6),
            Column("failed", "connect.failed"),
            Column("µs CPU/connect", "connect.cpu_per_connect"),
            Column("lost afterwards", "fanout.lost"),
        ],
        "connect.cpu_per_connect",
    ),
]


def write(results: Results, page: Path) -> None:
    """Write the results into the page, and its pictures beside it."""
    plots.draw(results, page.parent / "performance")
    text = page.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    lines = "\n".join(_lines(results))
    page.write_text(f"{before}{BEGIN}\n\n{lines}\n\n{END}{after}", encoding="utf-8")


def _lines(results: Results) -> Iterator[str]:
    yield from (f"- {name}: {value}" for name, value in results.about.items())
    yield from ("", "### Goals", "", *_goals(results))
    missed = list(reasons(results))
    if missed:
        yield from ("", "### What misses its goal, and why", "", *missed)
    yield from ("", "### Sending alone", "", *_sending_alone(results))
    yield from ("", "### Right or wrong", "", *_right_or_wrong(results))
    for name, title in plots.TITLES.items():
        yield from ("", f"![{title}](performance/{name}.svg)")
    for table in TABLES:
        yield from _table(results, table)
    yield from _inside(results)


def _goals(results: Results) -> Iterator[str]:
    yield from ("| figure | beside | goal | measured | |", "|---|---|---|---|---|")
    yield from _judged(results, goals.GOALS)
    for claim in goals.claims(results):
        yield f"| {claim.words} | | {claim.wanted} | {claim.measured} | {'met' if claim.is_met else '**not met**'} |"


def _sending_alone(results: Results) -> Iterator[str]:
    yield "What publishing to nobody costs is taken off every side here; the limits are those of the goals."
    yield from ("", "| CPU per delivery | beside | limit | measured | |", "|---|---|---|---|---|")
    yield from _judged(results, goals.SENDING_ALONE)


def _judged(results: Results, those: Sequence[goals.Goal]) -> Iterator[str]:
    for goal in those:
        measured = goal.measured(results)
        if measured is not None:
            verdict = "met" if goal.fits(measured.median, goal.limit) else "**not met**"
            yield f"| {goal.words} | {ALL[goal.peers[1]].name} | {goal.wanted} | {show(measured)} | {verdict} |"


def _right_or_wrong(results: Results) -> Iterator[str]:
    words = ("expected", "received", "lost", "doubled", "disordered", "superseded", "reloaded")
    yield from (f"| peer | {' | '.join(words)} |", f"|---|{'---:|' * len(words)}")
    for letter, peer in ALL.items():
        found = [part for row in results.rows if row.peer == letter for part in goals.parts(row.figures)]
        if found:
            yield f"| {peer.name} | {' | '.join(f'{sum(part[word] for part in found):,}' for word in words)} |"


def _inside(results: Results) -> Iterator[str]:
    words = {
        "tick": "One tick of the poller that finds one of 20 downloads moved",
        "webhook": "One webhook, a new card",
        "connect": "One stream that is opened and closed, without the server's part",
    }
    for row in (row for row in results.rows if row.workload == "inside"):
        yield from ("", "### Where our own time goes", "")
        for name, head in ((name, head) for name, head in words.items() if name in row.figures):
            shares = ", ".join(f"{package} {share:.0%}" for package, share in row.figures[name]["shares"].items())
            yield f"- {head}: {row.figures[name]['milliseconds']:.2f} ms of CPU time. By package: {shares}."
        if "sending" in row.figures:
            yield from _sending(row.figures["sending"])


def _sending(figures: dict[str, Any]) -> Iterator[str]:
    """Tell what one delivery consists of, and how much of a stream is the greenlet that waits."""
    taken = figures["microseconds"]
    yield "- One delivery, taken apart in one process with 1,000 connections, which another process reads:"
    yield from ("", "| µs of CPU for each delivery | write-through | every stream writes |", "|---|---:|---:|")
    rows = {
        "the whole": (taken["through"], taken["every"]),
        "`send(2)` alone, called in a bare loop for as many connections": (taken["send"], taken["send"]),
        "all but that: the same sweep with a send that does nothing": (taken["through_mute"], taken["every_mute"]),
        "of it, switching to a greenlet and back": (0.0, taken["switches"]),
    }
    yield from (f"| {words} | {through:.2f} | {every:.2f} |" for words, (through, every) in rows.items())
    yield ""
    yield f"- A greenlet that only waits holds {figures['bytes']:,.0f} bytes: a page of Python's stack, its part of the"
    yield "  C stack, and itself. nchan parks nothing for a stream: a goal beside it leaves us little for all the rest."


def _table(results: Results, table: Table) -> Iterator[str]:
    rows = [letter for letter in ALL if results.spread(letter, table.workload, table.columns[0].pick)]
    if not rows:
        return
    compared = next(column.head for column in table.columns if column.pick == table.compared)
    heads = ["peer", "rounds", *(column.head for column in table.columns), f"Arrivarr's {compared} ÷ its"]
    yield from ("", f"### {table.head}", "", f"| {' | '.join(heads)} |", f"|---|{'---:|' * (len(heads) - 1)}")
    for letter in rows:
        shown = [results.spread(letter, table.workload, column.pick) for column in table.columns]
        cells = [show(each, column.scale) for each, column in zip(shown, table.columns, strict=True)]
        ratio = results.ratio(("e", letter), table.workload, table.compared)
        rounds = shown[0].rounds if shown[0] else 0
        yield f"| {ALL[letter].name} | {rounds} | {' | '.join(cells)} | {show(ratio)} |"

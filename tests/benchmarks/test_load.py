"""The load client is only worth something if it notices what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from benchmarks import built
from benchmarks.load import Plan, load
from benchmarks.workloads import BODIES
from tests.benchmarks.wrong_server import WrongServer

EVENTS, STREAMS = 10, 3


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built.program("load", tmp_path_factory.mktemp("built"))


def publish(
    client: Path,
    tamper: Callable[[list[bytes]], Iterable[bytes]],
    requests: int = EVENTS,
    piece: int = 65536,
) -> dict[str, Any]:
    server = WrongServer(tamper, EVENTS, piece)
    try:
        with load(client, server.port) as driven:
            assert driven.open(STREAMS)["opened"] == STREAMS
            plan = Plan(server.port, "/publish", BODIES / "progress.json", EVENTS, requests=requests)
            return driven.run(plan, quiet=0.3, seconds=10)
    finally:
        server.close()


def wrongs(report: dict[str, Any]) -> dict[str, int]:
    return {word: report[word] for word in ("lost", "doubled", "disordered", "superseded", "reloaded") if report[word]}


def test_all_is_well_with_an_honest_server(client: Path) -> None:
    report = publish(client, lambda events: events)

    assert wrongs(report) == {}
    assert report["received"] == report["expected"] == EVENTS * STREAMS
    assert report["plans"]["publish"]["refused"] == 0
    assert 0 < report["latency"]["p50"] <= report["latency"]["p99"] <= report["latency"]["max"] < 10_000_000


def test_an_event_that_is_missing_is_lost(client: Path) -> None:
    report = publish(client, lambda events: events[:4] + events[5:])

    assert wrongs(report) == {"lost": STREAMS}
    assert report["last_lost"] == 4


def test_an_event_that_comes_twice_is_doubled(client: Path) -> None:
    assert wrongs(publish(client, lambda events: [*events, events[3]])) == {"doubled": STREAMS}


def test_two_events_that_change_places_are_disordered(client: Path) -> None:
    assert wrongs(publish(client, lambda events: [events[1], events[0], *events[2:]])) == {"disordered": STREAMS}


def test_an_older_number_of_the_same_request_may_be_left_out(client: Path) -> None:
    report = publish(client, lambda events: events[1:], requests=EVENTS // 2)

    assert wrongs(report) == {"superseded": STREAMS}


def test_the_newest_number_of_a_request_may_not(client: Path) -> None:
    assert wrongs(publish(client, lambda events: events[:-1], requests=EVENTS // 2)) == {"lost": STREAMS}


def test_what_a_reload_brings_is_not_lost(client: Path) -> None:
    report = publish(client, lambda events: [*events[:5], b'{"type":"resync","reason":"slow"}'])

    assert wrongs(report) == {"reloaded": 5 * STREAMS}


@pytest.mark.parametrize("piece", [1, 7, 100])
def test_events_are_found_however_the_bytes_are_cut(client: Path, piece: int) -> None:
    report = publish(client, lambda events: events, piece=piece)

    assert wrongs(report) == {}
    assert report["received"] == EVENTS * STREAMS

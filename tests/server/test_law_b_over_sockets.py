"""Law B against a real server: ten lives at once, half of their webhooks lost, the others doubled and shuffled."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from demo.stack import Stack
from demo.world import World
from tests.demo.recorder import Recorder
from tests.laws.download_steps import JobIs, Offered, TorrentIs
from tests.laws.steps import Asked, Declined, FileDeleted, Step, Wait
from tests.server.process import TOKEN, Server, wait_until

HD, SMALL = "Bluray-1080p", "WEBDL-1080p"
SEASON = tuple((1, number) for number in range(1, 7))
LIVES: dict[str, tuple[list[Step | Wait], tuple[str, str | None]]] = {
    "arrives": (
        [Offered("metropolis", HD, 10, "A"), Asked("metropolis", "chiara"), Wait(60)],
        ("available", None),
    ),
    "fails once": (
        [
            *(Offered("nosferatu", HD, 10, "A", "usenet"), Offered("nosferatu", SMALL, 10, "B")),
            *(Asked("nosferatu", "chiara"), Wait(8), JobIs("nosferatu", is_damaged=True), Wait(90)),
        ],
        ("available", None),
    ),
    "is upgraded": (
        [
            *(Offered("general", SMALL, 10, "A"), Asked("general", "chiara"), Wait(60)),
            *(Offered("general", HD, 10, "B"), Wait(60)),
        ],
        ("available", None),
    ),
    "is deleted": (
        [
            *(Offered("caligari", HD, 10, "A"), Asked("caligari", "chiara"), Wait(60)),
            *(FileDeleted("caligari", "manual"), Wait(30)),
        ],
        ("removed", "gone"),
    ),
    "is declined": ([Asked("charade", "anna"), Wait(5), Declined("charade"), Wait(5)], ("declined", None)),
    "waits for an answer": ([Asked("his-girl-friday", "anna"), Wait(5)], ("requested", "awaiting_approval")),
    "comes by usenet": (
        [Offered("living-dead", HD, 4000, "A", "usenet"), Asked("living-dead", "chiara"), Wait(20)],
        ("downloading", None),
    ),
    "is blocked": (
        [Offered("detour", HD, 10, "A", clear=False), Asked("detour", "chiara"), Wait(60)],
        ("downloaded", "import_blocked"),
    ),
    "is paused": (
        [
            *(Offered("sherlock-jr", HD, 400, "A"), Asked("sherlock-jr", "chiara"), Wait(20)),
            *(TorrentIs("sherlock-jr", "stopped"), Wait(5)),
        ],
        ("downloading", "paused"),
    ),
    "is a season": (
        [Offered("lantern-line", HD, 10, "A", keys=SEASON), Asked("lantern-line", "chiara", (1,)), Wait(90)],
        ("available", None),
    ),
}
LONGEST = 150.0
"""Seconds until all of it has to be right: Seerr is asked every minute, and a pause is told after one."""


@pytest.fixture
def post() -> Recorder:
    return Recorder()


@pytest.fixture
def world(post: Recorder) -> World:
    """Give a world whose lives end now."""
    steps = [step for life, _ in LIVES.values() for step in life]
    length = sum(step.seconds for step in steps if isinstance(step, Wait))
    world = World(datetime.now(UTC) - timedelta(seconds=length), post)
    world.connect("http://127.0.0.1", TOKEN)
    return world


@pytest.fixture
def server(tmp_path: Path, world: World) -> Iterator[Server]:
    stack = Stack(world)
    stack.start()
    server = Server(tmp_path, stack.environ())
    yield server
    server.stop()
    stack.stop()


@pytest.mark.timeout(LONGEST + 60)
def test_ten_lives_end_as_they_should_whatever_becomes_of_their_webhooks(
    server: Server, world: World, post: Recorder
) -> None:
    for life, _ in LIVES.values():
        _play(world, life)

    _deliver(server, post, random.Random(7))

    expected = {life[0].title: end for life, end in LIVES.values() if isinstance(life[0], Step)}
    wait_until(lambda: _board(server, world) == expected, LONGEST, step=1.0)
    server.assert_log_is_clean()


def _play(world: World, life: list[Step | Wait]) -> None:
    for step in life:
        if isinstance(step, Wait):
            world.advance(step.seconds)
        else:
            step.act(world)


def _deliver(server: Server, post: Recorder, dice: random.Random) -> None:
    survivors = [webhook for webhook in post.webhooks if dice.random() < 0.5] * 2
    dice.shuffle(survivors)
    for webhook in survivors:
        server.webhook(webhook.source, webhook.payload)


def _board(server: Server, world: World) -> dict[str, tuple[str, str | None]]:
    """Give state and trouble of each title."""
    slugs = {ask.id: ask.title.slug for ask in world.seerr.requests.values()}
    rows = requests.get(f"{server.url}/api/requests", timeout=10).json()["requests"]
    return {slugs[row["seerr_request_id"]]: (row["state"], row["trouble"] and row["trouble"]["kind"]) for row in rows}

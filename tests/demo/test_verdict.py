"""Two boards are compared when both have read everything, and no sooner."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from demo import verdict
from demo.verdict import Side, compare, differences
from demo.world import World
from tests.clients.web import Asked, Reply, Web, serve

QUEUE = "demo.radarr/api/v3/queue/details"
ROW = {
    "id": 1,
    "seerr_request_id": 5,
    "title": "The Lantern Line",
    "seasons": [2],
    "is_4k": False,
    "state": "downloading",
    "trouble": {"kind": "stalled"},
}
ITEMS = [{"season": 2, "episode": 1, "standing": "here"}]


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "STEP", 0.01)
    monkeypatch.setattr(verdict, "STEADY", 0.05)
    monkeypatch.setattr(verdict, "PATIENCE", 0.5)


@pytest.fixture
def board() -> Iterator[Web]:
    with serve(answer(ROW)) as board:
        yield board


def answer(row: dict[str, Any]) -> Any:
    def reply(asked: Asked) -> Reply:
        body = {"requests": [row]} if "limit" in asked.query else {**row, "items": ITEMS}
        return Reply(200, json.dumps(body).encode(), {"Content-Type": "application/json"})

    return reply


def test_each_request_has_a_name_a_state_a_trouble_and_its_episodes(board: Web) -> None:
    assert verdict.look(board.url) == {
        "5 The Lantern Line S02": {"state": "downloading", "trouble": "stalled", "items": {"S02E01": "here"}}
    }


def test_what_differs_is_named() -> None:
    good = {"1 Charade": {"state": "available"}, "2 Detour": {"state": "approved"}}

    assert differences(good, dict(good)) == []
    assert differences(good, {"1 Charade": {"state": "imported"}}) == [
        "1 Charade: {'state': 'available'} and {'state': 'imported'}",
        "2 Detour: {'state': 'approved'} and None",
    ]


def test_boards_that_say_the_same_are_equal(board: Web, world: World) -> None:
    side = Side(board.url, world)

    assert compare(side, side) == []


def test_boards_that_never_agree_are_not(board: Web, world: World) -> None:
    with serve(answer({**ROW, "state": "failed"})) as other:
        (found,) = compare(Side(board.url, world), Side(other.url, world))

    assert "downloading" in found
    assert "failed" in found


def test_nothing_is_said_before_everything_is_read_again(board: Web, world: World) -> None:
    world.calls[QUEUE] = 3
    read = threading.Timer(0.25, lambda: world.calls.update([QUEUE]))
    read.start()

    compare(Side(board.url, world), Side(board.url, world))
    read.join()

    assert world.calls[QUEUE] == 4
    assert len(board.asked) > 10

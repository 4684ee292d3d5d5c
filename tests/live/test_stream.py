from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from flaskapp.live import sse
from flaskapp.live.hub import Frame, Hub, Limits, Subscriber
from flaskapp.live.stream import greeting, stream


class Clock:
    """A clock that stands until it is told to move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def open_stream(hub: Hub, clock: Clock | None = None) -> tuple[Subscriber, Iterator[bytes]]:
    subscriber = hub.subscribe()
    return subscriber, stream(hub, subscriber, b"first", clock or Clock())


def change(n: int) -> Frame:
    return Frame(sse.encode({"n": n}, epoch="4f2a", n=n), n=n)


def read(piece: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in re.findall(r"^data: (.*)$", piece.decode(), re.MULTILINE)]


@pytest.fixture
def hub() -> Hub:
    return Hub("4f2a", 7, heartbeat=0.01)


def test_a_live_greeting_carries_the_cursor(hub: Hub) -> None:
    first = greeting(hub, hub.subscribe(), ())

    assert re.fullmatch(
        rb'retry: \d{4}\nid: 4f2a\.7\ndata: {"type":"connected","version":1,"mode":"live","heartbeat":0.01}\n\n', first
    )


def test_a_greeting_with_missed_frames_carries_none_of_its_own(hub: Hub) -> None:
    first = greeting(hub, hub.subscribe(), [change(6), change(7)])

    assert re.findall(rb"^id: (.*)$", first, re.MULTILINE) == [b"4f2a.6", b"4f2a.7"]
    assert [each.get("mode", each.get("n")) for each in read(first)] == ["replay", 6, 7]


def test_a_greeting_that_can_not_replay_says_resync_and_leaves_the_cursor_alone(hub: Hub) -> None:
    first = greeting(hub, hub.subscribe(), None)

    assert [each["mode"] for each in read(first)] == ["resync"]
    assert b"id:" not in first


def test_the_first_piece_comes_without_waiting(hub: Hub) -> None:
    _, pieces = open_stream(hub)

    assert next(pieces) == b"first"


def test_frames_that_wait_come_in_one_piece(hub: Hub) -> None:
    _, pieces = open_stream(hub)
    next(pieces)

    hub.publish([change(8)])
    hub.publish([change(9)])

    assert next(pieces) == change(8).data + change(9).data


def test_silence_is_broken_by_a_heartbeat_with_the_head(hub: Hub) -> None:
    _, pieces = open_stream(hub)
    next(pieces)

    assert next(pieces) == b'id: 4f2a.7\nevent: heartbeat\ndata: {"type":"heartbeat"}\n\n'


def test_a_heartbeat_never_moves_the_cursor_back(hub: Hub) -> None:
    subscriber, pieces = open_stream(hub)
    subscriber.skip_to(9)
    next(pieces)

    assert next(pieces).startswith(b"id: 4f2a.9\n")


def test_a_stream_ends_by_bye_when_its_time_is_over(hub: Hub) -> None:
    clock = Clock()
    _, pieces = open_stream(hub, clock)
    next(pieces)

    clock.now += 601 * 1.2

    assert read(b"".join(pieces)) == [{"type": "bye", "reason": "rotation"}]


def test_a_stream_does_not_end_before_its_time(hub: Hub) -> None:
    clock = Clock()
    _, pieces = open_stream(hub, clock)
    next(pieces)

    clock.now += 600 * 0.8 - 1

    assert b"heartbeat" in next(pieces)


def test_streams_that_began_together_end_apart() -> None:
    hub = Hub("4f2a", 0, heartbeat=0, limits=Limits(lifetime=100))
    clock = Clock()
    streams = [open_stream(hub, clock)[1] for _ in range(40)]
    for pieces in streams:
        next(pieces)

    clock.now += 100

    ended = sum(b"bye" in next(pieces, b"") for pieces in streams)
    assert 0 < ended < 40


def test_a_stream_ends_when_the_hub_closes(hub: Hub) -> None:
    _, pieces = open_stream(hub)
    next(pieces)
    hub.publish([change(8)])

    hub.close("stopping")

    assert read(b"".join(pieces)) == [{"n": 8}, {"type": "bye", "reason": "stopping"}]


def test_bye_is_not_lost_when_it_comes_during_a_write(hub: Hub) -> None:
    _, pieces = open_stream(hub)
    next(pieces)
    hub.publish([change(8)])
    next(pieces)

    hub.close("stopping")

    assert read(next(pieces)) == [{"type": "bye", "reason": "stopping"}]
    assert list(pieces) == []


def test_a_stream_whose_peer_left_ends_without_a_word(hub: Hub) -> None:
    subscriber, pieces = open_stream(hub)
    next(pieces)

    subscriber.end()

    assert list(pieces) == []


def test_a_stream_that_breaks_says_bye_and_the_log_says_why(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    subscriber, pieces = open_stream(hub)
    next(pieces)
    monkeypatch.setattr(subscriber, "take", lambda timeout: 1 / 0)

    assert read(b"".join(pieces)) == [{"type": "bye", "reason": "error"}]
    assert "ZeroDivisionError" in caplog.text

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from queue import SimpleQueue
from threading import Thread

import gevent
import pytest

from flaskapp.live import sse
from flaskapp.live.batch import Frame
from flaskapp.live.hub import Hub, Limits
from flaskapp.live.stream import Stream, greeting
from flaskapp.live.subscriber import Subscriber


def open_stream(hub: Hub) -> tuple[Subscriber, Iterator[bytes]]:
    subscriber = hub.subscribe()
    return subscriber, iter(Stream(hub, subscriber, b"first"))


def change(n: int) -> Frame:
    return Frame(sse.encode({"n": n}, epoch="4f2a", n=n), n=n)


def read(piece: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in re.findall(r"^data: (.*)$", piece.decode(), re.MULTILINE)]


def progress(request_id: int, percent: int) -> Frame:
    return Frame(sse.encode({"request_id": request_id, "progress": percent}), progress_of=request_id)


@pytest.fixture
def hub() -> Hub:
    return Hub("4f2a", 7, heartbeat=0.01)


def test_a_live_greeting_carries_the_cursor(hub: Hub) -> None:
    first = greeting(hub, hub.subscribe(), ())

    assert re.fullmatch(
        rb"retry: \d{4}\nid: 4f2a\.7\n"
        rb'data: {"type":"connected","version":1,"mode":"live","heartbeat":0.01,"scope":"all"}\n\n',
        first,
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


def test_silence_is_measured_from_what_was_written_last(hub: Hub) -> None:
    hub.heartbeat = 0.2
    _, pieces = open_stream(hub)
    next(pieces)
    gevent.sleep(0.12)
    hub.publish([change(8)])
    next(pieces)

    began = time.monotonic()

    assert b"heartbeat" in next(pieces)
    assert time.monotonic() - began >= 0.19


def test_a_stream_ends_by_bye_when_its_time_is_over(hub: Hub) -> None:
    hub.heartbeat, hub.limits = 15.0, Limits(lifetime=0.05)
    _, pieces = open_stream(hub)

    began = time.monotonic()
    _, *rest = pieces

    assert read(b"".join(rest)) == [{"type": "bye", "reason": "rotation"}]
    assert time.monotonic() - began >= 0.05 * 0.8


def test_streams_that_began_together_end_apart(hub: Hub) -> None:
    hub.heartbeat, hub.limits = 15.0, Limits(lifetime=0.5)
    ended: list[float] = []

    def read_all(pieces: Iterator[bytes]) -> None:
        for _ in pieces:
            pass
        ended.append(time.monotonic())

    gevent.joinall([gevent.spawn(read_all, open_stream(hub)[1]) for _ in range(40)])

    assert max(ended) - min(ended) > 0.05


def test_many_readers_are_woken_in_one_turn(hub: Hub) -> None:
    hub.heartbeat = 15.0
    readers = [gevent.spawn(lambda pieces: [next(pieces), next(pieces)], open_stream(hub)[1]) for _ in range(20)]
    gevent.idle()

    hub.publish([change(8)])
    gevent.sleep(0)

    assert all(reader.dead for reader in readers)


def test_a_reader_in_another_thread_is_woken(hub: Hub) -> None:
    hub.heartbeat = 15.0
    got: SimpleQueue[bytes] = SimpleQueue()

    def read_two() -> None:
        _, pieces = open_stream(hub)
        got.put(next(pieces))
        got.put(next(pieces))

    thread = Thread(target=read_two)
    thread.start()
    assert got.get(timeout=5) == b"first"
    time.sleep(0.05)  # in which it begins to wait

    hub.publish([change(8)])
    hub.flush()

    assert got.get(timeout=5) == change(8).data
    thread.join(5)


def test_one_browser_that_keeps_up_is_counted(hub: Hub) -> None:
    _, pieces = open_stream(hub)
    next(pieces)

    hub.publish([change(8), progress(1, 3), progress(1, 4)])
    next(pieces)
    next(pieces)  # the heartbeat: what was written is counted when the next piece is asked for

    assert (hub.meter.events, hub.meter.coalesced, hub.meter.deliveries) == (3, 1, 2)
    assert sum(hub.meter.latency) == 1


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

    hub.drop(subscriber)

    assert list(pieces) == []


def test_a_stream_that_breaks_says_bye_and_the_log_says_why(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _, pieces = open_stream(hub)
    next(pieces)
    monkeypatch.setattr(Subscriber, "wait", lambda subscriber: 1 / 0)

    assert read(b"".join(pieces)) == [{"type": "bye", "reason": "error"}]
    assert "ZeroDivisionError" in caplog.text

from __future__ import annotations

import json
import re

import gevent
import pytest
from gevent.event import Event

from flaskapp.live import sse
from flaskapp.live.batch import Frame
from flaskapp.live.hub import AddressFullError, Hub, HubClosedError, HubFullError, Limits
from flaskapp.live.subscriber import Bounds, Subscriber

ROOMY = Limits()


def make_hub(head: int = 0, limits: Limits = ROOMY) -> Hub:
    return Hub("4f2a", head, limits=limits)


def change(n: int, text: str = "") -> Frame:
    return Frame(sse.encode({"n": n, "text": text}, epoch="4f2a", n=n), n=n)


def progress(request_id: int, percent: int) -> Frame:
    return Frame(sse.encode({"request_id": request_id, "progress": percent}), progress_of=request_id)


def taken(hub: Hub, subscriber: Subscriber) -> bytes:
    hub.flush()
    return subscriber.take().data


def read(hub: Hub, subscriber: Subscriber) -> list[dict[str, object]]:
    return [json.loads(line) for line in re.findall(r"^data: (.*)$", taken(hub, subscriber).decode(), re.MULTILINE)]


def reader(subscriber: Subscriber) -> gevent.Greenlet[[], bytes]:
    def wait_and_take() -> bytes:
        subscriber.wait()
        return subscriber.take().data

    return gevent.spawn(wait_and_take)


def test_everybody_gets_what_is_published_in_order() -> None:
    hub = make_hub()
    anna, ben = hub.subscribe(), hub.subscribe()

    hub.publish([change(1), change(2)])
    hub.publish([change(3)])

    assert taken(hub, anna) == taken(hub, ben) == b"".join(change(n).data for n in (1, 2, 3))


def test_who_comes_later_gets_only_what_is_published_later() -> None:
    hub = make_hub()
    hub.publish([change(1)])

    late = hub.subscribe()
    hub.publish([change(2)])

    assert taken(hub, late) == change(2).data


def test_a_reader_that_waits_is_woken() -> None:
    hub = make_hub()
    subscriber = hub.subscribe()
    waiting = reader(subscriber)
    gevent.idle()

    hub.publish([change(1), change(2)])

    assert waiting.get(timeout=1) == change(1).data + change(2).data


def test_silence_gives_nothing() -> None:
    hub = make_hub()

    assert taken(hub, hub.subscribe()) == b""


def test_the_head_follows_what_is_published() -> None:
    hub = make_hub(head=4)

    hub.publish([change(5), change(7), progress(1, 50)])

    assert hub.head == 7


def test_the_head_never_goes_back() -> None:
    hub = make_hub(head=4)

    hub.publish([change(3)])

    assert hub.head == 4


def test_only_the_newest_progress_of_each_request_is_written() -> None:
    hub = make_hub()
    subscriber = hub.subscribe()

    hub.publish([progress(1, 10), progress(2, 20), change(1), progress(1, 12)])

    assert taken(hub, subscriber) == progress(2, 20).data + change(1).data + progress(1, 12).data


def test_what_the_replay_had_is_not_written_again() -> None:
    hub = make_hub(head=4)
    subscriber = hub.subscribe()
    hub.publish([change(5), progress(1, 10), change(6)])

    subscriber.skip_to(6)
    hub.publish([change(6), change(7)])

    assert taken(hub, subscriber) == progress(1, 10).data + change(7).data


def test_too_many_frames_become_one_resync_and_the_stream_goes_on() -> None:
    hub = make_hub(limits=Limits(bounds=Bounds(frames=3)))
    subscriber = hub.subscribe()
    hub.publish([change(n) for n in (1, 2, 3)])
    hub.flush()

    hub.publish([change(4), change(5)])
    hub.flush()
    hub.publish([change(6)])

    assert read(hub, subscriber) == [{"type": "resync", "reason": "slow"}, {"n": 6, "text": ""}]


def test_too_many_bytes_become_one_resync() -> None:
    hub = make_hub(limits=Limits(bounds=Bounds(size=1000)))
    subscriber = hub.subscribe()
    hub.publish([change(1, "x" * 600)])

    hub.publish([change(2, "x" * 600)])

    assert read(hub, subscriber) == [{"type": "resync", "reason": "slow"}]


def test_the_resync_of_a_slow_reader_moves_its_cursor_to_what_it_missed() -> None:
    hub = make_hub(limits=Limits(bounds=Bounds(frames=1)))
    subscriber = hub.subscribe()

    hub.publish([change(1), change(2), change(3)])

    assert taken(hub, subscriber).startswith(b"id: 4f2a.3\n")


def test_a_slow_reader_costs_nobody_else_anything() -> None:
    hub = make_hub(limits=Limits(bounds=Bounds(frames=2)))
    slow, quick = hub.subscribe(), hub.subscribe()

    seen = []
    for n in range(1, 6):
        hub.publish([change(n)])
        seen += [each["n"] for each in read(hub, quick)]

    assert seen == [1, 2, 3, 4, 5]
    assert {"type": "resync", "reason": "slow"} in read(hub, slow)


def test_the_queue_of_who_never_reads_stays_bounded() -> None:
    hub = make_hub()
    subscriber = hub.subscribe()

    for n in range(1, 2000):
        hub.publish([change(n, "x" * 2000)])

    assert len(taken(hub, subscriber)) <= 256 * 1024


def test_a_queue_has_room_again_after_it_was_read() -> None:
    hub = make_hub(limits=Limits(bounds=Bounds(size=1000)))
    subscriber = hub.subscribe()

    for n in (1, 2, 3):
        hub.publish([change(n, "x" * 600)])
        assert [each["n"] for each in read(hub, subscriber)] == [n]


def test_resync_goes_to_everybody_with_the_head_it_stands_for() -> None:
    hub = make_hub(head=4)
    anna, ben = hub.subscribe(), hub.subscribe()

    hub.resync("bulk", 90)

    assert taken(hub, anna) == taken(hub, ben) == b'id: 4f2a.90\ndata: {"type":"resync","reason":"bulk"}\n\n'
    assert hub.head == 90


def test_close_says_bye_after_what_waits() -> None:
    hub = make_hub()
    subscriber = hub.subscribe()
    hub.publish([change(1)])

    hub.close("stopping")
    hub.publish([change(2)])

    assert read(hub, subscriber) == [{"n": 1, "text": ""}, {"type": "bye", "reason": "stopping"}]
    assert subscriber.is_over


def test_bye_tells_every_client_another_time_to_come_back() -> None:
    hub = make_hub()
    subscribers = [hub.subscribe() for _ in range(50)]

    hub.close("stopping")

    retries = [int(re.findall(rb"^retry: (\d+)$", taken(hub, each), re.MULTILINE)[0]) for each in subscribers]
    assert len(set(retries)) > 25
    assert min(retries) >= 1000


def test_a_closed_hub_lets_nobody_in() -> None:
    hub = make_hub()
    hub.close("stopping")

    with pytest.raises(HubClosedError):
        hub.subscribe()


def test_a_reader_whose_peer_left_is_woken_and_told_nothing() -> None:
    hub = make_hub()
    subscriber = hub.subscribe()
    waiting = reader(subscriber)
    gevent.idle()

    hub.drop(subscriber)

    assert waiting.get(timeout=1) == b""
    assert subscriber.is_over


def test_only_the_first_end_counts() -> None:
    hub = make_hub()
    subscriber = hub.subscribe()

    hub.end(subscriber, "rotation")
    hub.close("stopping")

    assert read(hub, subscriber) == [{"type": "bye", "reason": "rotation"}]


def test_unsubscribing_twice_counts_once() -> None:
    hub = make_hub()
    gone, stays = hub.subscribe("192.168.1.20"), hub.subscribe("192.168.1.20")

    hub.unsubscribe(gone)
    hub.unsubscribe(gone)

    assert hub.count == 1
    hub.publish([change(1)])
    assert (taken(hub, gone), taken(hub, stays)) == (b"", change(1).data)


def test_a_full_hub_lets_in_again_when_somebody_left() -> None:
    hub = make_hub(limits=Limits(streams=1))
    only = hub.subscribe()
    with pytest.raises(HubFullError):
        hub.subscribe()

    hub.unsubscribe(only)

    assert hub.subscribe()


def test_an_address_fills_only_its_own_share() -> None:
    hub = make_hub(limits=Limits(streams_per_address=1))
    only = hub.subscribe("192.168.1.20")
    with pytest.raises(AddressFullError):
        hub.subscribe("192.168.1.20")

    assert hub.subscribe("192.168.1.21")
    hub.unsubscribe(only)
    assert hub.subscribe("192.168.1.20")


def test_who_has_no_address_of_its_own_is_not_counted_by_address() -> None:
    hub = make_hub(limits=Limits(streams_per_address=1))

    assert hub.subscribe() is not hub.subscribe()


def test_comings_and_goings_are_told() -> None:
    told: list[int] = []
    hub = Hub("4f2a", 0, on_count=told.append)

    subscriber = hub.subscribe()
    hub.unsubscribe(subscriber)
    hub.unsubscribe(subscriber)

    assert told == [+1, -1]


def test_publishing_never_switches_to_another_greenlet() -> None:
    hub = make_hub(limits=Limits(bounds=Bounds(frames=8)))
    readers = [reader(hub.subscribe()) for _ in range(3)]
    gevent.idle()
    switched = Event()
    waits_for_a_switch = gevent.spawn(switched.set)

    for n in range(1, 50):
        hub.publish([change(n), progress(1, n)])

    assert not switched.is_set()
    waits_for_a_switch.get(timeout=1)
    assert all(waiting.get(timeout=1) for waiting in readers)

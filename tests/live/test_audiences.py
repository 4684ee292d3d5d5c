"""A stream gets what its viewer may see, and nothing else; also when that changes."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import gevent
import pytest

from flaskapp.domain.audience import EVERYBODY, Audience
from flaskapp.domain.viewer import Viewer
from flaskapp.live import sse
from flaskapp.live.batch import Batch, Frame
from flaskapp.live.hub import Hub
from flaskapp.live.message import Envelope, Message, decode, encode
from flaskapp.live.subscriber import Subscriber

ANNA, BEN = (Viewer(name, Audience(requesters=frozenset([i])), user_id=i) for i, name in ((1, "Anna"), (2, "Ben")))
GUEST = Viewer("a private link", Audience(request_ids=frozenset([20])), link_id=1)
ADMIN = Viewer("Eve", EVERYBODY, is_admin=True, user_id=3)


def change(n: int, requester_id: int | None) -> Frame:
    """Change the request whose number is ten times that of its requester."""
    request_id = 10 * (requester_id or 9)
    return Frame(sse.encode({"n": n}, epoch="4f2a", n=n), n=n, request_id=request_id, requester_id=requester_id)


def heard(hub: Hub, subscriber: Subscriber) -> list[object]:
    hub.flush()
    told = re.findall(r"^data: (.*)$", subscriber.take().data.decode(), re.MULTILINE)
    return [event.get("n") or event.get("reason") for event in map(json.loads, told)]


@pytest.fixture
def hub() -> Hub:
    return Hub("4f2a", 0)


def test_everybody_hears_of_what_they_may_see(hub: Hub) -> None:
    anna, ben, guest, admin = (hub.subscribe(viewer=viewer) for viewer in (ANNA, BEN, GUEST, ADMIN))

    hub.publish([change(1, 1), change(2, 2), change(3, None)])
    hub.publish([change(4, 2)])
    hub.resync("bulk")

    assert heard(hub, anna) == [1, "bulk"]
    assert heard(hub, ben) == heard(hub, guest) == [2, 4, "bulk"]
    assert heard(hub, admin) == [1, 2, 3, 4, "bulk"]


def test_who_may_see_nothing_of_it_is_not_woken(hub: Hub) -> None:
    anna = hub.subscribe(viewer=ANNA)
    waiting = gevent.spawn(anna.wait)
    gevent.sleep(0)

    hub.publish([change(1, 2)])
    gevent.sleep(0.01)

    assert not waiting.dead
    hub.publish([change(2, 1)])
    waiting.get(timeout=1)
    assert heard(hub, anna) == [2]


def test_what_idle_connections_get_is_what_they_may_see(hub: Hub) -> None:
    written: dict[str, list[bytes]] = {"Anna": [], "Ben": [], "Eve": []}
    for viewer in (ANNA, BEN, ADMIN):

        def try_send(data: bytes, name: str = viewer.name) -> int:
            written[name].append(data)
            return len(data)

        hub.offer(hub.subscribe(viewer=viewer), try_send)

    frames = [change(1, 1), change(2, 2)]
    hub.publish(frames)
    hub.flush()

    assert written["Anna"] == [Batch(frames[:1], 0.0).chunk]
    assert written["Ben"] == [Batch(frames[1:], 0.0).chunk]
    assert written["Eve"] == [Batch(frames, 0.0).chunk]


def test_who_has_a_private_link_gets_no_card(hub: Hub) -> None:
    written: list[bytes] = []

    def try_send(data: bytes) -> int:
        written.append(data)
        return len(data)

    hub.offer(hub.subscribe(viewer=GUEST), try_send)
    event = {"type": "request_updated", "request_id": 20}
    frame = Frame(sse.encode(event | {"card": "Ben's"}, epoch="4f2a", n=1), n=1, request_id=20, requester_id=2)

    hub.publish([frame])
    hub.flush()

    assert written == [Batch([replace(frame, data=sse.encode(event, epoch="4f2a", n=1))], 0.0).chunk]


def test_who_may_listen_no_more_hears_bye_and_not_what_waited(hub: Hub) -> None:
    anna, ben = hub.subscribe(viewer=ANNA), hub.subscribe(viewer=BEN)
    hub.publish([change(1, 1), change(2, 2)])

    hub.look_again({ANNA: None, BEN: BEN})
    hub.publish([change(3, 1), change(4, 2)])

    assert heard(hub, anna) == ["signed out"]
    assert anna.is_over
    assert heard(hub, ben) == [2, 4]


def test_who_sees_other_requests_from_now_on_loads_the_board_anew(hub: Hub) -> None:
    anna = hub.subscribe(viewer=ANNA)
    hub.publish([change(1, 1)])

    hub.look_again({ANNA: replace(ANNA, audience=BEN.audience)})
    hub.publish([change(2, 1), change(3, 2)])

    assert heard(hub, anna) == ["scope", 3]


def test_an_idle_connection_changes_what_it_gets_as_well(hub: Hub) -> None:
    written: list[bytes] = []

    def try_send(data: bytes) -> int:
        written.append(data)
        return len(data)

    anna = hub.subscribe(viewer=ANNA)
    hub.offer(anna, try_send)

    hub.look_again({ANNA: replace(ANNA, audience=BEN.audience)})
    hub.publish([change(1, 1), change(2, 2)])

    assert heard(hub, anna) == ["scope", 2]
    assert written == []


def test_a_new_name_alone_disturbs_nobody(hub: Hub) -> None:
    anna = hub.subscribe(viewer=ANNA)

    hub.look_again({ANNA: replace(ANNA, name="Anna B.")})

    assert heard(hub, anna) == []
    assert hub.viewers() == {replace(ANNA, name="Anna B.")}


def test_other_processes_hear_whose_it_is() -> None:
    frames = (change(1, 1), change(2, None), Frame(b"data: {}\n\n"))

    assert decode(encode(Envelope("here", 1, Message("changes", {"after": 0}, frames)))).message.frames == [*frames]

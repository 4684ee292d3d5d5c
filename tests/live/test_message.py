from __future__ import annotations

import pytest

from flaskapp.live.batch import Frame
from flaskapp.live.message import Envelope, Message, decode, encode
from flaskapp.live.outbox import LOOK, MOST, Outbox

FRAMES = (Frame(b'id: a1b2.11\ndata: {"card":"x"}\n\n', n=11), Frame(b"data: {}\n\n", progress_of=4))


def test_a_message_comes_out_as_it_went_in() -> None:
    envelope = Envelope("a-process", 7, Message("changes", {"after": 10}, list(FRAMES)))

    assert decode(encode(envelope)) == envelope


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null\n", b"\xff", b'{"frames": [[1]]}\n'])
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises((ValueError, LookupError, TypeError)):
        decode(data)


def test_an_outbox_that_nobody_collects_keeps_nothing() -> None:
    outbox = Outbox()

    outbox.put(Message("progress"))

    assert outbox.take(0) == []


def test_an_outbox_gives_what_waits_in_order_and_once() -> None:
    outbox = Outbox()
    outbox.open()
    first, second = Message("changes", {"after": 1}), Message("changes", {"after": 2})

    outbox.put(first)
    outbox.put(second)

    assert outbox.take(0) == [first, second]
    assert outbox.take(0) == []


def test_an_outbox_that_is_full_lets_the_others_read_the_table() -> None:
    outbox = Outbox()
    outbox.open()

    for n in range(MOST + 3):
        outbox.put(Message("changes", {"after": n}))

    assert outbox.take(0) == [LOOK, Message("changes", {"after": MOST + 1}), Message("changes", {"after": MOST + 2})]

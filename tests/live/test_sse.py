from __future__ import annotations

import json

import httpx
import pytest
import sseclient
from httpx_sse import EventSource
from hypothesis import given
from hypothesis import strategies as st

from flaskapp.live import sse


def read_by_httpx(data: bytes) -> list[tuple[str, str, str]]:
    response = httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=data)
    return [(each.id, each.event, each.data) for each in EventSource(response).iter_sse()]


def read_by_sseclient(data: bytes) -> list[tuple[str, str, str]]:
    return [(each.id or "", each.event, each.data) for each in sseclient.SSEClient(iter([data])).events()]


def test_a_frame_is_one_line_of_compact_json() -> None:
    frame = sse.encode({"type": "resync", "reason": "slow"})

    assert frame == b'data: {"type":"resync","reason":"slow"}\n\n'


def test_a_frame_with_everything_has_its_lines_in_order() -> None:
    frame = sse.encode({"type": "heartbeat"}, epoch="4f2a", n=17, name="heartbeat", retry=2500)

    assert frame == b'retry: 2500\nid: 4f2a.17\nevent: heartbeat\ndata: {"type":"heartbeat"}\n\n'


def test_a_field_is_left_out_and_all_else_stays() -> None:
    frame = sse.encode({"type": "request_updated", "card": "data: é\n", "rev": 3}, epoch="4f2a", n=17, retry=2500)

    assert sse.without(frame, "card") == sse.encode(
        {"type": "request_updated", "rev": 3}, epoch="4f2a", n=17, retry=2500
    )
    assert sse.without(frame, "title") == frame


def test_a_frame_is_ascii_without_a_byte_order_mark() -> None:
    frame = sse.encode({"title": "Amélie 🎬 \ufeff\u2028\x85"})

    assert frame.isascii()


@given(title=st.text(), n=st.integers(0, 2**62))
def test_no_text_breaks_a_frame_for_any_client(title: str, n: int) -> None:
    frames = sse.encode({"title": title}, epoch="4f2a", n=n) * 2

    for read in (read_by_httpx, read_by_sseclient):
        events = read(frames)
        assert [(id_, name, json.loads(data)) for id_, name, data in events] == [
            (f"4f2a.{n}", "message", {"title": title})
        ] * 2


@pytest.mark.parametrize("epoch", [None, "", "Ä", "4f2a\n", "4F2A", "a b", "x" * 17])
def test_an_epoch_that_would_break_the_id_is_refused(epoch: str | None) -> None:
    with pytest.raises(ValueError, match="can't stand in a frame"):
        sse.encode({}, epoch=epoch, n=1)


def test_a_negative_id_is_refused() -> None:
    with pytest.raises(ValueError, match="never negative"):
        sse.encode({}, epoch="4f2a", n=-1)


@pytest.mark.parametrize("name", ["", "two words", "heartbeat\n", "Ä"])
def test_a_name_that_would_break_the_frame_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="can't stand in a frame"):
        sse.encode({}, name=name)


def test_a_retry_that_would_make_a_storm_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1000 ms"):
        sse.encode({}, retry=999)


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        sse.encode({"progress": float("nan")})

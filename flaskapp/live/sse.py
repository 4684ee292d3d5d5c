"""The bytes of a frame; nothing else.

A frame is whole or not written: a reader drops an incomplete one together with its id. Bare ``id:`` or ``retry:``
blocks and comments are never sent, since some clients make empty events of the former and none shows the latter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

SHORTEST_RETRY = 1000
"""Milliseconds; with less, a stream that ends at once becomes a storm of connections."""
EPOCH = re.compile(r"[0-9a-z]{1,16}")
NAME = re.compile(r"[a-z_]{1,32}")


def encode(
    event: Mapping[str, Any],
    *,
    epoch: str | None = None,
    n: int | None = None,
    name: str | None = None,
    retry: int | None = None,
) -> bytes:
    """Write one frame: unnamed unless ``name`` says otherwise, with an id when ``epoch`` and ``n`` are given."""
    lines = [f"data: {_one_line(event)}", "\n"]
    if name is not None:
        lines.insert(0, f"event: {_checked(name, NAME)}")
    if n is not None:
        lines.insert(0, f"id: {_cursor(epoch, n)}")
    if retry is not None:
        lines.insert(0, f"retry: {_long_enough(retry)}")
    return "\n".join(lines).encode("ascii")


def without(data: bytes, field: str) -> bytes:
    """Leave a field out of the event of a frame."""
    head, mark, rest = data.partition(b"data: ")
    line, _, end = rest.partition(b"\n")
    event = {name: value for name, value in json.loads(line).items() if name != field}
    return b"".join([head, mark, _one_line(event).encode("ascii"), b"\n", end])


def _one_line(event: Mapping[str, Any]) -> str:
    # ASCII alone: clients differ in what ends a line, and JSON escapes every candidate.
    return json.dumps(event, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def _cursor(epoch: str | None, n: int) -> str:
    if n < 0:
        raise ValueError("An id of the stream is never negative.")
    return f"{_checked(epoch or '', EPOCH)}.{n}"


def _checked(word: str, pattern: re.Pattern[str]) -> str:
    if not pattern.fullmatch(word):
        raise ValueError(f"{word!r} can't stand in a frame.")
    return word


def _long_enough(retry: int) -> int:
    if retry < SHORTEST_RETRY:
        raise ValueError(f"Clients have to wait at least {SHORTEST_RETRY} ms.")
    return retry

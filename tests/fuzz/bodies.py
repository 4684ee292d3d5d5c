"""Bodies as no service sends them: examples with other values in their places, and what is no body at all."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import cycle
from typing import Any

from hypothesis import strategies as st

from flaskapp.sources import SOURCES
from tests.app import PAYLOADS

MOST = int(os.environ.get("FUZZ_BODIES", "2000"))
"""So many bodies are sent over all; `make fuzz` sends ten times as many."""

HURT = "window.hurt=1"
CANARIES = (
    f"<script>{HURT}</script>",
    f'"><img src=x onerror="{HURT}">',
    f"' autofocus tabindex=1 onfocus='{HURT}' x='",
    f'" onanimationstart={HURT} onmouseover={HURT} x="',
    f"</title></textarea></style></script><svg onload={HURT}>",
    f"<iframe srcdoc='<script>parent.{HURT}</script>'></iframe>",
    f"javascript:{HURT}",
    f"data:text/html,<script>{HURT}</script>",
    f"</bdi><form action=javascript:{HURT}><button autofocus>",
    f"--><!-- ]]> <base href=javascript:{HURT}//>",
    "{{ 7 * 7 }}{% raw %}${7*7}",
)
ODD = (
    *CANARIES,
    *("", " ", "\x00", "\ud800", "\u2028", "\u202e", "null", "-1", "1e999", "NaN", "9" * 40, "A" * 5_000),
    *("../../etc/passwd", "http://169.254.169.254/latest", "2026-13-45T99:99:99Z", "0001-01-01T00:00:00Z"),
)
SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=30) | st.sampled_from(ODD)
)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)

Body = dict[str, Any]
Place = tuple[str | int, ...]


def _examples() -> Iterator[tuple[str, Body]]:
    for source in SOURCES:
        for path in sorted((PAYLOADS / source).glob("*.json")):
            if not path.name.startswith("api-"):
                yield source, json.loads(path.read_text(encoding="utf-8"))


EXAMPLES = tuple(_examples())


def places(value: object, here: Place = ()) -> Iterator[Place]:
    """Give every place in a body, the outer ones first."""
    inside: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in inside:
        yield (*here, name)
        yield from places(inner, (*here, name))


def put(body: Body, place: Place, value: object) -> None:
    """Put a value into a place of a body, unless the place has gone with an outer one."""
    *outer, last = place
    inside: Any = body
    for name in outer:
        inside = inside[name] if _has(inside, name) else None
    if _has(inside, last):
        inside[last] = value


def _has(inside: Any, name: str | int) -> bool:
    if isinstance(inside, dict):
        return name in inside
    return isinstance(inside, list) and isinstance(name, int) and name < len(inside)


@st.composite
def changed(draw: st.DrawFn) -> tuple[str, bytes]:
    """Give a source and one of its bodies in which up to four values are something else."""
    source, example = draw(st.sampled_from(EXAMPLES))
    body = deepcopy(example)
    for place in draw(st.lists(st.sampled_from(list(places(body))), min_size=1, max_size=4)):
        put(body, place, draw(ANYTHING))
    return source, json.dumps(body).encode()


NO_BODIES = st.tuples(
    st.sampled_from(list(SOURCES)),
    st.binary(max_size=200) | ANYTHING.map(lambda value: json.dumps(value).encode()) | st.just(b"[" * 50_000),
)

KEPT = re.compile(r"[0-9A-Fa-f-]*|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ].*")
"""Ids and times, without which a body would be about nothing."""
WORDS = {
    *("eventType", "notification_type", "media_type", "NotificationType", "ItemType", "deleteReason", "status"),
    *("status4k", "requestedBy_email", "image"),
}


def poisoned(value: Any, canaries: Iterator[str], name: str = "") -> Any:
    """Give a body that is about the same and whose every text would hurt a page that takes it for markup."""
    if isinstance(value, dict):
        return {key: poisoned(inner, canaries, str(key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [poisoned(inner, canaries, name) for inner in value]
    if not isinstance(value, str) or name in WORDS or name.endswith("Id") or KEPT.fullmatch(value):
        return value
    return next(canaries)


def all_poisoned() -> Iterator[tuple[str, Body]]:
    """Give every example of every source, poisoned."""
    canaries = cycle(CANARIES)
    for source, example in EXAMPLES:
        yield source, poisoned(example, canaries)

"""Whatever comes, a source says what it means or refuses it in one sentence."""

from __future__ import annotations

import copy
import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flaskapp.sources import SOURCES
from flaskapp.sources.fields import MOST_NOTES
from flaskapp.sources.translation import Translation, UnusablePayloadError
from tests.sources.samples import AT, sample, webhooks

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from(
        [0, -1, 2**63, 10**4000, 1e400, float("nan"), "{{a}}", "\ud800", "\0", "9" * 5000, "{}", "x" * 9000]
    ),
    st.floats(),
    st.text(st.characters(codec=None), max_size=20),
    st.lists(st.none() | st.integers() | st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=3), max_size=3),
)
FILES = [(source, path.name) for source in SOURCES for path in webhooks(source)]


def understand(source: str, payload: dict[str, Any]) -> Translation | None:
    try:
        return SOURCES[source].parse(payload, AT)
    except UnusablePayloadError:
        return None


def texts(value: object) -> list[str]:
    """List every text in what a source said."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list | tuple):
        return [text for each in value for text in texts(each)]
    return []


def places(value: object) -> list[tuple[Any, Any]]:
    """List every place in a payload as its container and its key or number."""
    pairs: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        pairs = [(value, key) for key in value]
    elif isinstance(value, list):
        pairs = [(value, number) for number in range(len(value))]
    return pairs + [inner for container, key in pairs for inner in places(container[key])]


NAMES = sorted({key for file in FILES for _, key in places(sample(*file)) if isinstance(key, str)})
INNER = st.dictionaries(st.sampled_from(NAMES), ODD, max_size=6)
OBJECTS = st.dictionaries(st.sampled_from(NAMES), ODD | INNER | st.lists(INNER, max_size=3), max_size=12)


@settings(derandomize=True, max_examples=2000, deadline=None)
@given(file=st.sampled_from(FILES), payload=OBJECTS)
def test_any_object_of_a_known_kind_is_understood_or_refused(file: tuple[str, str], payload: dict[str, Any]) -> None:
    source, real = file[0], sample(*file)
    kinds = {key: real[key] for key in ("eventType", "notification_type", "NotificationType", "type") if key in real}

    for each in (payload, payload | kinds):
        translation = understand(source, each)

        assert translation is None or bool(translation.observations) != bool(translation.reason)


@settings(derandomize=True, max_examples=1500, deadline=None)
@given(data=st.data())
def test_a_real_body_with_odd_places_is_understood_or_refused(data: st.DataObject) -> None:
    source, name = data.draw(st.sampled_from(FILES))
    payload = copy.deepcopy(sample(source, name))
    for _ in range(data.draw(st.integers(1, 4))):
        found = places(payload)
        if found:
            container, key = data.draw(st.sampled_from(found))
            container[key] = data.draw(ODD)

    translation = understand(source, payload)

    if translation is not None:
        assert len(translation.notes) <= MOST_NOTES
        # PostgreSQL refuses NUL, and a lone surrogate can't be encoded for anybody.
        said = "".join(texts(dataclasses.astuple(translation)))
        assert "\0" not in said
        said.encode()


@settings(derandomize=True, max_examples=300, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("source", SOURCES)
def test_a_damaged_body_is_decoded_or_refused(source: str, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(webhooks(source)))
    body = bytearray(path.read_bytes())
    start = data.draw(st.integers(0, len(body)))
    body[start : start + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=8))

    try:
        payload = SOURCES[source].decode(bytes(body))
    except UnusablePayloadError:
        return

    understand(source, payload)
    assert isinstance(payload, dict)


@pytest.mark.parametrize(("source", "name"), FILES)
def test_losing_any_one_field_never_breaks_a_source(source: str, name: str) -> None:
    body = json.dumps(sample(source, name))
    for number in range(len(places(json.loads(body)))):
        payload = json.loads(body)
        container, key = places(payload)[number]
        del container[key]

        understand(source, payload)

"""Whatever rows an answer of Radarr, Sonarr or Jellyfin has: what can be read is read, and nothing is raised."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flaskapp.domain.observation import Observation
from flaskapp.domain.queue import DownloadListed
from flaskapp.sources import radarr, sonarr
from flaskapp.sources.jellyfin import read_item
from flaskapp.sources.servarr_health import disk_of, our_notification, read_causes
from tests.sources.rest_rows import rest, rows
from tests.sources.samples import AT
from tests.sources.test_odd_payloads import ODD, places, texts

Rows = list[dict[str, Any]]
QUEUES = {"radarr": radarr.read_queue, "sonarr": sonarr.read_queue}
HISTORIES = {"radarr": radarr.read_history, "sonarr": sonarr.read_history}
LISTS = [(source, f"api-{kind}.json") for source in QUEUES for kind in ("queue", "queue-details", "history-since")]


def read_list(source: str, listed: Rows) -> list[Observation]:
    """Read rows as both a queue and a history."""
    downloads, held = QUEUES[source](listed, AT)
    history = [observation for row in HISTORIES[source](listed, AT) for observation in row.observations]
    return [*downloads, held, *history]


def damaged(data: st.DataObject, whole: Any) -> Any:
    """Put odd values into a few places."""
    whole = copy.deepcopy(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        found = places(whole)
        if found:
            container, key = data.draw(st.sampled_from(found))
            container[key] = data.draw(ODD)
    return whole


@settings(derandomize=True, max_examples=600, deadline=None)
@given(data=st.data())
def test_a_real_list_with_odd_places_is_read(data: st.DataObject) -> None:
    source, name = data.draw(st.sampled_from(LISTS))
    number = data.draw(st.integers(0, 3))
    listed = rows(source, name)[number : number + 3]

    read = read_list(source, [row for row in damaged(data, listed) if isinstance(row, dict)])

    for observation in read:
        assert observation.seen_at <= AT
        if isinstance(observation, DownloadListed):
            assert observation.items
            assert observation.progress is None or 0 <= observation.progress <= 1
    # PostgreSQL refuses NUL, and a lone surrogate can't be encoded for anybody.
    said = "".join(text for observation in read for text in texts(dataclasses.astuple(observation)))
    assert "\0" not in said
    said.encode()


@pytest.mark.parametrize(("source", "name"), LISTS)
def test_losing_any_one_field_never_breaks_a_list(source: str, name: str) -> None:
    # Two rows, as two of a pack have to agree.
    for listed in _without_one_field(rows(source, name)[:2]):
        read_list(source, listed)


def _without_one_field(listed: Rows) -> Iterator[Rows]:
    for number in range(len(places(listed))):
        poorer = copy.deepcopy(listed)
        container, key = places(poorer)[number]
        del container[key]
        yield poorer


ANSWERS: dict[str, tuple[Callable[[], Any], Callable[[Any, datetime], object]]] = {
    "health": (lambda: rest("sonarr", "api-health.json"), lambda answer, _: read_causes(answer)),
    "connections": (
        lambda: [rest("radarr", "api-notification-response.json")],
        lambda answer, _: our_notification(answer, "radarr", "radarr"),
    ),
    "disks": (
        lambda: [{"path": "/movies", "label": "films", "freeSpace": 5, "totalSpace": 9}],
        lambda answer, _: disk_of(answer, "/movies/Charade (1963)"),
    ),
    "items": (
        lambda: rest("jellyfin", "rest/items-search-with-provider-ids.json")["Items"],
        lambda answer, seen_at: [read_item(item, seen_at) for item in answer],
    ),
}


@settings(derandomize=True, max_examples=200, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("kind", ANSWERS)
def test_a_small_answer_with_odd_places_is_read(kind: str, data: st.DataObject) -> None:
    real, read = ANSWERS[kind]

    read([row for row in damaged(data, real()) if isinstance(row, dict)], AT)

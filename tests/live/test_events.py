from __future__ import annotations

import pytest

from flaskapp.domain.state import State
from flaskapp.live import events, sse
from flaskapp.live.events import Drawn, Event

TROUBLE = {
    "kind": "import_blocked",
    "sentence": "Radarr can't import it by itself.",
    "since": "2026-03-14T12:00:00Z",
    "who": "admin",
    "until": None,
}
CARD = Drawn("<article>Nosferatu</article>", 7)

CONTRACT: list[tuple[Event, Event]] = [
    (
        events.connected("live", 15.0, "all"),
        {"type": "connected", "version": 1, "mode": "live", "heartbeat": 15.0, "scope": "all"},
    ),
    (
        events.progress_update(42, 61, -1, 2_000_000),
        {"type": "progress_update", "request_id": 42, "progress": 61, "eta": -1, "speed": 2_000_000},
    ),
    (
        events.state_change(42, State.GRABBED, State.DOWNLOADING, CARD),
        {
            "type": "state_change",
            "request_id": 42,
            "old_state": "grabbed",
            "new_state": "downloading",
            "card": "<article>Nosferatu</article>",
            "rev": 7,
            "trouble": None,
        },
    ),
    (
        events.request_updated(42, CARD),
        {
            "type": "request_updated",
            "request_id": 42,
            "card": "<article>Nosferatu</article>",
            "rev": 7,
            "trouble": None,
        },
    ),
    (
        events.request_updated(42, Drawn("<article>Nosferatu</article>", 8, TROUBLE)),
        {
            "type": "request_updated",
            "request_id": 42,
            "card": "<article>Nosferatu</article>",
            "rev": 8,
            "trouble": TROUBLE,
        },
    ),
    (
        events.request_created(42, "Nosferatu", None, State.REQUESTED, CARD),
        {
            "type": "request_created",
            "request_id": 42,
            "title": "Nosferatu",
            "poster_url": None,
            "state": "requested",
            "card": "<article>Nosferatu</article>",
            "rev": 7,
            "trouble": None,
        },
    ),
    (events.request_deleted(42), {"type": "request_deleted", "request_id": 42}),
    (events.resync("slow"), {"type": "resync", "reason": "slow"}),
    (events.bye("stopping"), {"type": "bye", "reason": "stopping"}),
    (events.heartbeat(), {"type": "heartbeat"}),
]


@pytest.mark.parametrize(("event", "expected"), CONTRACT, ids=[str(expected["type"]) for _, expected in CONTRACT])
def test_an_event_has_the_fields_of_the_contract(event: Event, expected: Event) -> None:
    assert sse.encode(event) == sse.encode(expected)


def test_a_card_that_left_the_board_is_told_without_html() -> None:
    event = events.request_updated(42, Drawn(None, 9))

    assert event == {"type": "request_updated", "request_id": 42, "card": None, "rev": 9, "trouble": None}


def test_the_stream_says_of_a_trouble_what_everybody_may_read() -> None:
    stored = TROUBLE | {"items": [[1, 2]], "messages": ["/srv/films is not writable"]}

    assert events.trouble(stored) == TROUBLE
    assert events.trouble(None) is None

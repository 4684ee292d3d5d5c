"""What a browser missed comes from the table: exactly that, once, in order."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert

from flaskapp.config import Settings
from flaskapp.domain.state import State
from flaskapp.extensions import writing
from flaskapp.live.announce import REPLAY, Announcer
from flaskapp.models import Change, MediaRequest
from tests.app import Browser, Send, Told, read, running

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
Replay = Callable[[int], list[Told] | None]


@pytest.fixture
def replay(app: Flask) -> Replay:
    announcer: Announcer = app.extensions["announcer"]

    def replay(after: int) -> list[Told] | None:
        with app.app_context():
            frames = announcer.replay(after)
        return None if frames is None else [read(frame) for frame in frames]

    return replay


def missed(replay: Replay, after: int) -> list[Told]:
    told = replay(after)
    assert told is not None
    return told


def shape(told: Told) -> tuple[Any, ...]:
    event = told.event
    return (told.n, event["type"], event["request_id"], event.get("old_state"), event.get("new_state"))


def add_changes(app: Flask, number: int) -> None:
    row = {
        "media_request_id": 1,
        "kind": "detail",
        "from_state": State.REQUESTED,
        "to_state": State.REQUESTED,
        "source": "seerr",
        "reason": "",
        "occurred_at": NOON,
        "recorded_at": NOON,
    }
    with app.app_context(), writing() as session:
        session.execute(insert(Change), [row] * number)


def test_what_was_missed_is_told_as_it_was_told_live(send: Send, browser: Browser, replay: Replay) -> None:
    send("seerr", "media-pending-movie")
    send("seerr", "media-pending-tv-partial-seasons")
    send("seerr", "media-approved-movie")
    send("radarr", "grab-torrent")
    live = browser.hears()

    told = missed(replay, 1)

    assert [shape(each) for each in told] == [shape(each) for each in live[1:]]
    assert [each.id for each in told] == [each.id for each in live[1:]]


def test_three_changes_of_one_film_keep_their_own_states_and_carry_the_card_of_today(
    send: Send, replay: Replay
) -> None:
    send("seerr", "media-pending-movie")
    send("seerr", "media-approved-movie")
    send("radarr", "grab-torrent")
    send("radarr", "download-import")

    told = missed(replay, 1)

    assert [shape(each)[3:] for each in told] == [
        ("requested", "approved"),
        ("approved", "grabbed"),
        ("grabbed", "imported"),
    ]
    assert {each.event["rev"] for each in told} == {4}
    assert all('data-state="imported" data-rev="4"' in each.event["card"] for each in told)


def test_a_card_that_is_gone_is_not_carried(app: Flask, send: Send, replay: Replay) -> None:
    send("seerr", "media-pending-movie")
    send("seerr", "media-approved-movie")
    app.test_client().delete("/api/requests/1")

    told = missed(replay, 0)

    assert [each.event["type"] for each in told] == ["request_created", "state_change", "request_deleted"]
    assert [each.event.get("card") for each in told] == [None, None, None]


def test_who_has_everything_missed_nothing(send: Send, replay: Replay) -> None:
    assert replay(0) == []
    send("seerr", "media-pending-movie")

    assert replay(1) == []


def test_a_place_after_the_end_can_not_be_replayed(send: Send, replay: Replay) -> None:
    assert replay(1) is None
    send("seerr", "media-pending-movie")

    assert replay(2) is None


def test_a_long_gap_can_not_be_replayed(app: Flask, send: Send, replay: Replay) -> None:
    send("seerr", "media-pending-movie")
    add_changes(app, REPLAY)

    assert len(missed(replay, 1)) == REPLAY
    assert replay(0) is None


def test_a_gap_that_was_pruned_can_not_be_replayed(app: Flask, send: Send, replay: Replay) -> None:
    send("seerr", "media-pending-movie")
    add_changes(app, 9)
    with app.app_context(), writing() as session:
        session.execute(delete(Change).where(Change.id < 5))

    assert [each.n for each in missed(replay, 4)] == [5, 6, 7, 8, 9, 10]
    assert replay(3) is None


def test_a_long_replay_draws_each_card_once(
    app: Flask, send: Send, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    send("seerr", "media-pending-movie")
    send("seerr", "media-pending-tv-partial-seasons")
    add_changes(app, 50)
    drawn: list[int] = []
    draw = Announcer.card

    def card(announcer: Announcer, media_request: MediaRequest) -> str | None:
        drawn.append(media_request.id)
        return draw(announcer, media_request)

    monkeypatch.setattr(Announcer, "card", card)

    missed(replay, 0)

    assert drawn == [1, 2]


def events_of(response_data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in re.findall(rb"^data: (.*)$", response_data, re.MULTILINE)]


def first_piece(app: Flask, **headers: str) -> list[dict[str, Any]]:
    response = app.test_client().get("/events", headers={key.replace("_", "-"): text for key, text in headers.items()})
    try:
        return events_of(next(response.iter_encoded()))
    finally:
        response.close()


def test_a_browser_comes_back_to_a_server_that_was_started_anew(settings: Settings, app: Flask, send: Send) -> None:
    epoch = app.extensions["hub"].epoch
    send("seerr", "media-pending-movie")
    send("seerr", "media-approved-movie")

    with running(settings) as again:
        greeting, *told = first_piece(again, Last_Event_ID=f"{epoch}.1")

    assert greeting["mode"] == "replay"
    assert [(each["type"], each["new_state"]) for each in told] == [("state_change", "approved")]


def test_the_cursor_of_the_page_leads_into_the_stream_without_a_gap(app: Flask, send: Send) -> None:
    send("seerr", "media-pending-movie")
    page = app.test_client().get("/").text
    cursor = re.search(r'data-cursor="([^"]+)"', page)
    assert cursor is not None
    send("seerr", "media-approved-movie")

    response = app.test_client().get(f"/events?since={cursor[1]}")
    greeting, *told = events_of(next(response.iter_encoded()))
    response.close()

    assert greeting["mode"] == "replay"
    assert [each["type"] for each in told] == ["state_change"]


def test_after_a_restore_everybody_loads_the_board_anew(settings: Settings, app: Flask, send: Send) -> None:
    epoch = app.extensions["hub"].epoch
    send("seerr", "media-pending-movie")
    app.test_cli_runner().invoke(args=["new-epoch"])

    with running(settings) as again:
        greeting, *told = first_piece(again, Last_Event_ID=f"{epoch}.1")

    assert (greeting["mode"], told) == ("resync", [])

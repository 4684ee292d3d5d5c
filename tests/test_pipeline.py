"""Payload file in, card HTML and frames out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event, func, select

from flaskapp.domain.observation import MediaRef, MediaType, Observation, RequestTold, Word
from flaskapp.domain.origin import Origin
from flaskapp.domain.recorded import Recorded
from flaskapp.extensions import db
from flaskapp.live.announce import BULK
from flaskapp.models import Change, Delivery
from flaskapp.pipeline import Pipeline
from tests.app import Browser, Send

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
SEERR = Origin("seerr", "seerr", is_4k=False, now=NOON)
LIFE = (
    ("seerr", "media-pending-movie"),
    ("seerr", "media-approved-movie"),
    ("radarr", "grab-torrent"),
    ("radarr", "download-import"),
    ("jellyfin", "item-added-movie"),
)


def live(send: Send) -> None:
    """Let a film come all the way."""
    for source, name in LIFE:
        assert send(source, name).get_json()["outcome"] == "applied"


def wish(number: int) -> RequestTold:
    media = MediaRef(MediaType.MOVIE, tmdb_id=number, title=f"Film {number}", year=1927)
    return RequestTold(seen_at=NOON, seerr_request_id=number, media=media, word=Word.PENDING)


def ingest(app: Flask, *observations: Observation, origin: Origin = SEERR) -> Recorded:
    pipeline: Pipeline = app.extensions["pipeline"]
    with app.app_context():
        return pipeline.ingest(observations, origin)


def states(events: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(each["old_state"], each["new_state"]) for each in events if each["type"] == "state_change"]


def test_a_film_comes_and_every_browser_sees_each_step(send: Send, browser: Browser) -> None:
    live(send)

    events = [told.event for told in browser.hears()]
    assert events[0]["type"] == "request_created"
    assert states(events) == [
        ("requested", "approved"),
        ("approved", "grabbed"),
        ("grabbed", "imported"),
        ("imported", "available"),
    ]


def test_a_wish_is_told_with_title_poster_and_state(send: Send, browser: Browser) -> None:
    send("seerr", "media-pending-movie")

    (told,) = browser.hears()
    card, trouble = told.event.pop("card"), told.event.pop("trouble")
    assert (trouble["kind"], trouble["who"]) == ("awaiting_approval", "admin")
    assert told.event.pop("poster_url").startswith("/posters/1?k=")
    assert told.event == {
        "type": "request_created",
        "request_id": 1,
        "title": "Night of the Living Dead",
        "state": "requested",
        "rev": 1,
    }
    assert 'data-request-id="1"' in card
    assert 'data-state="requested"' in card
    assert 'data-rev="1"' in card


def test_a_title_without_a_poster_has_no_address_of_one(send: Send, browser: Browser) -> None:
    send("seerr", "media-pending-movie-null-poster-empty-overview-quoted-title")

    (told,) = browser.hears()
    assert told.event["poster_url"] is None


def test_a_new_state_is_told_with_the_old_one(send: Send, browser: Browser) -> None:
    send("seerr", "media-pending-movie")
    send("seerr", "media-approved-movie")

    told = browser.hears()[-1]
    assert 'data-state="approved"' in told.event.pop("card")
    assert told.event == {
        "type": "state_change",
        "request_id": 1,
        "old_state": "requested",
        "new_state": "approved",
        "rev": 2,
        "trouble": None,
    }


def test_what_changes_a_card_and_no_state_is_told_as_an_update(send: Send, browser: Browser) -> None:
    send("seerr", "media-approved-movie")
    send("seerr", "media-approved-movie", subject="Night of the Living Dead, restored (1968)")

    told = browser.hears()[-1]
    assert "Night of the Living Dead, restored" in told.event.pop("card")
    assert told.event == {"type": "request_updated", "request_id": 1, "rev": 2, "trouble": None}


def test_a_card_that_is_taken_off_is_told_by_its_number_alone(app: Flask, send: Send, browser: Browser) -> None:
    send("seerr", "media-pending-movie")

    app.test_client().delete("/api/requests/1")

    assert browser.hears()[-1].event == {"type": "request_deleted", "request_id": 1}


def test_ids_ascend_carry_the_epoch_and_are_those_of_the_changes(app: Flask, send: Send, browser: Browser) -> None:
    live(send)

    told = [each for each in browser.hears() if each.event["type"] != "progress_update"]
    with app.app_context():
        changes = db.session.scalars(select(Change.id).order_by(Change.id)).all()
    assert [each.id for each in told] == [f"{app.extensions['hub'].epoch}.{n}" for n in changes]


def test_a_webhook_that_says_nothing_new_is_told_to_nobody(send: Send, browser: Browser) -> None:
    send("radarr", "grab-torrent")
    send("seerr", "media-pending-movie")
    browser.hears()

    send("seerr", "media-pending-movie")
    send("radarr", "grab-torrent")
    send("radarr", "rename")
    send("seerr", "issue-created-movie")

    assert browser.hears() == []


def test_the_card_in_a_frame_is_the_card_of_the_page(app: Flask, send: Send, browser: Browser) -> None:
    live(send)

    assert browser.hears()[-1].event["card"] in app.test_client().get("/").text
    assert app.test_client().get("/board").text == app.test_client().get("/board").text


def test_a_series_tells_of_each_episode_that_arrives(send: Send, browser: Browser) -> None:
    series = {"media__tmdbId": "9990301", "media__tvdbId": "9990101", "subject": "The Signal House (2022)"}
    send("seerr", "media-approved-tv-partial-seasons", **series, extra=[{"name": "Requested Seasons", "value": "2"}])
    send("sonarr", "grab-season-pack")
    browser.hears()

    for number in range(1, 5):
        send("sonarr", f"download-season-pack-{number}-of-4")

    told = [each.event for each in browser.hears() if each.event["type"] != "progress_update"]
    assert [each["type"] for each in told] == ["state_change", *["request_updated"] * 3]
    assert [each["card"].count("strip__mark--imported") for each in told] == [1, 2, 3, 4]


@pytest.mark.parametrize(("number", "types"), [(BULK - 1, ["request_created"] * (BULK - 1)), (BULK, ["resync"])])
def test_a_crowd_of_changes_is_one_resync(app: Flask, browser: Browser, number: int, types: list[str]) -> None:
    ingest(app, *(wish(n) for n in range(1, number + 1)))

    told = browser.hears()
    assert [each.event["type"] for each in told] == types
    assert told[-1].n == number


def test_after_a_crowd_single_changes_are_told_again(app: Flask, browser: Browser) -> None:
    ingest(app, *(wish(n) for n in range(1, BULK + 1)))
    browser.hears()

    ingest(app, wish(BULK + 1))

    assert [(each.n, each.event["type"]) for each in browser.hears()] == [(BULK + 1, "request_created")]


def test_a_card_that_can_not_be_drawn_is_a_resync_and_no_trouble_of_the_sender(
    app: Flask, send: Send, browser: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(app.jinja_env, "get_template", lambda name: 1 / 0)
        response = send("seerr", "media-pending-movie")

    assert (response.status_code, response.get_json()["outcome"]) == (200, "applied")
    (told,) = browser.hears()
    assert told.event == {"type": "resync", "reason": "announce failed"}
    assert told.n == 1
    assert "Could not announce changes [1]" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_a_failed_announcement_does_not_come_back_with_the_next(
    app: Flask, send: Send, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(app.jinja_env, "get_template", lambda name: 1 / 0)
        send("seerr", "media-pending-movie")
    browser.hears()

    send("seerr", "media-approved-movie")

    assert browser.hears_types() == ["state_change"]


def test_what_leaves_the_door_is_numbers_and_no_rows(app: Flask) -> None:
    recorded = ingest(app, wish(1), wish(2))

    assert recorded == Recorded(change_ids=[1, 2], measured=[], turn=recorded.turn)


def test_facts_change_and_outcome_are_written_together_or_not_at_all(app: Flask, send: Send, browser: Browser) -> None:
    commits: list[tuple[int, int]] = []

    def count(connection: Connection) -> None:
        changes = connection.scalar(select(func.count()).select_from(Change)) or 0
        done = connection.scalar(select(func.count(Delivery.outcome))) or 0
        commits.append((changes, done))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "commit", count)

    send("seerr", "media-pending-movie")

    event.remove(engine, "commit", count)
    assert commits == [(0, 0), (1, 1)]  # first the body alone, then all that follows from it
    assert browser.hears_types() == ["request_created"]


def test_a_failure_while_recording_leaves_nothing_behind_and_tells_nobody(
    app: Flask, send: Send, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flaskapp.deliveries._settle", lambda *_: 1 / 0)

    response = send("seerr", "media-pending-movie")

    assert (response.status_code, response.get_json()["outcome"]) == (200, "kept")
    assert browser.hears() == []
    assert app.test_client().get("/api/requests").get_json()["requests"] == []

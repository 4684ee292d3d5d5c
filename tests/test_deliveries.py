"""A body that was kept is never lost, and never applied twice."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from flaskapp.config import Settings
from flaskapp.deliveries import KEPT_FOR, MOST_ATTEMPTS, Applied, Deliveries
from flaskapp.extensions import db
from flaskapp.models import Change, Delivery, MediaRequest
from flaskapp.models.row import Row
from flaskapp.signals import Signals
from flaskapp.sources import SOURCES, Source
from tests.app import PAYLOADS, Browser, Send

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
WISH = (PAYLOADS / "seerr" / "media-pending-movie.json").read_bytes()
GRAB = (PAYLOADS / "radarr" / "grab-torrent.json").read_bytes()


@pytest.fixture
def deliveries(app: Flask) -> Iterator[Deliveries]:
    with app.app_context():
        yield app.extensions["deliveries"]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Let every parser crash, until the given function mends them."""
    with monkeypatch.context() as patch:
        for name, source in SOURCES.items():
            patch.setitem(SOURCES, name, Source(source.decode, lambda *_: 1 / 0))  # type: ignore[arg-type]
        yield patch.undo


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Let another process hold the database in a writing transaction for longer than we wait."""
    with closing(sqlite3.connect(settings.data_dir / "arrivarr.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def rows(model: type[Row]) -> Sequence[Any]:
    with Session(db.engine) as session:
        return session.scalars(select(model).order_by(model.id)).all()


def fate(delivery_id: int = 1) -> tuple[str | None, int]:
    delivery = rows(Delivery)[delivery_id - 1]
    return delivery.outcome, delivery.attempts


def test_a_body_is_kept_as_it_came_and_applied_in_a_second_step(deliveries: Deliveries) -> None:
    delivery_id = deliveries.keep("seerr", "seerr", WISH, NOON)

    (kept,) = rows(Delivery)
    assert (kept.id, kept.source, kept.instance) == (delivery_id, "seerr", "seerr")
    assert (kept.body, kept.received_at) == (WISH, NOON)
    assert (kept.kind, kept.outcome, kept.reason, kept.attempts) == (None, None, None, 0)
    assert rows(MediaRequest) == []

    applied = deliveries.apply(delivery_id, NOON)

    assert applied == Applied("applied")
    assert (rows(Delivery)[0].kind, fate()) == ("MEDIA_PENDING", ("applied", 0))


@pytest.mark.parametrize(
    ("source", "body", "outcome", "reason"),
    [
        ("seerr", b'{"notification_type": "TEST_NOTIFICATION"}', "ignored", "test"),
        ("radarr", b'{"eventType": "Jubilee"}', "ignored", "We do not follow this kind of event."),
        ("radarr", b"[]", "rejected", "The body is not a JSON object."),
        ("radarr", b"\xff\xfe", "rejected", "The body is not JSON."),
        ("radarr", b'{"eventType": "Grab"}', "rejected", "movie.id has to be a whole number above 0."),
    ],
)
def test_what_became_of_a_body_is_kept_with_the_reason(
    deliveries: Deliveries, source: str, body: bytes, outcome: str, reason: str
) -> None:
    applied = deliveries.apply(deliveries.keep(source, source, body, NOON), NOON)

    assert applied == Applied(outcome, reason)
    (kept,) = rows(Delivery)
    assert (kept.outcome, kept.reason, kept.body) == (outcome, reason, body)


def test_a_parser_that_crashes_leaves_the_body_open(
    deliveries: Deliveries, broken: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    applied = deliveries.apply(deliveries.keep("seerr", "seerr", WISH, NOON), NOON)

    assert applied.outcome == "kept"
    assert rows(Delivery)[0].body == WISH
    assert fate() == (None, 0)
    assert "ZeroDivisionError" in caplog.text


def test_what_stayed_open_is_applied_with_the_time_of_its_arrival(
    deliveries: Deliveries, broken: Callable[[], None]
) -> None:
    deliveries.apply(deliveries.keep("seerr", "seerr", WISH, NOON), NOON)
    broken()

    assert deliveries.retry(NOON + timedelta(hours=5)) == 1

    assert fate() == ("applied", 1)
    (change,) = rows(Change)
    assert (change.occurred_at, change.recorded_at) == (NOON, NOON + timedelta(hours=5))


def test_a_crash_between_keeping_and_applying_is_made_good_at_the_next_start(
    deliveries: Deliveries, browser: Browser
) -> None:
    deliveries.keep("seerr", "seerr", WISH, NOON)
    deliveries.keep("radarr", "4k", GRAB, NOON)

    assert deliveries.retry(NOON) == 2

    assert [fate(1), fate(2)] == [("applied", 1), ("applied", 1)]
    assert browser.hears_types() == ["request_created"]


def test_after_five_attempts_a_body_waits_for_a_person(deliveries: Deliveries, broken: Callable[[], None]) -> None:
    deliveries.keep("seerr", "seerr", WISH, NOON)

    tried = [deliveries.retry(NOON) for _ in range(MOST_ATTEMPTS + 2)]

    assert tried == [1, 1, 1, 1, 1, 0, 0]
    assert fate()[0] == "failed"
    assert "flask replay" in rows(Delivery)[0].reason
    assert rows(Delivery)[0].body == WISH

    broken()
    assert deliveries.replay([], NOON) == [(1, Applied("applied"))]
    assert len(rows(MediaRequest)) == 1


def test_one_body_that_fails_holds_up_no_other(deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SOURCES, "radarr", Source(SOURCES["radarr"].decode, lambda *_: 1 / 0))  # type: ignore[arg-type]
    deliveries.keep("radarr", "radarr", GRAB, NOON)
    deliveries.keep("seerr", "seerr", WISH, NOON)

    deliveries.retry(NOON)

    assert [fate(1)[0], fate(2)[0]] == [None, "applied"]


def test_what_is_replayed_is_applied_again_and_changes_nothing_that_is_true(
    deliveries: Deliveries, browser: Browser
) -> None:
    deliveries.apply(deliveries.keep("seerr", "seerr", WISH, NOON), NOON)
    before = [(each.id, each.kind) for each in rows(Change)]
    browser.hears()

    assert deliveries.replay([1], NOON + timedelta(days=1)) == [(1, Applied("applied"))]

    assert [(each.id, each.kind) for each in rows(Change)] == before
    assert browser.hears() == []


def test_replay_without_names_leaves_alone_what_went_well(deliveries: Deliveries) -> None:
    deliveries.apply(deliveries.keep("seerr", "seerr", WISH, NOON), NOON)
    deliveries.apply(deliveries.keep("seerr", "seerr", b"{}", NOON), NOON)

    assert deliveries.replay([], NOON) == []


def test_many_who_apply_one_body_at_once_apply_it_once(
    app: Flask, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery_id = deliveries.keep("seerr", "seerr", WISH, NOON)
    start, outcomes, read = threading.Barrier(8), [], []
    seerr = SOURCES["seerr"]
    counting = Source(lambda body: read.append(body) or seerr.decode(body), seerr.parse)  # type: ignore[func-returns-value]
    monkeypatch.setitem(SOURCES, "seerr", counting)

    def apply() -> None:
        with app.app_context():
            start.wait()
            outcomes.append(deliveries.apply(delivery_id, NOON))

    threads = [threading.Thread(target=apply) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == [Applied("applied")] * 8
    assert read == [WISH]
    assert len(rows(Change)) == 1


def test_a_body_that_another_process_applies_first_is_applied_once(
    app: Flask, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pipeline = app.extensions["pipeline"]
    other, ingest = Deliveries(pipeline, Signals(), app.extensions["upstreams"]), pipeline.ingest
    kept = deliveries.keep("seerr", "seerr", WISH, NOON)

    def come_second(*what: Any) -> object:
        monkeypatch.setattr(pipeline, "ingest", ingest)
        other.apply(kept, NOON)
        return ingest(*what)

    monkeypatch.setattr(pipeline, "ingest", come_second)
    with caplog.at_level("INFO", logger="flaskapp.deliveries"):
        applied = deliveries.apply(kept, NOON)

    assert applied.outcome == "applied"
    assert [record.getMessage() for record in caplog.records] == ["seerr MEDIA_PENDING: applied"]


def test_what_says_something_wakes_the_loops_and_what_says_nothing_does_not(app: Flask, deliveries: Deliveries) -> None:
    signals: Signals = app.extensions["signals"]
    loops = [signals.waker(name) for name in ("clock", "qBittorrent", "Radarr 4K")]

    deliveries.apply(deliveries.keep("radarr", "radarr", b'{"eventType": "Health"}', NOON), NOON)
    assert not any(loop.is_set() for loop in loops)
    assert signals.called == {}

    deliveries.apply(deliveries.keep("radarr", "radarr", GRAB, NOON), NOON)
    assert all(loop.is_set() for loop in loops)
    assert signals.called == {"radarr": NOON}


def test_pruning_drops_old_bodies_that_are_done_and_keeps_young_and_open_ones(deliveries: Deliveries) -> None:
    old, young = NOON - KEPT_FOR - timedelta(seconds=1), NOON - KEPT_FOR + timedelta(seconds=1)
    for received_at in (old, young):
        deliveries.apply(deliveries.keep("seerr", "seerr", WISH, received_at), NOON)
    deliveries.keep("seerr", "seerr", WISH, old)

    assert deliveries.prune(NOON) == 1

    assert [(each.id, each.outcome) for each in rows(Delivery)] == [(2, "applied"), (3, None)]


def test_numbers_of_bodies_never_return(deliveries: Deliveries) -> None:
    deliveries.apply(deliveries.keep("seerr", "seerr", WISH, NOON - KEPT_FOR * 2), NOON)
    deliveries.prune(NOON)

    assert deliveries.keep("seerr", "seerr", WISH, NOON) == 2


def test_a_body_that_can_not_be_written_is_refused_so_that_the_sender_knows(
    send: Send, browser: Browser, deliveries: Deliveries, settings: Settings
) -> None:
    with locked(settings):
        response = send("seerr", "media-pending-movie")

    assert response.status_code == 503
    assert response.get_json() == {"error": "The webhook could not be kept; send it again."}
    assert (rows(Delivery), rows(MediaRequest), rows(Change)) == ([], [], [])
    assert browser.hears() == []


@pytest.mark.parametrize("body", [WISH, b"[]"], ids=["good", "rejected"])
def test_a_body_that_was_kept_waits_while_the_database_is_locked(
    deliveries: Deliveries, settings: Settings, browser: Browser, body: bytes
) -> None:
    delivery_id = deliveries.keep("seerr", "seerr", body, NOON)

    with locked(settings):
        applied = deliveries.apply(delivery_id, NOON)

    assert applied.outcome == "kept"
    assert fate() == (None, 0)
    assert (rows(MediaRequest), rows(Change), browser.hears()) == ([], [], [])
    deliveries.retry(NOON)
    assert fate()[0] in ("applied", "rejected")


def test_readers_are_served_while_the_database_is_locked(app: Flask, send: Send, settings: Settings) -> None:
    send("seerr", "media-pending-movie")

    with locked(settings):
        response = app.test_client().get("/")

    assert response.status_code == 200
    assert "Night of the Living Dead" in response.text


def test_one_line_of_the_log_tells_source_kind_and_fate_and_nothing_of_the_body(
    send: Send, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")

    send("seerr", "media-pending-movie")
    send("radarr", "test", instance="4K")

    said = [record.getMessage() for record in caplog.records if record.name.startswith("flaskapp")]
    assert said == ["seerr MEDIA_PENDING: applied", "4k Test: ignored, test"]


@pytest.mark.parametrize(("table", "status"), [("delivery", 503), ("change", 200)])
def test_a_failure_to_write_shows_nothing_of_the_body_in_the_log(
    app: Flask, send: Send, caplog: pytest.LogCaptureFixture, table: str, status: int
) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {table}")

    response = send("seerr", "media-pending-movie")

    assert response.status_code == status
    assert f"no such table: {table}" in caplog.text
    assert "alice" not in caplog.text


@contextmanager
def writes() -> Iterator[list[str]]:
    """Collect what is written, and each commit."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("SELECT", "BEGIN")):
            sent.append(statement.partition(" (")[0].partition(" SET")[0])

    def end(_connection: object) -> None:
        sent.append("COMMIT")

    event.listen(db.engine, "before_cursor_execute", note)
    event.listen(db.engine, "commit", end)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
        event.remove(db.engine, "commit", end)


def test_a_call_that_says_nothing_new_writes_nothing_but_its_own_body_and_fate(deliveries: Deliveries) -> None:
    for source, body in (("seerr", WISH), ("radarr", GRAB)):
        deliveries.apply(deliveries.keep(source, source, body, NOON), NOON)

    with writes() as sent:
        deliveries.apply(deliveries.keep("radarr", "radarr", GRAB, NOON), NOON)

    assert sent == ["INSERT INTO delivery", "COMMIT", "UPDATE delivery", "COMMIT"]

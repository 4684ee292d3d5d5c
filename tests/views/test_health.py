"""Alive, ready, and the numbers of both."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from flaskapp.config import Settings
from flaskapp.domain.house import CauseKind
from flaskapp.extensions import db, writing
from flaskapp.live.batch import Batch, Frame
from flaskapp.live.hub import Hub
from flaskapp.models import Cause
from flaskapp.signals import Signals
from flaskapp.views.health import LATE
from tests.app import TOKEN, Browser, Send, post, running
from tests.people import add_user, browser_of


@pytest.fixture
def signals(app: Flask) -> Signals:
    found: Signals = app.extensions["signals"]
    return found


def ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


def ready(client: FlaskClient) -> tuple[int, dict[str, Any]]:
    response = client.get("/readyz")
    assert response.content_type == "application/json"
    return response.status_code, response.get_json()


def lose_database(app: Flask) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE change")
        connection.exec_driver_sql("DROP TABLE media_request")


def test_alive_is_said_without_looking_at_anything(app: Flask, client: FlaskClient) -> None:
    lose_database(app)

    response = client.get("/healthz")

    assert (response.status_code, response.get_json()) == (200, {"status": "ok"})


def test_ready_when_database_and_loops_are(client: FlaskClient, signals: Signals, browser: Browser) -> None:
    signals.ticked("deliveries", ago(30))
    signals.ticked("poller", ago(1))

    status, report = ready(client)

    assert (status, report["status"], report["database"], report["streams"]) == (200, "ready", "ok", 1)
    assert {name: loop["ok"] for name, loop in report["loops"].items()} == {"deliveries": True, "poller": True}
    assert report["loops"]["deliveries"]["age"] == pytest.approx(30, abs=5)


def test_a_loop_that_died_makes_us_unready(client: FlaskClient, signals: Signals) -> None:
    signals.ticked("deliveries", ago(1))
    signals.ticked("poller", ago(LATE + 1))

    status, report = ready(client)

    assert (status, report["status"]) == (503, "not ready")
    assert {name: loop["ok"] for name, loop in report["loops"].items()} == {"deliveries": True, "poller": False}


def test_a_database_that_fails_makes_us_unready_and_shows_nothing_of_itself(app: Flask, client: FlaskClient) -> None:
    lose_database(app)

    status, report = ready(client)

    assert (status, report["database"]) == (503, "failed (OperationalError)")


def test_an_upstream_that_is_down_is_shown_and_we_stay_ready(client: FlaskClient, signals: Signals) -> None:
    signals.reached("qbittorrent", ago(60), 0.02)
    signals.missed("qbittorrent", ago(10), "It refused the connection.")
    signals.reached("Sonarr", ago(5), 0.1)
    signals.missed("Jellyfin", ago(5), "No answer in 10 s.")

    status, report = ready(client)

    assert status == 200
    down, up, never = (report["upstreams"][name] for name in ("qbittorrent", "Sonarr", "Jellyfin"))
    assert (down["ok"], down["error"]) == (False, "It refused the connection.")
    assert down["age"] == pytest.approx(60, abs=5)
    assert (up["ok"], up["error"], up["round_trip"]) == (True, None, 0.1)
    assert (never["ok"], never["age"], never["last_contact_at"]) == (False, None, None)


def families(client: FlaskClient) -> list[Metric]:
    """Read them as Prometheus does."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.content_type.startswith("text/plain; version=")
    return list(text_string_to_metric_families(response.text))


def metrics(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """Give each number by its name and its labels in the order of their names; `process` is ours anyway."""
    return {
        (
            sample.name.removeprefix("arrivarr_"),
            *(value for label, value in sorted(sample.labels.items()) if label != "process"),
        ): sample.value
        for family in families(client)
        for sample in family.samples
    }


def test_the_numbers_of_an_empty_board_are_zero(client: FlaskClient) -> None:
    numbers = metrics(client)

    assert numbers["streams",] == 0
    assert set(numbers.values()) == {0}


def test_numbers_count_requests_webhooks_and_ages(client: FlaskClient, send: Send, signals: Signals) -> None:
    send("seerr", "media-pending-movie")
    send("seerr", "media-pending-tv-partial-seasons")
    send("seerr", "media-approved-movie")
    send("radarr", "test")
    post(client, "/webhooks/radarr", "[]")
    client.delete("/api/requests/2")
    signals.reached("qbittorrent", ago(60), 0.1)
    signals.missed("Jellyfin", ago(1), "No answer.")

    numbers = metrics(client)

    assert numbers["contact_age_seconds", "qbittorrent"] == pytest.approx(60, abs=5)
    assert {key: value for key, value in numbers.items() if key[0] in ("requests", "webhooks", "contact_age")} == {
        ("requests", "approved"): 1,
        ("webhooks", "applied", "seerr"): 3,
        ("webhooks", "ignored", "radarr"): 1,
        ("webhooks", "rejected", "radarr"): 1,
    }
    assert ("contact_age_seconds", "Jellyfin") not in numbers


def test_numbers_follow_a_stream_from_its_greeting_to_its_end(client: FlaskClient, send: Send) -> None:
    send("seerr", "media-pending-movie")
    epoch = client.get("/api/requests").get_json()["cursor"].partition(".")[0]
    response = client.get(f"/events?since={epoch}.0")
    pieces = response.iter_encoded()
    next(pieces)

    send("seerr", "media-approved-movie")
    waiting = metrics(client)
    read = next(pieces)
    written = metrics(client)
    response.close()

    assert (waiting["streams",], waiting["streams_opened_total", "replay"]) == (1, 1)
    assert waiting["stream_replayed_total",] == 1
    names = ("streams_waiting", "stream_queue_frames", "stream_queue_frames_max", "stream_deliveries_total")
    assert [waiting[name,] for name in names] == [1, 1, 1, 0]
    assert b"state_change" in read
    assert written["stream_events_total",] >= 1
    assert (metrics(client)["streams",], metrics(client)["streams_closed_total", "cut"]) == (0, 1)


def test_latencies_add_up_to_a_histogram(app: Flask, client: FlaskClient) -> None:
    meter = app.extensions["hub"].meter
    now = time.monotonic()
    frame = Frame(b"data: {}\n\n")
    for age, times in ((0.0, 3), (0.02, 2), (60.0, 1)):
        meter.written(Batch([frame], now - age), now, times)

    numbers = metrics(client)

    name = "stream_latency_seconds"
    assert [numbers[f"{name}_bucket", bound] for bound in ("0.001", "0.025", "10.0", "+Inf")] == [3, 5, 5, 6]
    assert numbers[f"{name}_count",] == 6
    assert numbers[f"{name}_sum",] == pytest.approx(60.04)
    assert (numbers["stream_deliveries_total",], numbers["stream_bytes_total",]) == (6, 6 * len(frame.data))


def test_boards_told_to_load_anew_are_counted_by_reason(app: Flask, client: FlaskClient, browser: Browser) -> None:
    app.extensions["hub"].resync("bulk")

    assert metrics(client)["stream_resyncs_total", "bulk"] == 1


def test_streams_that_were_refused_are_counted_by_reason(app: Flask, client: FlaskClient) -> None:
    hub: Hub = app.extensions["hub"]
    hub.limits = replace(hub.limits, streams_per_address=1)
    elsewhere = {"REMOTE_ADDR": "192.168.1.20"}
    opened = client.get("/events", environ_base=elsewhere)
    client.get("/events", environ_base=elsewhere)
    hub.limits = replace(hub.limits, streams=1)
    client.get("/events")
    opened.close()

    numbers = metrics(client)

    assert (numbers["streams_refused_total", "address"], numbers["streams_refused_total", "full"]) == (1, 1)


def test_steps_of_loops_are_timed_and_failures_counted(client: FlaskClient, signals: Signals) -> None:
    signals.turned("poller", 0.25, has_failed=False)
    signals.turned("poller", 0.5, has_failed=True)
    signals.ticked("poller", ago(30))

    numbers = metrics(client)

    assert numbers["loop_step_seconds_count", "poller"] == 2
    assert numbers["loop_step_seconds_sum", "poller"] == 0.75
    assert numbers["loop_failures_total", "poller"] == 1
    assert numbers["loop_age_seconds", "poller"] == pytest.approx(30, abs=5)


def test_every_number_is_explained_in_the_docs(client: FlaskClient) -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "operations.md").read_text(encoding="utf-8")

    rows = re.findall(r"^\| `(arrivarr_\w+?)(?:_total)?`", page, re.MULTILINE)

    assert all(family.documentation for family in families(client))
    assert rows == [family.name for family in families(client)]


def test_what_is_open_is_counted_as_open(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        app.extensions["deliveries"].keep("seerr", "seerr", b"{}", datetime.now(UTC))

    assert metrics(client)["webhooks", "open", "seerr"] == 1


def test_a_name_can_not_break_the_numbers(client: FlaskClient, signals: Signals) -> None:
    signals.reached('a "name"\nwith \\ lines', ago(1), 0.1)

    assert ("contact_age_seconds", 'a "name"\nwith \\ lines') in metrics(client)


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_no_secret_is_told(client: FlaskClient, address: str) -> None:
    response = client.get(address)

    assert TOKEN not in response.text
    assert "sqlite" not in response.text


def test_webhooks_are_reported_by_their_address(client: FlaskClient, send: Send) -> None:
    send("radarr", "grab-torrent")
    send("radarr", "test", instance="4k")
    post(client, "/webhooks/radarr", "[]")

    webhooks = ready(client)[1]["webhooks"]

    assert {path: each["never_called"] for path, each in webhooks.items()} == {
        **dict.fromkeys(("seerr", "sonarr", "jellyfin"), True),
        **dict.fromkeys(("radarr", "radarr/4k"), False),
    }
    assert (webhooks["radarr"]["rejected"], webhooks["radarr/4k"]["rejected"]) == (1, 0)
    assert (webhooks["radarr/4k"]["last_kind"], webhooks["sonarr"]["last_kind"]) == ("Test", None)
    assert datetime.fromisoformat(webhooks["radarr"]["last_at"]) > ago(60)
    assert webhooks["sonarr"]["last_at"] is None


def test_causes_are_reported_once_with_the_services_that_name_them(app: Flask, client: FlaskClient) -> None:
    since = datetime(2026, 3, 14, 12, tzinfo=UTC)
    with app.app_context(), writing() as session:
        session.add_all(Cause(kind=CauseKind.LIBRARY_FULL, upstream=name, since=since) for name in ("Radarr", "Sonarr"))

    status, report = ready(client)

    assert status == 200
    assert report["causes"] == [
        {"kind": "library_full", "upstreams": ["Radarr", "Sonarr"], "since": "2026-03-14T12:00:00+00:00"}
    ]


@pytest.mark.parametrize(("name", "columns", "sees"), [("Ada", {}, False), ("Eve", {"is_admin": True}, True)])
def test_what_the_house_consists_of_is_for_those_who_see_all(
    settings: Settings, name: str, columns: dict[str, bool], *, sees: bool
) -> None:
    with running(replace(settings, auth="local")) as app:
        report = browser_of(app, add_user(app, name, **columns)).get("/readyz")
        numbers = browser_of(app, add_user(app, f"{name} again", **columns)).get("/metrics")

    assert report.status_code == 200
    assert ("upstreams" in report.get_json()) == sees
    assert numbers.status_code == (200 if sees else 403)


def test_a_stranger_hears_only_whether_it_works(settings: Settings) -> None:
    with running(replace(settings, auth="local")) as app:
        report = app.test_client().get("/readyz")

    assert (report.status_code, report.json) == (200, {"status": "ready"})

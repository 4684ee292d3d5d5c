"""Alive, ready, and the numbers of both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from flaskapp.domain.house import CauseKind
from flaskapp.extensions import db, writing
from flaskapp.models import Cause
from flaskapp.signals import Signals
from flaskapp.views.health import LATE
from tests.app import TOKEN, Browser, Send, post


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


def metrics(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """Read them as Prometheus does; each with the values of its labels in the order of their names."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.content_type.startswith("text/plain; version=")
    families = list(text_string_to_metric_families(response.text))
    assert all(family.documentation for family in families)
    return {
        (sample.name.removeprefix("arrivarr_"), *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_numbers_are_those_of_an_empty_board(client: FlaskClient) -> None:
    assert metrics(client) == {("streams",): 0}


def test_numbers_count_streams_requests_webhooks_and_ages(
    client: FlaskClient, send: Send, browser: Browser, signals: Signals
) -> None:
    send("seerr", "media-pending-movie")
    send("seerr", "media-pending-tv-partial-seasons")
    send("seerr", "media-approved-movie")
    send("radarr", "test")
    post(client, "/webhooks/radarr", "[]")
    client.delete("/api/requests/2")
    signals.reached("qbittorrent", ago(60), 0.1)
    signals.missed("Jellyfin", ago(1), "No answer.")

    numbers = metrics(client)

    assert numbers.pop(("contact_age_seconds", "qbittorrent")) == pytest.approx(60, abs=5)
    assert numbers == {
        ("streams",): 1,
        ("requests", "approved"): 1,
        ("deliveries", "applied", "seerr"): 3,
        ("deliveries", "ignored", "radarr"): 1,
        ("deliveries", "rejected", "radarr"): 1,
    }


def test_what_is_open_is_counted_as_open(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        app.extensions["deliveries"].keep("seerr", "seerr", b"{}", datetime.now(UTC))

    assert metrics(client)["deliveries", "open", "seerr"] == 1


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

"""Connections are tested before they are saved, and a good test lifts a block."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from demo.servarr.api import BASE
from demo.titles import FILMS
from demo.world import World
from tests.demo.lives import KEY, get
from tests.demo.recorder import Recorder
from tests.demo.shapes import differences, example

WEBHOOK = example("radarr/api-notification-create-request")


def test_a_new_connection_is_tested_before_it_is_saved(radarr: FlaskClient, post: Recorder) -> None:
    answer = radarr.post(f"{BASE}/notification", json=WEBHOOK, headers=KEY)

    saved = answer.json
    assert answer.status_code == 201
    assert saved
    assert post.webhooks[-1].payload["eventType"] == "Test"
    assert post.webhooks[-1].receiver.headers["Authorization"].startswith("Basic ")
    assert {row["name"]: row["value"] for row in saved["fields"]}["password"] == "********"
    assert saved["id"] in {row["id"] for row in get(radarr, "notification")}


def test_a_connection_whose_receiver_refuses_is_not_saved(radarr: FlaskClient, post: Recorder) -> None:
    post.status = 401

    answer = radarr.post(f"{BASE}/notification", json=WEBHOOK, headers=KEY)

    assert answer.status_code == 400
    assert answer.json
    assert differences(answer.json, example("radarr/api-notification-error-400-receiver-rejected")) == (set(), set())
    assert len(get(radarr, "notification")) == 1


def test_a_redirect_counts_as_delivered(radarr: FlaskClient, post: Recorder) -> None:
    post.status = 302

    assert radarr.post(f"{BASE}/notification", json=WEBHOOK, headers=KEY).status_code == 201


def test_two_connections_can_not_have_one_name(radarr: FlaskClient) -> None:
    answer = radarr.post(f"{BASE}/notification", json={**WEBHOOK, "name": "ARRIVARR"}, headers=KEY)

    assert (answer.status_code, answer.json[0]["errorMessage"] if answer.json else "") == (400, "Should be unique")


def test_a_changed_connection_keeps_a_hidden_password(moving: World, radarr: FlaskClient) -> None:
    saved: Any = radarr.post(f"{BASE}/notification", json=WEBHOOK, headers=KEY).json

    answer = radarr.put(f"{BASE}/notification/{saved['id']}", json={**saved, "onGrab": False}, headers=KEY)

    kept = moving.radarr.notifications[saved["id"]]
    assert answer.status_code == 202
    assert (kept.fields["password"], "onGrab" in kept.triggers) == ("REPLACE-WITH-SECRET", False)


def test_a_forced_change_is_not_tested(radarr: FlaskClient, post: Recorder) -> None:
    post.status, (saved,) = 500, get(radarr, "notification")

    path = f"{BASE}/notification/{saved['id']}"
    statuses = [
        radarr.put(path, json=saved, headers=KEY),
        radarr.put(f"{path}?forceSave=true", json=saved, headers=KEY),
    ]

    assert [answer.status_code for answer in statuses] == [400, 202]


def test_connections_can_be_tested_and_deleted(radarr: FlaskClient, post: Recorder) -> None:
    (saved,) = get(radarr, "notification")

    tested = radarr.post(f"{BASE}/notification/test", json=saved, headers=KEY)
    post.status = 503
    all_tested = radarr.post(f"{BASE}/notification/testall", headers=KEY)
    deleted = radarr.delete(f"{BASE}/notification/{saved['id']}", headers=KEY)

    assert (tested.status_code, all_tested.status_code, deleted.status_code) == (200, 400, 200)
    assert get(radarr, "notification") == []


def test_a_good_test_of_the_saved_connection_lifts_its_block(
    moving: World, radarr: FlaskClient, post: Recorder
) -> None:
    (saved,) = get(radarr, "notification")
    post.status = 500
    moving.advance(900)
    for _ in range(3):
        moving.radarr.add(FILMS["charade"])
        moving.advance(301)
        moving.radarr.delete(moving.radarr.entry_of(FILMS["charade"]) or pytest.fail("It is there."))
    blocked, count = get(radarr, "health"), len(post.webhooks)
    moving.radarr.add(FILMS["charade"])
    moving.advance(5)
    dropped = len(post.webhooks) - count

    post.status = 200
    radarr.post(f"{BASE}/notification/test", json=saved, headers=KEY)

    assert [(row["source"], row["type"]) for row in blocked] == [("NotificationStatusCheck", "error")]
    assert differences(blocked, example("radarr/api-health")) == (set(), set())
    assert (dropped, get(radarr, "health")) == (0, [])


def test_a_hidden_password_counts_in_a_test_too(radarr: FlaskClient, post: Recorder) -> None:
    saved: Any = radarr.post(f"{BASE}/notification", json=WEBHOOK, headers=KEY).json

    radarr.post(f"{BASE}/notification/test", json=saved, headers=KEY)

    first, second = (webhook.receiver.headers["Authorization"] for webhook in post.webhooks[-2:])
    assert first == second


def test_tags_are_kept(moving: World, radarr: FlaskClient) -> None:
    saved: Any = radarr.post(f"{BASE}/notification", json={**WEBHOOK, "tags": [3]}, headers=KEY).json

    assert (saved["tags"], moving.radarr.notifications[saved["id"]].tags) == ([3], (3,))


def test_the_schema_says_what_a_webhook_can_be_told(radarr: FlaskClient, sonarr: FlaskClient) -> None:
    films, series = (
        next(row for row in get(client, "notification/schema") if row["implementation"] == "Webhook")
        for client in (radarr, sonarr)
    )

    assert (films["supportsOnMovieDelete"], series["supportsOnSeriesDelete"], films["onGrab"]) == (True, True, False)
    assert [field["name"] for field in films["fields"]] == ["url", "method", "username", "password", "headers"]
    known = {name for name in example("radarr/api-notification-response") if name.startswith("supports")}
    assert {name for name in films if name.startswith("supports")} == known

"""Seerr's one webhook: tried before it is saved, and filled in by the template that somebody gave it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from demo.seerr.api import API_KEY, BASE, create_app
from demo.seerr.model import Person
from demo.titles import FILMS, LANTERN
from demo.world import World
from tests.demo.recorder import NOON, Recorder

KEY = {"X-Api-Key": API_KEY}
PATH = f"{BASE}/settings/notifications/webhook"
ALICE = Person(1, "Alice", "0" * 31 + "1")
TEMPLATE = {
    "word": "{{notification_type}} {{nonsense}}",
    "{{media}}": {"id": "{{media_tmdbid}}"},
    "{{request}}": {"who": "{{requestedBy_username}}"},
    "{{issue}}": {"id": "{{issue_id}}"},
    "{{extra}}": [],
    "flat": "{{media_status}}",
}


@pytest.fixture
def post() -> Recorder:
    return Recorder()


@pytest.fixture
def world(post: Recorder) -> World:
    return World(NOON, post)


@pytest.fixture
def seerr(world: World) -> FlaskClient:
    return create_app(world).test_client()


def settings(**changed: Any) -> dict[str, Any]:
    options = {
        "webhookUrl": "http://127.0.0.1:2774/hook",
        "authHeader": "Bearer word",
        "jsonPayload": json.dumps(TEMPLATE),
    }
    return {"enabled": True, "types": 2, "options": options, **changed}


def test_it_is_free_at_first_and_says_nothing(seerr: FlaskClient, world: World, post: Recorder) -> None:
    world.seerr.ask(FILMS["metropolis"], ALICE)

    shown: Any = seerr.get(PATH, headers=KEY).json
    assert (shown["enabled"], shown["types"], shown["options"]["webhookUrl"]) == (False, 0, "")
    assert post.webhooks == []


def test_only_admins_see_it_and_everybody_the_public_settings(seerr: FlaskClient) -> None:
    assert [seerr.get(path).status_code for path in (PATH, f"{BASE}/settings/public")] == [401, 200]


def test_a_test_is_sent_as_the_settings_say_and_nothing_is_saved(seerr: FlaskClient, post: Recorder) -> None:
    good = seerr.post(f"{PATH}/test", json=settings(), headers=KEY).status_code
    post.status = 401
    bad = seerr.post(f"{PATH}/test", json=settings(), headers=KEY).status_code

    shown: Any = seerr.get(PATH, headers=KEY).json
    assert (good, bad, shown["enabled"]) == (204, 500, False)
    assert post.webhooks[0].receiver.headers == {"Authorization": "Bearer word"}
    assert post.webhooks[0].payload == {
        "word": "TEST_NOTIFICATION {{nonsense}}",
        "media": None,
        "request": None,
        "issue": None,
        "extra": [],
        "flat": "",
    }


def test_what_is_saved_is_shown_and_fills_in_what_happens(seerr: FlaskClient, world: World, post: Recorder) -> None:
    answer: Any = seerr.post(PATH, json=settings(), headers=KEY)
    world.seerr.ask(LANTERN, ALICE, (1,))
    world.seerr.decline(world.seerr.requests[1])

    assert (answer.status_code, seerr.get(PATH, headers=KEY).json) == (200, answer.json)
    (webhook,) = post.webhooks  # that it was declined is not ticked
    assert webhook.payload == {
        "word": "MEDIA_PENDING {{nonsense}}",
        "media": {"id": str(LANTERN.tmdb_id)},
        "request": {"who": "Alice"},
        "issue": None,
        "extra": [{"name": "Requested Seasons", "value": "1"}],
        "flat": "PENDING",
    }


@pytest.mark.parametrize(("version", "statuses"), [("3.2.0", [500, 200]), ("3.3.0", [200, 200])])
def test_older_versions_want_the_template_as_json_in_json(
    seerr: FlaskClient, world: World, version: str, statuses: list[int]
) -> None:
    world.seerr.version = version
    once = settings()
    twice = {**once, "options": {**once["options"], "jsonPayload": json.dumps(json.dumps(TEMPLATE))}}

    assert [seerr.post(PATH, json=each, headers=KEY).status_code for each in (once, twice)] == statuses


@pytest.mark.parametrize("broken", [{"options": {}}, {"options": {"jsonPayload": "{"}}])
def test_what_can_not_be_read_is_refused(seerr: FlaskClient, broken: dict[str, Any]) -> None:
    assert [seerr.post(path, json=settings(**broken), headers=KEY).status_code for path in (PATH, f"{PATH}/test")] == [
        500,
        500,
    ]

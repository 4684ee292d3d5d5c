"""Whatever a service sends, or somebody who knows its token: it is kept, answered, and breaks nothing."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flaskapp.extensions import db
from flaskapp.models import Delivery
from tests.app import post
from tests.fuzz.bodies import MOST, NO_BODIES, changed
from tests.views.test_hostile_text import harmless

AT_ONE_BOARD = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
PHASES = (Phase.explicit, Phase.generate)  # one board hears them all, so that a shorter one would say little
SENTENCES = {200: {"outcome", "reason"}, 400: {"error"}}


def kept(app: Flask) -> int:
    with app.app_context(), Session(db.engine) as session:
        return session.scalar(select(func.count()).select_from(Delivery)) or 0


def send(client: FlaskClient, source: str, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """Send a body, and hold the board to what it promises of any."""
    before = kept(client.application)

    answer = post(client, f"/webhooks/{source}", body)

    assert answer.status_code in SENTENCES, body
    assert answer.get_json().keys() == SENTENCES[answer.status_code]
    assert answer.get_json().get("outcome") in (None, "applied", "ignored"), body
    assert kept(client.application) == before + 1
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == [], body
    caplog.clear()


def look_at_everything(client: FlaskClient) -> None:
    for address in ("/", "/board", "/services", "/away?since=x"):
        harmless(client.get(address).text)
    for row in client.get("/api/requests?limit=500").get_json()["requests"]:
        harmless(client.get(f"/requests/{row['id']}").text)
        assert client.get(f"/api/requests/{row['id']}").status_code == 200


@pytest.mark.timeout(0)
def test_bodies_with_odd_values_are_kept_and_answered(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    @settings(max_examples=MOST * 3 // 5, suppress_health_check=AT_ONE_BOARD, phases=PHASES)
    @given(changed())
    def each(case: tuple[str, bytes]) -> None:
        send(client, *case, caplog)

    each()

    look_at_everything(client)


@pytest.mark.timeout(0)
def test_what_is_no_body_is_kept_and_answered(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    @settings(max_examples=MOST // 5, suppress_health_check=AT_ONE_BOARD, phases=PHASES)
    @given(NO_BODIES)
    def each(case: tuple[str, bytes]) -> None:
        send(client, *case, caplog)

    each()

    look_at_everything(client)

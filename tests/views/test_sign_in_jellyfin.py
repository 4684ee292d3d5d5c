"""People sign in with their name and password of Jellyfin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from demo.world import World
from flaskapp.config import Settings
from flaskapp.extensions import writing
from flaskapp.models import User
from tests.clients.jellyfin_server import jellyfin_server
from tests.demo.recorder import Recorder, connected_world

WRONG = "The name or the password is not right."


@pytest.fixture
def world() -> World:
    return connected_world(Recorder())


@pytest.fixture
def settings(settings: Settings, world: World) -> Iterator[Settings]:
    with jellyfin_server(world) as url:
        yield replace(settings, auth="jellyfin", jellyfin_url=url, jellyfin_api_key="a-key")


def sign_in(browser: FlaskClient, name: str, password: str) -> TestResponse:
    return browser.post("/sign-in", data={"name": name, "password": password})


def test_a_person_of_jellyfin_is_let_in(client: FlaskClient) -> None:
    answer = sign_in(client, "ANNA", "anna")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert client.get("/api/requests").status_code == 200
    assert client.get("/services").status_code == 403


def test_an_administrator_of_jellyfin_is_an_admin_as_long_as_they_are_one(client: FlaskClient, world: World) -> None:
    sign_in(client, "curator", "arrivals")
    assert client.get("/services").status_code == 200

    world.jellyfin.accounts.users = tuple(replace(user, is_admin=False) for user in world.jellyfin.accounts.users)
    sign_in(client, "curator", "arrivals")

    assert client.get("/services").status_code == 403


def test_no_failure_tells_whether_there_is_such_an_account(client: FlaskClient, world: World) -> None:
    def pages() -> list[tuple[int, str]]:
        answers = [sign_in(client, name, password) for name, password in (("anna", "wrong"), ("anna2", "anna"))]
        users = world.jellyfin.accounts.users
        world.jellyfin.accounts.users = tuple(replace(user, is_disabled=True) for user in users)
        answers.append(sign_in(client, "anna", "anna"))
        # The token of the form holds the second in which it was made.
        texts = [re.sub(r'value="[^"]*\.[^"]*\.[^"]*"', "", answer.text) for answer in answers]
        return [
            (answer.status_code, text.replace("anna2", "anna")) for answer, text in zip(answers, texts, strict=True)
        ]

    wrong, unknown, disabled = pages()

    assert wrong == unknown == disabled
    assert wrong[0] == 401
    assert WRONG in wrong[1]


def test_who_is_barred_here_hears_the_same(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "anna", "anna")
    with app.app_context(), writing() as session:
        session.execute(update(User).values(barred_at=datetime.now(UTC)))

    answer = sign_in(app.test_client(), "anna", "anna")

    assert answer.status_code == 401
    assert WRONG in answer.text


def test_jellyfin_hears_no_more_of_who_guesses(client: FlaskClient, world: World) -> None:
    statuses = [sign_in(client, "anna", f"guess {number}").status_code for number in range(8)]

    assert statuses[-1] == 429
    anna = next(user for user in world.jellyfin.accounts.users if user.name == "Anna")
    assert world.jellyfin.accounts.failures[anna.id] == statuses.count(401) < 8


def test_a_jellyfin_that_is_away_is_told_and_counts_for_nothing(client: FlaskClient, world: World) -> None:
    world.mischief["jellyfin"].status = 503
    answers = [sign_in(client, "anna", "anna") for _ in range(10)]
    world.mischief["jellyfin"].heal()

    assert {answer.status_code for answer in answers} == {502}
    assert "Jellyfin answered with status 503." in answers[0].text
    assert sign_in(client, "anna", "anna").status_code == 303


def test_no_session_stays_in_jellyfin(client: FlaskClient, world: World) -> None:
    sign_in(client, "anna", "anna")

    assert world.jellyfin.accounts.sessions == {}

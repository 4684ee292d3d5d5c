"""How long a sign-in takes says nothing either."""

from __future__ import annotations

import time
from dataclasses import replace
from statistics import median

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flaskapp.config import Settings
from tests.people import add_person, add_user

ROUNDS = 5


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, auth="local")


def test_time_does_not_tell_who_has_an_account(app: Flask, client: FlaskClient) -> None:
    add_person(app, "Eve", is_admin=True)
    add_user(app, "Invited")
    times: dict[str, list[float]] = {"Eve": [], "Nobody": [], "Invited": []}

    for _ in range(ROUNDS):  # one after the other: a machine that is busy is busy for all
        for name, taken in times.items():
            began = time.perf_counter()
            answer = client.post("/sign-in", data={"name": name, "password": "a wrong password"})
            taken.append(time.perf_counter() - began)
            assert answer.status_code == 401

    for name in ("Nobody", "Invited"):
        assert 0.4 < median(times[name]) / median(times["Eve"]) < 2.5

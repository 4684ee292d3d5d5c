"""A house that has asked for ten thousand titles: its board is as quick as that of a house that began."""

from __future__ import annotations

import gzip
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from flaskapp.domain.observation import MediaType
from flaskapp.domain.search import sought
from flaskapp.domain.state import STAGES, State, stage_of
from flaskapp.extensions import writing
from flaskapp.models import Change, Media, MediaRequest

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
FEW, MANY = 100, 10_000
ROUNDS = 7
MOST_BYTES = 100_000
QUIET = cycle([State.AVAILABLE] * 8 + [State.DECLINED, State.REMOVED])
BUSY = cycle(state for state in STAGES)


def live(app: Flask, first: int, last: int, states: Iterator[State]) -> None:
    """Let a house ask for so many titles, as if all had gone their way already."""
    numbers = range(first, last + 1)
    titles = {n: f"The Long Story of Number {n}" for n in numbers}
    medias = [
        {"id": n, "media_type": MediaType.MOVIE, "title": titles[n], "year": 1900 + n % 120, "poster_url": None}
        for n in numbers
    ]
    requests = [request(n, titles[n], next(states)) for n in numbers]
    changes = [
        {
            "id": n,
            "media_request_id": n,
            "kind": "created",
            "to_state": State.REQUESTED,
            "source": "seerr",
            "reason": "Asked for",
            "occurred_at": NOON,
            "recorded_at": NOON,
        }
        for n in numbers
    ]
    with app.app_context(), writing() as session:
        for row, values in ((Media, medias), (MediaRequest, requests), (Change, changes)):
            session.execute(insert(row), values)


def request(n: int, title: str, state: State) -> dict[str, object]:
    """Give one request as the record keeps it."""
    year, since = 1900 + n % 120, NOON - timedelta(hours=n)
    face = {
        "title": title,
        "year": year,
        "poster": None,
        "hue": n % 24,
        "initials": "TL",
        "requested_by": "alice",
        "gone": False,
        "is_4k": False,
        "seasons": None,
        "strip": [],
        "here": 0,
        "blocked": 0,
        "imported": 0,
        "arriving": 0,
        "due": 1,
        "moving": False,
        "attempt": 1,
        "quality": "Bluray-1080p",
        "watch": None,
    }
    return {
        "id": n,
        "media_id": n,
        "seerr_request_id": n,
        "requested_by": "alice",
        "is_4k": False,
        "face": face,
        "state": state,
        "stage": stage_of(state, is_moving=False),
        "state_since": since,
        "created_at": since,
        "updated_at": since,
        "rev": n,
        "sought": sought(title, year, "alice"),
        "trouble": None,
    }


def cost(client: FlaskClient, address: str) -> float:
    """Give the CPU seconds of one page: the middle of some."""
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        assert client.get(address).status_code == 200
        spent.append(time.process_time() - began)
    return statistics.median(spent)


@pytest.mark.parametrize(("address", "states"), [("/", QUIET), ("/", BUSY), ("/history", QUIET)])
def test_ten_thousand_requests_cost_no_more_than_twice_a_hundred(
    app: Flask, client: FlaskClient, address: str, states: Iterator[State]
) -> None:
    live(app, 1, FEW, states)
    few = cost(client, address)

    live(app, FEW + 1, MANY, states)

    many = cost(client, address)
    page = client.get(address).data
    assert len(gzip.compress(page, 6)) < MOST_BYTES
    assert many <= 2 * few

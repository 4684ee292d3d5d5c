"""What stands on the wall, in which order, and for whom."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from flaskapp.config import Settings
from flaskapp.domain.state import State, stage_of
from flaskapp.extensions import db
from flaskapp.models import MediaRequest
from flaskapp.views.wall import MOST_READY, MOST_ROWS
from tests.app import Send, running
from tests.people import add_user, browser_of
from tests.views.asking import ask


def stand(app: Flask, number: int, state: State, *, eta: int = -1, ago: timedelta = timedelta(0)) -> None:
    """Put a request into a state, as if its facts had brought it there."""
    now = datetime.now(UTC)
    with app.app_context():
        row = db.session.query(MediaRequest).filter_by(seerr_request_id=number).one()
        row.state, row.state_since, row.eta, row.measured_at = state, now - ago, eta, now
        row.stage = stage_of(state, is_moving=False)
        db.session.commit()


def titles(client: FlaskClient) -> list[str]:
    answer = client.get("/wall")
    assert answer.status_code == 200
    return re.findall(r'<h2 class="row__title" dir="auto">(.+?)</h2>', answer.text)


@pytest.fixture
def statements(app: Flask) -> list[str]:
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _c, _x, statement, *_: asked.append(statement))
    return asked


def test_what_comes_next_comes_first(app: Flask, client: FlaskClient) -> None:
    ask(app, 1, 2, 3, 4, 5, 6, 7)
    stand(app, 1, State.REQUESTED)
    stand(app, 2, State.APPROVED)
    stand(app, 3, State.AVAILABLE)
    stand(app, 4, State.DOWNLOADING, eta=900)
    stand(app, 5, State.DOWNLOADING, eta=60)
    stand(app, 6, State.IMPORTING)
    stand(app, 7, State.FAILED)

    assert titles(client) == [f"Film {n}" for n in (6, 5, 4, 3, 7, 2, 1)]


def test_what_is_over_is_not_there(app: Flask, client: FlaskClient) -> None:
    ask(app, 1, 2, 3)
    stand(app, 1, State.DECLINED)
    stand(app, 2, State.REMOVED)

    assert titles(client) == ["Film 3"]


def test_what_arrived_is_news_for_a_day(app: Flask, client: FlaskClient) -> None:
    ask(app, 1, 2, 3)
    stand(app, 1, State.AVAILABLE, ago=timedelta(hours=25))
    stand(app, 2, State.AVAILABLE, ago=timedelta(hours=23))

    assert titles(client) == ["Film 2", "Film 3"]


def test_when_nothing_is_on_its_way_the_last_arrivals_stay(app: Flask, client: FlaskClient) -> None:
    ask(app, *range(1, 20))
    for number in range(1, 20):
        stand(app, number, State.AVAILABLE, ago=timedelta(days=number + 1))

    assert titles(client) == [f"Film {n}" for n in range(1, MOST_READY + 1)]


def test_an_empty_wall_says_what_will_come(client: FlaskClient) -> None:
    page = client.get("/wall").text

    assert titles(client) == []
    assert "Nothing is on its way." in page


def test_it_asks_little_however_much_there_is(app: Flask, client: FlaskClient, statements: list[str]) -> None:
    ask(app, *range(1, 4 * MOST_ROWS))

    shown = titles(client)

    assert len(shown) == MOST_ROWS
    assert len([each for each in statements if "FROM media_request" in each and "LIMIT" in each]) == 2


def test_everybody_has_a_wall_of_their_own(settings: Settings) -> None:
    with running(replace(settings, auth="local")) as guarded:
        ask(guarded, 1)
        eve, bob = (browser_of(guarded, add_user(guarded, name, is_admin=name == "Eve")) for name in ("Eve", "Bob"))

        assert (titles(eve), titles(bob)) == (["Film 1"], [])


def test_a_row_says_who_asked_and_why_it_waits(client: FlaskClient, send: Send) -> None:
    send("seerr", "media-pending-movie")

    page = client.get("/wall").text

    assert "Waiting for approval in Seerr." in page
    assert re.search(r'for <bdi dir="auto">\w+</bdi>', page)


@pytest.mark.parametrize(("query", "theme"), [("", "dark"), ("?theme=light", "light"), ("?theme=pink", "dark")])
def test_it_is_dark_unless_asked_to_be_light(client: FlaskClient, query: str, theme: str) -> None:
    assert f'data-theme="{theme}"' in client.get(f"/wall{query}").text


def test_without_scripts_it_reloads_itself(client: FlaskClient) -> None:
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in client.get("/wall").text


def test_nobody_can_press_anything(client: FlaskClient, send: Send) -> None:
    send("seerr", "media-pending-movie")

    main = client.get("/wall").text.partition("<main")[2].replace(" notice--held", "")

    assert re.findall("<(?:button|form|input|select|summary)", main) == []

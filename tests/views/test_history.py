"""What is over, page by page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from flaskapp.extensions import writing
from flaskapp.models import MediaRequest
from flaskapp.models.board import PAGE
from tests.views.test_board import NOON, ask, statements

COUNT = 2 * PAGE + 10


def end(app: Flask, count: int, **columns: object) -> None:
    """Let so many series be asked for and be over, one a day, two of them in one moment."""
    ask(app, range(1, count + 1))
    with app.app_context(), writing() as session:
        for n in range(1, count + 1):
            since = NOON + timedelta(days=n // 2)
            values = {"state": "available", "stage": "ready", "state_since": since} | columns
            session.execute(update(MediaRequest).filter_by(id=n).values(values))


def rows(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'class="history__link" href="/requests/(\d+)"', page)]


def test_pages_lead_through_all_that_is_over_and_show_each_once(app: Flask, client: FlaskClient) -> None:
    end(app, COUNT)
    seen, address, pages = [], "/history", 0

    while address:
        page = client.get(address).text
        seen += rows(page)
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        address, pages = (onward[1] if onward else ""), pages + 1

    assert seen == list(range(COUNT, 0, -1))
    assert pages == 3


def test_what_is_on_its_way_is_not_over(app: Flask, client: FlaskClient) -> None:
    ask(app, range(1, 4))

    assert rows(client.get("/history").text) == []
    assert "Nothing is over yet." in client.get("/history").text


def test_a_search_holds_on_the_next_page(app: Flask, client: FlaskClient) -> None:
    end(app, COUNT)

    page = client.get("/history?q=series&type=tv&sort=").text

    assert f'href="/history?after={rows(page)[-1]}&amp;q=series&amp;type=tv"' in page
    assert rows(client.get("/history?q=nothing").text) == []
    assert "Nothing that is over fits." in client.get("/history?q=nothing").text


@pytest.mark.parametrize("after", ["0", "999999", "x", "-1", "1" * 40, "%00"])
def test_a_place_that_is_none_is_no_error(app: Flask, client: FlaskClient, after: str) -> None:
    end(app, 3)

    assert client.get(f"/history?after={after}").status_code == 200


def test_months_are_headings(app: Flask, client: FlaskClient) -> None:
    end(app, COUNT)

    page = client.get("/history").text

    headings = re.findall(r'class="stage__name" id="month-[\d-]+">([^<]+)<', page)
    assert headings == ["May 2026", "April 2026"]


def test_a_long_history_costs_no_more_questions(app: Flask, client: FlaskClient) -> None:
    end(app, 3)
    with statements() as few:
        client.get("/history")
    end(app, COUNT)
    with statements() as many:
        client.get("/history")

    assert len(many) == len(few) <= 6

"""What does not go well is said to people on a page and to machines in JSON."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import Unauthorized, default_exceptions

from flaskapp.extensions import db
from flaskapp.views.errors import PASSING, SENTENCES, TITLES, page
from tests.app import AUTHORIZED, Send


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/requests/77", 404),
        ("GET", "/requests/", 404),
        ("GET", "/requests/-1", 404),
        ("GET", "/requests/1.5", 404),
        ("GET", "/requests/x", 404),
        ("GET", "/requests/" + "9" * 18, 404),
        ("GET", "/requests/" + "9" * 19, 404),
        ("GET", "/requests/" + "9" * 5000, 404),
        ("GET", "/static/css/none.css", 404),
        ("GET", "/static/../wsgi.py", 404),
        ("GET", "/eventsandmore", 404),
        ("GET", "/apis", 404),
        ("POST", "/requests/77/delete", 404),
        ("POST", "/", 405),
        ("GET", "/requests/77/delete", 405),
    ],
)
def test_people_get_a_page_with_a_way_back(client: FlaskClient, method: str, address: str, status: int) -> None:
    response = client.open(address, method=method)

    assert response.status_code == status
    assert response.content_type == "text/html; charset=utf-8"
    assert f"{str(status)[0]}</span>" in response.text
    assert 'href="/">All arrivals</a>' in response.text


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/webhooks", 404),
        ("GET", "/webhooks/", 404),
        ("POST", "/webhooks/plex", 404),
        ("POST", "/Webhooks/radarr", 404),
        ("GET", "/webhooks/radarr", 405),
        ("POST", "/webhooks/radarr", 401),
        ("GET", "/api", 404),
        ("GET", "/api/nowhere", 404),
        ("GET", "/api/requests/77", 404),
        ("GET", "/api/requests/" + "9" * 19, 404),
        ("DELETE", "/api/requests/77", 404),
        ("DELETE", "/api/requests", 405),
        ("GET", "/api/requests?limit=x", 400),
        ("POST", "/events", 405),
        ("GET", "/events/x", 404),
        ("POST", "/healthz", 405),
        ("GET", "/readyz/x", 404),
        ("GET", "/metrics/x", 404),
        ("GET", "/posters/77", 404),
        ("GET", "/posters/../arrivarr.db", 404),
    ],
)
def test_machines_get_one_sentence_as_json(client: FlaskClient, method: str, address: str, status: int) -> None:
    response = client.open(address, method=method)

    assert response.status_code == status
    assert response.content_type == "application/json"
    assert list(response.get_json()) == ["error"]
    assert response.get_json()["error"].endswith(".")


@pytest.mark.parametrize(("address", "is_page"), [("/", True), ("/requests/1", True), ("/api/requests", False)])
def test_our_own_failure_is_said_without_its_inside(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture, address: str, is_page: bool
) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE change")
        connection.exec_driver_sql("DROP TABLE media_request")

    response = client.get(address)

    assert response.status_code == 500
    assert response.content_type.startswith("text/html" if is_page else "application/json")
    assert "Its log says why." in response.text
    assert "media_request" not in response.text.replace("media_requests", "")
    assert "no such table" in caplog.text


def test_a_failure_is_logged_once_with_its_path_and_not_its_query(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("flaskapp.views.board.read_cursor", lambda _: 1 / 0)

    client.get("/?token=hush-hush")

    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.getMessage() == "Unhandled error on /"
    assert record.exc_info is not None
    assert "hush-hush" not in caplog.text


def test_a_card_that_was_taken_off_is_gone_for_people_and_machines(client: FlaskClient, send: Send) -> None:
    send("seerr", "media-pending-movie")
    client.delete("/api/requests/1")

    answers = [client.get(address) for address in ("/requests/1", "/api/requests/1")]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert "Taken off the board" in answers[0].text
    assert answers[1].get_json()["error"].startswith("This request was taken off the board. ")


def test_headers_that_belong_to_an_error_are_sent_along(client: FlaskClient) -> None:
    assert client.get("/webhooks/seerr", headers=AUTHORIZED).headers["Allow"]
    assert "Allow" in client.post("/").headers


def test_who_went_where_no_page_is_reads_words_of_ours(client: FlaskClient) -> None:
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert "There is nothing at this address." in answer.text
    assert "URL" not in answer.text


@pytest.mark.parametrize("code", [status for status in TITLES if status != Unauthorized.code])
def test_every_page_says_what_happened_what_to_do_and_where_to_go(app: Flask, code: int) -> None:
    error = default_exceptions[code](None if code in SENTENCES else "What is the matter.")

    with app.test_request_context("/nowhere"):
        text = page(error)
        stranger = page(error, TITLES, "links/_frame.html")

    for told in (text, stranger):
        assert f"<h1>{TITLES[code]}</h1>" in told
        assert ("Try again</a>" in told) == (code in PASSING)
        assert f">{SENTENCES.get(code, 'What is the matter.')}<" in told
    assert ">All arrivals</a>" in text
    assert "All arrivals" not in stranger

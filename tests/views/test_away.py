"""What happened while nobody looked, in one sentence."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from flaskapp.extensions import writing
from flaskapp.models import MediaRequest
from tests.app import Send


def cursor(client: FlaskClient) -> str:
    word: str = client.get("/api/requests").get_json()["cursor"]
    return word


def sentence(client: FlaskClient, since: str) -> str:
    answer = client.get(f"/away?since={since}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    (words,) = re.findall(r'<p class="away__words">(.+)</p>', answer.text)
    return re.sub(r"<[^>]+>", "", words)


def say(send: Send, word: str, number: int) -> None:
    words = {"media__tmdbId": str(number), "request__request_id": str(number), "subject": f"Film {number} (1927)"}
    send("seerr", f"media-{word}-movie", **words)


def ask(send: Send, *numbers: int) -> None:
    for number in numbers:
        say(send, "pending", number)


def test_what_is_new_arrived_and_stuck_is_one_sentence(client: FlaskClient, send: Send) -> None:
    ask(send, 1)
    since = cursor(client)
    ask(send, 2, 3)
    assert sentence(client, since) == "While you were away: 2 were asked for."

    say(send, "available", 1)
    say(send, "failed", 2)

    assert sentence(client, since) == (
        "While you were away: Film 1 is ready, Film 2 needs a look, Film 3 was asked for."
    )


def test_what_happened_before_is_not_told_again(client: FlaskClient, send: Send) -> None:
    ask(send, 1)

    assert client.get(f"/away?since={cursor(client)}").text == ""


def test_what_left_the_board_is_not_told(client: FlaskClient, send: Send) -> None:
    ask(send, 1)
    since = cursor(client)
    ask(send, 2)
    client.delete("/api/requests/2")

    assert client.get(f"/away?since={since}").text == ""


def test_what_was_stuck_before_and_only_looks_otherwise_is_not_told(
    app: Flask, client: FlaskClient, send: Send
) -> None:
    ask(send, 1)
    say(send, "failed", 1)
    since = cursor(client)
    send("seerr", "media-failed-movie", media__tmdbId="1", request__request_id="1", subject="Another title (1927)")
    assert cursor(client) != since

    assert client.get(f"/away?since={since}").text == ""


@pytest.mark.parametrize("since", ["", "x", "0000.1", "%F0%9F%8E%AC.1", "0000." + "9" * 40])
def test_a_place_we_do_not_know_tells_nothing(client: FlaskClient, send: Send, since: str) -> None:
    ask(send, 1)

    assert client.get(f"/away?since={since}").text == ""


def test_a_title_is_text(app: Flask, client: FlaskClient, send: Send) -> None:
    ask(send, 1)
    since = cursor(client)
    say(send, "available", 1)
    with app.app_context(), writing() as session:
        face = session.get_one(MediaRequest, 1).face | {"title": "<img src=x>"}
        session.execute(update(MediaRequest).values(face=face))

    assert "&lt;img src=x&gt;" in client.get(f"/away?since={since}").text

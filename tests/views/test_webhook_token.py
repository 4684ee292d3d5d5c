"""Who may call: every way to show the token, and not a trace of it afterwards."""

from __future__ import annotations

import logging
from base64 import b64encode
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from flaskapp import create_app
from flaskapp.config import Settings
from flaskapp.extensions import db
from flaskapp.models import Delivery
from flaskapp.views.webhooks import MOST_BYTES
from tests.app import TOKEN, payload

WISH = payload("seerr", "media-pending-movie")


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}


def count(app: Flask) -> int | None:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Delivery))


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"Authorization": f"Bearer {TOKEN}"}, ""),
        ({"Authorization": f"bearer {TOKEN}"}, ""),
        ({"Authorization": f"BEARER  {TOKEN} "}, ""),
        ({"Authorization": TOKEN}, ""),
        ({"X-Api-Key": TOKEN}, ""),
        ({"X-Api-Key": f" {TOKEN} "}, ""),
        (basic("radarr", TOKEN), ""),
        (basic("", TOKEN), ""),
        (basic("ünïcode", TOKEN), ""),
        ({}, f"?token={TOKEN}"),
        ({}, f"?a=b&token={TOKEN}"),
        ({"Authorization": "Bearer of-somebody-else"}, f"?token={TOKEN}"),
        ({"Authorization": "Basic nonsense", "X-Api-Key": TOKEN}, ""),
    ],
)
def test_every_way_to_show_the_token_opens(
    app: Flask, client: FlaskClient, headers: dict[str, str], query: str
) -> None:
    response = client.post(f"/webhooks/seerr{query}", json=WISH, headers=headers)

    assert response.status_code == 200
    assert count(app) == 1


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({}, ""),
        ({}, "?token="),
        ({}, "?token=wrong"),
        ({}, f"?Token={TOKEN}"),
        ({}, f"?token={TOKEN}x"),
        ({}, f"?token={TOKEN[:-1]}"),
        ({}, f"?token={TOKEN.upper()}"),
        ({}, "?token=%FF%00"),
        ({}, "?token=%F0%9F%8E%AC"),
        ({"Authorization": "Bearer"}, ""),
        ({"Authorization": "Bearer wrong"}, ""),
        ({"Authorization": f"Bearer {TOKEN} {TOKEN}"}, ""),
        ({"Authorization": f"Digest {TOKEN}"}, ""),
        ({"Authorization": "Basic !!!"}, ""),
        ({"Authorization": "Basic /////w=="}, ""),
        ({"Authorization": ""}, ""),
        ({"X-Api-Key": "ÿ"}, ""),
        (basic(TOKEN, ""), ""),
        (basic(TOKEN, "wrong"), ""),
        ({"Cookie": f"token={TOKEN}"}, ""),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_anything_else_is_refused_and_nothing_is_kept(
    app: Flask, client: FlaskClient, method: str, headers: dict[str, str], query: str
) -> None:
    response = client.open(f"/webhooks/seerr{query}", method=method, json=WISH, headers=headers)

    assert response.status_code == 401
    assert response.get_json() == {"error": "The webhook token is missing or wrong."}
    assert response.headers["WWW-Authenticate"].startswith("Basic ")
    assert count(app) == 0


def test_a_token_in_the_body_is_no_token(client: FlaskClient) -> None:
    assert client.post("/webhooks/seerr", data={"token": TOKEN}).status_code == 401


def test_an_app_without_a_token_trusts_nobody(settings: Settings) -> None:
    app = create_app(replace(settings, webhook_token=""))

    responses = [
        app.test_client().post(f"/webhooks/seerr{query}", json=WISH, headers=headers)
        for query, headers in (("", {}), ("?token=", {}), ("", {"Authorization": "Bearer "}), ("", basic("", "")))
    ]

    assert {response.status_code for response in responses} == {401}


def test_neither_log_nor_answer_holds_a_trace_of_the_token(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    address, headers = f"/webhooks/seerr?token={TOKEN}", {"Authorization": f"Bearer {TOKEN}"}

    answers = [
        client.post(address, json=WISH, headers=headers),
        client.post(address, data="[]", headers=headers),
        client.post(address, data=b"x" * (MOST_BYTES + 1), headers=headers),
        client.post(address.replace("seerr", "plex"), json=WISH, headers=headers),
        client.get(address, headers=headers),
        client.post(f"/nowhere?token={TOKEN}", headers=headers),
    ]
    with monkeypatch.context() as broken:
        broken.setattr(app.extensions["pipeline"], "ingest", lambda *_: 1 / 0)
        answers.append(client.post(address, json=WISH, headers=headers))
        broken.setattr(app.extensions["deliveries"], "apply", lambda *_: 1 / 0)
        answers.append(client.post(address, json=WISH, headers=headers))
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE delivery")
    answers.append(client.post(address, json=WISH, headers=headers))

    assert [answer.status_code for answer in answers] == [200, 400, 413, 404, 405, 404, 200, 500, 503]
    assert "ZeroDivisionError" in caplog.text
    everything = caplog.text + "".join(answer.text + str(answer.headers) for answer in answers)
    assert TOKEN not in everything

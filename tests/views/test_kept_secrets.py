"""What the database keeps of the secrets that people and programs show: nothing that could be shown again."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from flaskapp.access.first_visit import new_first_code
from flaskapp.config import Settings
from flaskapp.domain.provider import Provider
from flaskapp.extensions import db, writing
from flaskapp.models import Link
from flaskapp.views.door import SHOWN
from tests.app import Send

PASSWORD = "canary of a long password"
MADE = re.compile(r'id="made-(?:key|token)">([^<]+)<')


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, auth="local", read_key="canary-read-key-22222")


def secrets_of(app: Flask, client: FlaskClient) -> dict[str, str]:
    """Do all that makes a secret, as the first admin; give them."""
    with app.app_context(), writing() as session:
        code = new_first_code(session, Provider.LOCAL) or ""
    assert client.post("/join", data={"code": code, "name": "Eve", "password": PASSWORD}).status_code == 303
    with client.session_transaction() as cookie:
        shown = cookie[SHOWN]
    key, token = (
        MADE.findall(client.post(address, data=form).text)[0]
        for address, form in (("/keys", {"name": "Grafana"}), ("/keys/webhooks", {"source": "radarr"}))
    )
    assert client.post("/requests/1/links").status_code == 303
    with app.app_context(), Session(db.engine) as session:
        link = app.extensions["seal"].unseal(session.get_one(Link, 1).sealed_token)
    return {"code": code, "password": PASSWORD, "session": shown, "key": key, "token": token, "link": link}


def test_only_digests_and_sealed_words_are_kept(
    app: Flask, client: FlaskClient, send: Send, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    send("seerr", "media-pending-movie")

    secrets = secrets_of(app, client)

    assert client.get("/keys").status_code == 200  # they are good
    kept = b"".join(path.read_bytes() for path in Path(settings.data_dir).glob("arrivarr.db*")).decode("latin-1")
    assert "$argon2id$" in kept
    assert [name for name, secret in secrets.items() if secret in kept] == []
    assert [name for name, secret in secrets.items() if secret in caplog.text] == []
    pages = client.get("/keys").text + client.get("/people").text + client.get("/account").text
    assert [name for name, secret in secrets.items() if secret in pages] == []

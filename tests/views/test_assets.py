"""All sheets come as one, under an address that changes with them."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from flaskapp.views.assets import SHEETS
from tests.server.process import ROOT

OF_ONE_PAGE = {"wall"}


def address(client: FlaskClient) -> str:
    [found] = re.findall(r'<link rel="stylesheet" href="([^"]+)">', client.get("/").text)
    return str(found)


def test_every_sheet_is_in_the_one_that_pages_ask_for(client: FlaskClient) -> None:
    files = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "static" / "css").glob("*.css")}

    answer = client.get(address(client))

    assert files.keys() == set(SHEETS) | OF_ONE_PAGE
    assert answer.mimetype == "text/css"
    assert answer.text == "\n".join(files[name] for name in SHEETS)


def test_browsers_keep_it_until_there_is_another(client: FlaskClient) -> None:
    assert client.get(address(client)).headers["Cache-Control"] == "public, immutable, max-age=31536000"


def test_another_version_is_not_kept_under_an_address_of_this_one(client: FlaskClient) -> None:
    answer = client.get("/static/css/all.0123.css")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


def test_its_address_changes_with_any_sheet(app: Flask, client: FlaskClient) -> None:
    before = address(client)

    app.extensions["styles"].__dict__["css"] = b"a {}"
    del app.extensions["styles"].__dict__["version"]

    assert address(client) != before

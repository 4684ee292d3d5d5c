"""The first minute: services are connected one after the other, and everything can be left and taken up again."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from flaskapp.upstreams import Upstream, Upstreams
from tests.setup.board import listening


def text(html: str) -> str:
    """Read what people read."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("&#39;", "'").split())


def upstreams(app: Flask) -> Upstreams:
    known: Upstreams = app.extensions["upstreams"]
    return known


def save(app: Flask, *known: Upstream) -> None:
    with app.app_context():
        for each in known:
            upstreams(app).save(each)


def step(page: str, source: str) -> str:
    (found,) = re.findall(rf'<li class="step" data-step="{source}".*?(?=<li class="step" |</ol>)', page, re.DOTALL)
    return str(found)


RADARR = Upstream("radarr", "radarr", "Radarr", "http://127.0.0.1:9", "a-key-of-radarr")


def test_it_begins_with_the_address_of_this_board(client: FlaskClient) -> None:
    page = client.get("/setup", base_url="http://nas:2774").text

    assert 'name="address" value="http://nas:2774"' in page
    assert re.findall(r'data-step="(\w+)"', page) == ["seerr", "radarr", "sonarr", "qbittorrent", "jellyfin"]
    assert page.count("data-is-next") == 1


def test_the_address_is_kept_when_this_very_board_answers_there(app: Flask, client: FlaskClient) -> None:
    with listening(app) as url:
        answer = client.post("/setup/address", data={"address": f" {url}/ "})

    assert (answer.status_code, answer.location) == (303, "/setup")
    with app.app_context():
        assert upstreams(app).callback_url == url
    page = client.get("/setup").text
    assert f"<code>{url}</code>" in page
    assert "This board answers there." in text(page)
    assert "data-is-next" in step(page, "seerr")

"""Where there are several Seerrs, people read which one it is; and a call is of the one whose token it shows."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient

from flaskapp.access.webhook_tokens import make_token
from flaskapp.config import Settings
from flaskapp.extensions import writing
from flaskapp.models import Requester
from flaskapp.upstreams import Upstream
from tests.app import Payload, payload, running
from tests.people import add_user, browser_of

FRIENDS = Upstream("seerr", "friends", "Friends & Co", "http://friends:5055", "k3y")
FAMILY = replace(FRIENDS, instance="seerr", name="Family")
NOSFERATU: Payload = payload("seerr", "media-pending-movie", subject="Nosferatu (1922)", media__tmdbId="653")


def tokens_of(app: Flask) -> dict[str, str]:
    """Connect both, and give each a token."""
    with app.app_context():
        for each in (FAMILY, FRIENDS):
            app.extensions["upstreams"].save(each)
        with writing() as session:
            now = datetime.now(UTC)
            return {each: make_token(session, "seerr", each, now) for each in ("seerr", "friends")}


def asked_of(client: FlaskClient) -> list[str]:
    """Give what the cards say of who asked and where."""
    found = re.findall(r'<li class="card__asked">(.+?) <time', client.get("/").text)
    return [re.sub(r"<[^>]+>", "", each) for each in found]


def test_a_token_speaks_for_its_own_seerr_at_any_address(app: Flask, client: FlaskClient) -> None:
    tokens = tokens_of(app)
    for instance, body in (("seerr", payload("seerr", "media-pending-movie")), ("friends", NOSFERATU)):
        for address in ("/webhooks/seerr", "/webhooks/seerr/seerr", "/webhooks/seerr/friends"):
            shown = {"Authorization": f"Bearer {tokens[instance]}"}
            assert client.post(address, json=body, headers=shown).status_code == 200

    rows = client.get("/api/requests").get_json()["requests"]
    assert [(row["seerr_instance"], row["seerr_request_id"], row["title"]) for row in rows] == [
        ("friends", 1, "Nosferatu"),
        ("seerr", 1, "Night of the Living Dead"),
    ]
    assert sorted(asked_of(client)) == ["asked by alice in Family", "asked by alice in Friends &amp; Co"]


def test_where_there_is_one_nothing_is_said_of_it(app: Flask, client: FlaskClient) -> None:
    tokens = tokens_of(app)
    with app.app_context():
        app.extensions["upstreams"].remove("seerr", "friends")

    client.post("/webhooks/seerr", json=NOSFERATU, headers={"X-Api-Key": tokens["seerr"]})

    assert asked_of(client) == ["asked by alice"]


def test_an_admin_chooses_among_the_people_of_each(settings: Settings) -> None:
    with running(replace(settings, auth="local")) as app:
        tokens_of(app)
        add_user(app, "Ada")
        with app.app_context(), writing() as session:
            session.add_all(
                [Requester(seerr_instance=each, seerr_user_id=1, name="ada") for each in ("seerr", "friends")]
            )
        page = browser_of(app, add_user(app, "Eve", is_admin=True)).get("/people").text

    assert re.findall(r'<option value="\d">(.+)</option>', page) == ["ada, Family", "ada, Friends &amp; Co"]

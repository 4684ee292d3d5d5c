"""Under the path of a proxy every address carries it, whether or not the proxy takes it off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flaskapp.config import Settings
from tests.app import AUTHORIZED, Browser, Send, payload, running

BASE = "/media/arrivarr"
WISH = payload("seerr", "media-pending-movie")


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """Give an app that stands under a path."""
    with running(replace(settings, base_path=BASE)) as app:
        yield app


def addresses(html: str) -> set[str]:
    found = set(re.findall(r'(?:href|src|action|data-[a-z]+-url)="([^"]*)"', html))
    return {address for address in found if not address.startswith("#")}


@pytest.mark.parametrize("prefix", [BASE, ""], ids=["kept by the proxy", "taken off by the proxy"])
@pytest.mark.parametrize("page", ["/", "/board", "/wall", "/requests/1", "/services", "/nowhere"])
def test_every_address_on_a_page_carries_the_path(client: FlaskClient, send: Send, prefix: str, page: str) -> None:
    send("seerr", "media-pending-movie")

    response = client.get(prefix + page)

    assert response.status_code == (404 if page == "/nowhere" else 200)
    assert addresses(response.text)
    assert [address for address in addresses(response.text) if not address.startswith(f"{BASE}/")] == []


@pytest.mark.parametrize("prefix", [BASE, ""])
def test_every_address_on_a_page_leads_somewhere(client: FlaskClient, send: Send, prefix: str) -> None:
    send("seerr", "media-pending-movie")

    for address in addresses(client.get(f"{prefix}/").text + client.get(f"{prefix}/requests/1").text):
        if not address.endswith(("/delete", "/events", "/services/stream", "/links")):
            with client.get(address.partition("#")[0]) as response:
                # Who is let in without an account is led away from the sign-in.
                assert response.status_code == (303 if "/sign-in" in address else 200), address


@pytest.mark.parametrize("address", [BASE, f"{BASE}/", f"/{BASE}//", "/"])
def test_the_board_needs_no_redirect(client: FlaskClient, address: str) -> None:
    response = client.get("/", environ_overrides={"PATH_INFO": address})

    assert response.status_code == 200
    assert "data-board" in response.text


@pytest.mark.parametrize("address", [f"{BASE}/webhooks/seerr", f"{BASE}//webhooks/seerr/", "/webhooks/seerr"])
def test_a_card_in_a_frame_carries_the_path(client: FlaskClient, browser: Browser, address: str) -> None:
    client.post(address, json=WISH, headers=AUTHORIZED)

    (told,) = browser.hears()
    assert told.event["poster_url"].startswith(f"{BASE}/posters/1?k=")
    assert f'href="{BASE}/requests/1"' in told.event["card"]
    assert [address for address in addresses(told.event["card"]) if not address.startswith(f"{BASE}/")] == []


def test_a_card_is_the_same_drawn_with_and_without_a_request(app: Flask, client: FlaskClient, browser: Browser) -> None:
    client.post("/webhooks/seerr", json=WISH, headers=AUTHORIZED)
    (live,) = browser.hears()

    with app.app_context():
        (frame,) = app.extensions["announcer"].replay(0)
    page = client.get(f"{BASE}/").text

    assert live.event["card"] in page
    assert frame.data.decode().count(f"{BASE}/requests/1") == 1


def test_taking_a_card_off_leads_back_under_the_path(client: FlaskClient, send: Send) -> None:
    send("seerr", "media-pending-movie")

    response = client.post(f"{BASE}/requests/1/delete")

    assert (response.status_code, response.headers["Location"]) == (303, f"{BASE}/")


def test_the_address_that_services_call_is_guessed_with_its_path(client: FlaskClient) -> None:
    page = client.get(f"{BASE}/setup", headers={"Host": "tv.home:8080"}).text

    assert f'name="address" value="http://tv.home:8080{BASE}"' in page


def test_a_machine_under_the_path_is_answered_as_one(client: FlaskClient) -> None:
    assert client.get(f"{BASE}/webhooks/plex").content_type == "application/json"
    assert client.get(f"{BASE}/api/requests/5").content_type == "application/json"


@pytest.mark.parametrize("address", ["/media", "/media/arrivarrs", "/media/arrivarrhealthz", "/other/media/arrivarr"])
def test_a_neighbour_of_the_path_is_not_ours(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404

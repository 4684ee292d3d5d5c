"""The board as an app: what its manifest says holds, and its worker is where it may watch over the pages."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flaskapp.config import Settings
from flaskapp.views import install
from tests.app import running
from tests.people import add_user, browser_of

BASES = ["", "/media/arrivarr"]


@pytest.fixture(params=BASES, ids=["at the root", "under a path"])
def base(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def app(settings: Settings, base: str) -> Iterator[Flask]:
    with running(replace(settings, base_path=base)) as app:
        yield app


def manifest(client: FlaskClient, base: str) -> dict[str, Any]:
    answer = client.get(f"{base}/manifest.webmanifest")
    assert answer.status_code == 200
    assert answer.mimetype == "application/manifest+json"
    said: dict[str, Any] = answer.get_json(force=True)
    return said


def test_it_begins_at_the_board_and_stays_there(client: FlaskClient, base: str) -> None:
    said = manifest(client, base)

    assert said["name"] == said["short_name"] == "Arrivarr"
    assert said["start_url"] == said["scope"] == said["id"] == f"{base}/"
    assert said["display"] == "standalone"
    assert said["background_color"] == said["theme_color"] == "#0a0d14"
    assert client.get(said["start_url"]).status_code == 200


def test_its_icons_are_as_large_as_it_says_and_for_both_shapes(client: FlaskClient, base: str) -> None:
    icons = manifest(client, base)["icons"]

    assert {(icon["sizes"], icon["purpose"]) for icon in icons} == {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")
    }
    for icon in icons:
        with client.get(icon["src"]) as answer:
            width, height = struct.unpack(">II", answer.data[16:24])
            assert answer.data.startswith(b"\x89PNG")
            assert answer.mimetype == icon["type"]
            assert icon["sizes"] == f"{width}x{height}"


def test_its_shortcuts_lead_to_pages(client: FlaskClient, base: str) -> None:
    shortcuts = manifest(client, base)["shortcuts"]

    assert [shortcut["url"] for shortcut in shortcuts] == [f"{base}/", f"{base}/wall", f"{base}/history"]
    assert [client.get(shortcut["url"]).status_code for shortcut in shortcuts] == [200, 200, 200]


def test_every_page_leads_to_it(client: FlaskClient, base: str) -> None:
    for page in ("/", "/wall", "/services", "/nowhere"):
        text = client.get(f"{base}{page}").text
        assert f'<link rel="manifest" href="{base}/manifest.webmanifest">' in text, page
        assert f'<link rel="apple-touch-icon" href="{base}/static/img/apple-touch-icon.png">' in text, page


def test_its_worker_is_asked_for_anew_each_time_and_comes_with_its_version(client: FlaskClient, base: str) -> None:
    version = client.application.jinja_env.globals["scripts_version"]
    assert f'data-offline-url="{base}/offline.js?v={version}"' in client.get(f"{base}/").text

    answer = client.get(f"{base}/offline.js")

    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "caches.open" in answer.text


def test_it_can_be_called_off(client: FlaskClient, base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "IS_KEPT", False)

    script = client.get(f"{base}/offline.js").text

    assert "registration.unregister()" in script
    assert "caches.open" not in script


def test_who_signs_out_takes_along_what_the_browser_kept(settings: Settings) -> None:
    with running(replace(settings, auth="local")) as guarded:
        answer = browser_of(guarded, add_user(guarded, "Eve", is_admin=True)).post("/sign-out")

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_under_a_path_it_takes_nothing_of_its_neighbours_along(settings: Settings) -> None:
    with running(replace(settings, auth="local", base_path=BASES[1])) as guarded:
        answer = browser_of(guarded, add_user(guarded, "Eve", is_admin=True)).post(f"{BASES[1]}/sign-out")

    assert answer.status_code == 303
    assert "Clear-Site-Data" not in answer.headers

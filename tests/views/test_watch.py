"""Watch now: on to Jellyfin, for people inside and outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from flaskapp.config import Settings
from flaskapp.domain.observation import LibraryItemType
from flaskapp.extensions import writing
from flaskapp.models import LibraryItem, MediaRequest
from flaskapp.upstreams import Upstream
from tests.app import payload, post, running
from tests.views.setup_pages import save

ITEM, SERVER = "d4c3b2a1908f7e6d5c4b3a2918070605", "0e1f2a3b4c5d6e7f8091a2b3c4d5e6f7"
DETAILS = f"/web/#/details?id={ITEM}&serverId={SERVER}"


def show(app: Flask, state: str = "available", watch: str | None = ITEM, server: str | None = SERVER) -> FlaskClient:
    """Give the board of a film that Jellyfin shows."""
    client = app.test_client()
    post(client, "/webhooks/seerr", payload("seerr", "media-pending-movie"))
    with app.app_context(), writing() as session:
        row = session.get_one(MediaRequest, 1)
        face = row.face | {"watch": watch, "watch_server": server}
        session.execute(update(MediaRequest).values(state=state, face=face, trouble=None))
    if watch is not None:
        show_at(app, "jellyfin", watch, server)
    return client


def show_at(app: Flask, instance: str, item_id: str, server: str | None = None) -> None:
    """Let one Jellyfin show the film."""
    kind = LibraryItemType.MOVIE
    with app.app_context(), writing() as session:
        media_id = session.get_one(MediaRequest, 1).media_id
        row = LibraryItem(instance=instance, item_id=item_id, item_type=kind, media_id=media_id, server_id=server)
        row.episodes = []
        session.add(row)


@contextmanager
def house(settings: Settings, inside: str = "", outside: str = "") -> Iterator[Flask]:
    with running(replace(settings, jellyfin_url=inside, jellyfin_public_url=outside)) as app:
        yield app


def test_watch_now_leads_to_the_title_in_jellyfin(settings: Settings) -> None:
    with house(settings, outside="https://tv.example/jellyfin") as app:
        client = show(app)

        answer = client.get("/requests/1/watch", headers={"Host": "board.example"})

        assert (answer.status_code, answer.headers["Location"]) == (302, f"https://tv.example/jellyfin{DETAILS}")
        assert answer.headers["Cache-Control"] == "no-store"
        for page in ("/", "/requests/1"):
            assert 'href="/requests/1/watch"' in client.get(page).text


def test_a_server_that_nobody_named_is_left_out(settings: Settings) -> None:
    with house(settings, outside="https://tv.example") as app:
        answer = show(app, server=None).get("/requests/1/watch")

    assert answer.headers["Location"] == f"https://tv.example/web/#/details?id={ITEM}"


PUBLIC = "https://tv.example"
VISITORS = [
    # visitor's host, JELLYFIN_URL, which of the two it must be
    ("192.168.1.5:2774", "http://192.168.1.9:8096", "inside"),
    ("[fd00::5]:2774", "http://[fd00::9]:8096", "inside"),
    ("nas", "http://192.168.1.9:8096", "inside"),
    ("nas.local:2774", "http://nas.local:8096", "inside"),
    ("board.lan", "http://tv.lan", "inside"),
    ("board.home.arpa", "http://tv.home.arpa", "inside"),
    ("localhost:2774", "http://127.0.0.1:8096", "inside"),
    ("127.0.0.1:2774", "http://localhost:8096", "inside"),
    ("192.168.1.5:2774", "http://127.0.0.1:8096", "outside"),
    ("192.168.1.5:2774", "http://localhost:8096", "outside"),
    ("192.168.1.5:2774", "http://jellyfin:8096", "outside"),
    ("localhost:2774", "http://jellyfin:8096", "outside"),
    ("board.example", "http://192.168.1.9:8096", "outside"),
    ("board.example", "http://tv.lan", "outside"),
    ("8.8.8.8:2774", "http://192.168.1.9:8096", "outside"),
    ("board.example", "https://other.example", "outside"),
]


@pytest.mark.parametrize(("visitor", "inside", "which"), VISITORS)
def test_everybody_gets_the_address_that_works_for_them(
    settings: Settings, visitor: str, inside: str, which: str
) -> None:
    with house(settings, inside=inside, outside=PUBLIC) as app:
        answer = show(app).get("/requests/1/watch", headers={"Host": visitor})

    assert answer.headers["Location"] == {"inside": inside, "outside": PUBLIC}[which] + DETAILS


def test_a_trusted_proxy_may_name_the_visitors_host_in_a_header(settings: Settings) -> None:
    trusting = replace(settings, trusted_proxies="127.0.0.1")
    with house(trusting, inside="http://192.168.1.9:8096", outside=PUBLIC) as app:
        headers = {"Host": "arrivarr:2774", "X-Forwarded-Host": "elsewhere.lan, board.example"}
        answer = show(app).get("/requests/1/watch", headers=headers)

    assert answer.headers["Location"] == PUBLIC + DETAILS


@pytest.mark.parametrize(
    ("visitor", "inside", "works"),
    [
        ("board.example", "https://tv.example", True),
        ("board.example", "http://192.168.1.9:8096", False),
        ("192.168.1.5", "http://jellyfin:8096", False),
    ],
)
def test_without_a_public_address_the_own_one_serves_whom_it_can(
    settings: Settings, visitor: str, inside: str, works: bool
) -> None:
    with house(settings, inside=inside) as app:
        answer = show(app).get("/requests/1/watch", headers={"Host": visitor})

    assert answer.status_code == (302 if works else 404)
    assert ("JELLYFIN_PUBLIC_URL" in answer.text) != works


@pytest.mark.parametrize(
    ("state", "watch"), [("available", None), ("imported", ITEM), ("requested", ITEM), ("removed", ITEM)]
)
def test_what_nobody_can_watch_has_no_link_and_says_so(settings: Settings, state: str, watch: str | None) -> None:
    with house(settings, outside=PUBLIC) as app:
        client = show(app, state, watch)

        answer = client.get("/requests/1/watch")

        assert answer.status_code == 404
        assert "There is nothing to watch here yet" in answer.text
        assert "Watch now" not in client.get("/").text


AT_HOME, AT_SEA = "http://192.168.1.9:8096", "https://sea.example"
THERE = f"/web/#/details?id={'5ea' * 10}5e"


def lead(app: Flask, *shown: str, visitor: str) -> str | None:
    """Give where *Watch now* leads somebody while these Jellyfins show the film."""
    client = show(app, watch=ITEM if "jellyfin" in shown else None)
    if "sea" in shown:
        show_at(app, "sea", THERE.partition("=")[2])
    return client.get("/requests/1/watch", headers={"Host": visitor}).headers.get("Location")


@pytest.mark.parametrize(
    ("shown", "visitor", "where"),
    [
        (("jellyfin", "sea"), "192.168.1.5", AT_HOME + DETAILS),
        (("jellyfin", "sea"), "board.example", PUBLIC + DETAILS),
        (("sea",), "192.168.1.5", AT_SEA + THERE),
        (("sea",), "board.example", AT_SEA + THERE),
        (("jellyfin",), "board.example", PUBLIC + DETAILS),
    ],
)
def test_watch_now_leads_to_a_jellyfin_that_shows_it_and_that_of_the_environment_comes_first(
    settings: Settings, shown: tuple[str, ...], visitor: str, where: str
) -> None:
    with house(settings, inside=AT_HOME, outside=PUBLIC) as app:
        save(app, Upstream("jellyfin", "sea", "Jellyfin at the sea", AT_SEA))

        assert lead(app, *shown, visitor=visitor) == where


def test_where_the_first_one_can_not_be_reached_the_next_one_is_as_good(settings: Settings) -> None:
    with house(settings, inside=AT_HOME) as app:
        save(app, Upstream("jellyfin", "sea", "Jellyfin at the sea", AT_SEA))

        assert lead(app, "jellyfin", "sea", visitor="board.example") == AT_SEA + THERE


def test_the_public_address_is_that_of_the_first_and_of_no_other(settings: Settings) -> None:
    with house(settings, outside=PUBLIC) as app:
        save(app, Upstream("jellyfin", "jellyfin", "Jellyfin", AT_HOME))
        save(app, Upstream("jellyfin", "sea", "Jellyfin at the sea", "http://192.168.7.9:8096"))

        assert lead(app, "sea", visitor="board.example") is None


def test_a_jellyfin_that_is_not_connected_any_more_leads_nowhere(settings: Settings) -> None:
    with house(settings, inside=AT_HOME, outside=PUBLIC) as app:
        assert lead(app, "sea", visitor="192.168.1.5") is None


def test_where_no_jellyfin_is_known_nothing_is_promised(settings: Settings) -> None:
    with house(settings) as app:
        assert "Watch now" not in show(app).get("/").text


def test_a_request_that_never_was_can_not_be_watched(client: FlaskClient) -> None:
    assert client.get("/requests/7/watch").status_code == 404


def test_a_series_that_is_partly_here_can_be_watched(settings: Settings) -> None:
    with house(settings, outside=PUBLIC) as app:
        client = show(app, "partially_available")

        assert "Watch now" in client.get("/").text
        assert client.get("/requests/1/watch").status_code == 302

"""The services as real servers: the board's own clients can ask them, and webhooks arrive."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import requests

from demo.scenario import LENGTH, Play
from demo.servarr.notification import webhook_resource
from demo.stack import Stack
from demo.titles import FILMS, LANTERN
from demo.webhook import HttpPost, Receiver, Webhook
from demo.world import PEOPLE, World
from flaskapp.clients.jellyfin import JellyfinClient
from flaskapp.clients.poster import PosterClient
from flaskapp.clients.qbittorrent import QbittorrentClient
from flaskapp.clients.sonarr import SonarrClient
from tests.clients.web import Reply, Web, serve
from tests.demo.recorder import NOON


@pytest.fixture
def post() -> Iterator[HttpPost]:
    post = HttpPost()
    yield post
    post.close()


@pytest.fixture
def world(post: HttpPost) -> World:
    return World(NOON, post)


@pytest.fixture
def stack(world: World) -> Iterator[Stack]:
    stack = Stack(world)
    stack.start()
    yield stack
    stack.stop()


@pytest.fixture
def board() -> Iterator[Web]:
    with serve(lambda asked: Reply(200)) as board:
        yield board


def test_the_clients_of_the_board_can_ask_all_services(world: World, stack: Stack) -> None:
    Play(world).begin()
    world.advance(LENGTH)
    settings = stack.environ()

    qbittorrent = QbittorrentClient(
        "qBittorrent", settings["QBITTORRENT_URL"], settings["QBITTORRENT_USERNAME"], settings["QBITTORRENT_PASSWORD"]
    )
    sonarr = SonarrClient("Sonarr", settings["SONARR_URL"], settings["SONARR_API_KEY"])
    jellyfin = JellyfinClient("Jellyfin", settings["JELLYFIN_URL"], settings["JELLYFIN_API_KEY"])
    hashes = list(world.qbittorrent.torrents)
    found = [row["hash"] for row in qbittorrent.torrents([hash_.upper() for hash_ in hashes])]
    series, item_id = sonarr.series(LANTERN.tvdb_id), world.jellyfin.id_of(LANTERN)
    items = jellyfin.items([item_id or ""])
    episodes = sonarr.episodes(11)
    for client in (qbittorrent, sonarr, jellyfin):
        client.close()

    assert found == hashes
    assert (series or {})["title"] == "The Lantern Line"
    assert len(episodes) == 11
    assert [item["Type"] for item in items] == ["Series"]


def test_a_poster_lies_where_webhooks_say(world: World, stack: Stack) -> None:
    url = world.gallery.url(FILMS["charade"])

    picture = PosterClient([stack.urls["seerr"]]).picture(url)

    assert url.startswith(stack.urls["seerr"])
    assert picture.startswith(b"\x89PNG")


def test_webhooks_arrive_in_order_and_with_the_token(world: World, post: HttpPost, board: Web) -> None:
    world.connect(board.url, "secret")
    world.seerr.ask(FILMS["charade"], PEOPLE["chiara"])
    world.advance(5)

    post.close()

    assert board.paths() == ["/webhooks/seerr", "/webhooks/radarr"]
    assert {asked.headers["Authorization"] for asked in board.asked} == {"Bearer secret"}
    assert {asked.headers["Content-Type"] for asked in board.asked} == {"application/json"}


@pytest.mark.parametrize("status", [302, 500])
def test_what_the_board_refuses_is_lost_and_the_next_one_is_sent(board: Web, post: HttpPost, status: int) -> None:
    board.answer = lambda asked: Reply(status, headers={"Location": "/elsewhere"})
    for number in (1, 2):
        post.send(Webhook("radarr", Receiver(f"{board.url}/{number}"), {}))

    post.close()

    assert board.paths() == ["/1", "/2"]


def test_a_board_that_is_down_does_not_stop_the_post(board: Web, post: HttpPost) -> None:
    post.send(Webhook("radarr", Receiver("http://127.0.0.1:9"), {}))
    post.send(Webhook("radarr", Receiver(f"{board.url}/next"), {}))

    post.close()

    assert board.paths() == ["/next"]


@pytest.mark.parametrize(("is_up", "status"), [(True, 201), (False, 500)])
def test_a_connection_is_tested_over_the_wire(stack: Stack, board: Web, *, is_up: bool, status: int) -> None:
    resource = webhook_resource("Board", board.url if is_up else "http://127.0.0.1:9", "secret", ("onGrab",))
    settings = stack.environ()

    answer = requests.post(
        f"{settings['RADARR_URL']}/api/v3/notification",
        json=resource,
        headers={"X-Api-Key": settings["RADARR_API_KEY"]},
        timeout=10,
    )

    assert answer.status_code == status
    assert len(board.asked) == int(is_up)


def test_a_stopped_stack_leaves_nothing_behind(world: World) -> None:
    before = threading.active_count()
    stack = Stack(world)
    stack.start()
    running = threading.active_count()

    stack.stop()

    assert (running, threading.active_count()) == (before + len(stack.urls), before)
    with pytest.raises(requests.ConnectionError):
        requests.get(stack.urls["jellyfin"], timeout=1)

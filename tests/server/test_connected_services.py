"""Services that people connect are asked at once, by a server that goes on all the while."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests

from flaskapp.config import Settings
from flaskapp.upstreams import Upstreams
from tests.app import payload
from tests.connecting import CONNECTED, qbittorrent, upstreams_of
from tests.processes.upstream import Upstream as FakeQbittorrent
from tests.server.conftest import StartServer
from tests.server.process import Server, wait_until
from tests.server.reader import Reader

__all__ = ["qbittorrent"]

FIRST_STEP = 4
"""Questions in the first step of a loop, which goes to its end; each later one has only the torrents to ask for."""


@pytest.fixture(scope="module")
def server(start_lasting: StartServer, tmp_path_factory: pytest.TempPathFactory) -> Server:
    return start_lasting(tmp_path_factory.mktemp("board"), {"POLL_INTERVAL": "0.2"})


@pytest.fixture
def upstreams(server: Server) -> Iterator[Upstreams]:
    """Connect services; none is connected any more at the end."""
    with upstreams_of(settings_of(server)) as them:
        yield them
        them.remove(CONNECTED.source, CONNECTED.instance)


def settings_of(server: Server) -> Settings:
    return Settings(data_dir=server.data_dir, secret_key=server.env.get("SECRET_KEY", ""))


def asked(server: Server) -> set[str]:
    return set(requests.get(f"{server.url}/readyz", timeout=10).json()["upstreams"])


def test_a_service_is_asked_as_soon_as_it_is_connected_and_not_after_that(
    server: Server, upstreams: Upstreams, qbittorrent: FakeQbittorrent
) -> None:
    server.webhook("seerr", payload("seerr", "media-approved-movie"))
    server.webhook("radarr", payload("radarr", "grab-torrent"))
    with Reader(server.url) as reader:
        assert asked(server) == set()

        upstreams.save(replace(CONNECTED, url=qbittorrent.url))

        assert reader.until("progress_update")[-1]["request_id"] == 1
        assert asked(server) == {"qBittorrent"}
        wait_until(lambda: len(qbittorrent.times) > FIRST_STEP)
        upstreams.remove("qbittorrent", "qbittorrent")
        wait_until(lambda: asked(server) == set())
        count = len(qbittorrent.times)
        server.webhook("seerr", payload("seerr", "media-pending-movie", request__request_id="77"))
        assert reader.until("request_created")[-1]["request_id"] == 2
        assert len(qbittorrent.times) == count


def test_a_new_address_is_asked_instead_of_the_old_one(
    server: Server, upstreams: Upstreams, qbittorrent: FakeQbittorrent
) -> None:
    upstreams.save(replace(CONNECTED, url="http://127.0.0.1:1"))
    wait_until(lambda: "be reached" in requests.get(f"{server.url}/services", timeout=10).text)

    upstreams.save(replace(CONNECTED, url=qbittorrent.url))

    wait_until(lambda: len(qbittorrent.times) > 0)
    wait_until(lambda: "be reached" not in requests.get(f"{server.url}/services", timeout=10).text)


def test_with_another_secret_key_it_says_whose_password_is_lost_until_it_is_given_again(
    server: Server, upstreams: Upstreams, qbittorrent: FakeQbittorrent
) -> None:
    known = replace(CONNECTED, url=qbittorrent.url, username="karla", api_key="open sesame")
    upstreams.save(known)
    wait_until(lambda: len(qbittorrent.times) > 0)
    server.stop()
    count = len(qbittorrent.times)

    server.env["SECRET_KEY"] = "another-secret-for-tests"
    server.restart()

    assert "can't be read any more" in requests.get(f"{server.url}/setup", timeout=10).text
    wait_until(lambda: len(qbittorrent.times) > count)
    with upstreams_of(settings_of(server)) as anew:
        anew.save(known)
    wait_until(lambda: "can't be read any more" not in requests.get(f"{server.url}/setup", timeout=10).text)

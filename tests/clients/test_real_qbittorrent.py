"""The client against a real qbittorrent-nox."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import requests

from flaskapp.clients.http import ClientError
from flaskapp.clients.qbittorrent import PAUSE, QbittorrentClient
from tests.server.process import wait_until
from tests.server.qbittorrent import PASSWORD, PATIENCE, USERNAME, Qbittorrent
from tests.server.torrent import make_torrent

MOST_FAILURES = 5
"""Failed logins after which qBittorrent bans an address."""


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_it_logs_in_by_itself_and_finds_ids_in_upper_case(leecher: Qbittorrent, tmp_path: Path) -> None:
    torrent = make_torrent(tmp_path / "films", "metropolis.mkv", 300_000)
    leecher.add(torrent)
    client = QbittorrentClient("qBittorrent", leecher.url, USERNAME, PASSWORD)
    wait_until(client.all_torrents)  # it answers before it has added it

    found = client.torrents([torrent.info_hash.upper(), "0" * 40])

    assert client.version()[0].isdigit()
    assert [row["hash"] for row in found] == [torrent.info_hash]
    assert [row["hash"] for row in client.all_torrents()] == [torrent.info_hash]


def test_a_wrong_password_never_bans_our_address(leecher: Qbittorrent) -> None:
    clock = Clock()
    client = QbittorrentClient("qBittorrent", leecher.url, USERNAME, "wrong", clock)

    for _ in range(4 * MOST_FAILURES):
        with pytest.raises(ClientError, match="refuses the user name or password"):
            client.version()
    clock.seconds += PAUSE
    for _ in range(4 * MOST_FAILURES):
        with pytest.raises(ClientError, match="refuses the user name or password"):
            client.version()

    # Two failures were counted; the fifth one would ban us.
    assert _failures_until_ban(leecher) == MOST_FAILURES - 2


def _failures_until_ban(server: Qbittorrent) -> int:
    form = {"username": USERNAME, "password": "wrong"}
    for count in range(10):
        answer = requests.post(f"{server.url}/api/v2/auth/login", data=form, timeout=5)
        if answer.status_code == 403:
            return count
    return 10


def test_a_banned_address_waits(leecher: Qbittorrent) -> None:
    _failures_until_ban(leecher)
    client = QbittorrentClient("qBittorrent", leecher.url, USERNAME, PASSWORD)

    with pytest.raises(ClientError, match="banned our address"):
        client.version()


def test_a_restart_costs_one_login(leecher: Qbittorrent) -> None:
    client = QbittorrentClient("qBittorrent", leecher.url, USERNAME, PASSWORD)
    client.version()

    leecher.restart()

    assert client.version()


def test_a_wrong_port_in_the_host_name_is_not_about_the_password(leecher: Qbittorrent) -> None:
    client = QbittorrentClient("qBittorrent", leecher.url, USERNAME, PASSWORD)
    client._session.headers["Host"] = "127.0.0.1:1"  # noqa: SLF001 - a port mapping, as a container has it

    with pytest.raises(ClientError, match="port has to be the one"):
        client.version()


def test_a_server_that_trusts_our_address_needs_no_user(tmp_path: Path) -> None:
    server = Qbittorrent(tmp_path, asks_localhost=False)
    try:
        server.start()
        client = QbittorrentClient("qBittorrent", server.url)

        assert client.version() == client.version()
        # Without the cookie each question would start a session that the server keeps.
        assert len(client._session.cookies) == 1  # noqa: SLF001 - the jar is what matters here
    finally:
        server.close()


def test_without_a_user_it_says_what_it_needs(leecher: Qbittorrent) -> None:
    client = QbittorrentClient("qBittorrent", leecher.url)

    with pytest.raises(ClientError, match="user name and a password"):
        client.version()


def test_it_says_when_it_is_slowed(leecher: Qbittorrent) -> None:
    client = QbittorrentClient("qBittorrent", leecher.url, USERNAME, PASSWORD)
    assert not client.is_slowed()

    leecher.post("transfer/toggleSpeedLimitsMode")

    assert client.is_slowed()


def test_it_says_whether_it_is_connected_and_how_much_room_there_is(leecher: Qbittorrent) -> None:
    client = QbittorrentClient("qBittorrent", leecher.url, USERNAME, PASSWORD)

    wait_until(client.is_connected, PATIENCE)  # it starts to listen a moment after it answers

    free = shutil.disk_usage(leecher.downloads).free
    wait_until(lambda: client.free_space() == pytest.approx(free, abs=2**30), PATIENCE)

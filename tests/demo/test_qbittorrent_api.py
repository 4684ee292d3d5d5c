"""qBittorrent answers as its page says."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from demo.qbittorrent.api import MOST_FAILURES, PASSWORD, USERNAME, create_app
from demo.scenario import Play
from demo.world import World
from flaskapp.domain.observation import DownloadStage
from flaskapp.sources.qbittorrent import parse
from tests.demo.recorder import NOON

API = "/api/v2"


@pytest.fixture
def client(world: World) -> FlaskClient:
    Play(world).begin()
    world.advance(60)
    return create_app(world).test_client()


def log_in(client: FlaskClient, password: str = PASSWORD) -> tuple[int, str]:
    answer = client.post(f"{API}/auth/login", data={"username": USERNAME, "password": password})
    return answer.status_code, answer.text


def torrents(client: FlaskClient, query: str = "") -> Any:
    log_in(client)
    return client.get(f"{API}/torrents/info{query}").json


def test_nothing_is_told_without_a_session(client: FlaskClient) -> None:
    assert client.get(f"{API}/app/version").status_code == 403


def test_a_login_opens_a_session(client: FlaskClient) -> None:
    assert log_in(client) == (200, "Ok.")
    assert client.get(f"{API}/app/version").text == "v5.1.2"
    assert client.get(f"{API}/app/webapiVersion").text == "2.11.4"


def test_a_session_makes_any_password_good(client: FlaskClient) -> None:
    log_in(client)

    assert log_in(client, "wrong") == (200, "Ok.")


def test_a_login_by_get_is_not_allowed(client: FlaskClient) -> None:
    assert client.get(f"{API}/auth/login").status_code == 405


def test_five_wrong_passwords_ban_the_address(client: FlaskClient) -> None:
    answers = [log_in(client, "wrong") for _ in range(MOST_FAILURES)]

    assert answers == [(200, "Fails.")] * MOST_FAILURES
    assert log_in(client)[0] == 403


@pytest.mark.parametrize(
    "headers", [{"Host": "localhost:1"}, {"Origin": "http://elsewhere"}, {"Referer": "http://elsewhere/"}]
)
def test_foreign_addresses_are_refused_before_anything_else(client: FlaskClient, headers: dict[str, str]) -> None:
    log_in(client)

    assert client.get(f"{API}/app/version", headers=headers).status_code == 401


def test_hashes_choose_in_any_case_and_none_means_all(world: World, client: FlaskClient) -> None:
    first, second, *rest = world.qbittorrent.torrents

    chosen = torrents(client, f"?hashes={first.upper()}|{second}|{'0' * 40}")

    assert [row["hash"] for row in chosen] == [first, second]
    assert len(torrents(client, "?hashes=")) == len(torrents(client, "?hashes=|")) == 2 + len(rest)


def test_filters_choose_and_an_unknown_one_means_all(client: FlaskClient) -> None:
    complete, everything = torrents(client, "?filter=completed"), torrents(client, "?filter=paused")

    assert {row["state"] for row in complete} == {"stalledUP"}
    assert len(everything) == len(torrents(client)) > len(complete)
    assert {row["category"] for row in torrents(client, "?category=sonarr")} == {"sonarr"}


def test_whole_numbers_are_integers(client: FlaskClient) -> None:
    rows = torrents(client)

    complete = next(row for row in rows if row["state"] == "stalledUP")
    moving = next(row for row in rows if row["state"] == "downloading" and row["amount_left"])
    assert (type(complete["progress"]), complete["progress"], complete["availability"]) == (int, 1, -1)
    assert type(moving["progress"]) is float


def test_before_the_metadata_nothing_is_known(world: World, client: FlaskClient) -> None:
    world.advance(1.5)
    young = [row for row in torrents(client) if row["state"] in ("checkingResumeData", "metaDL", "queuedDL")]

    assert young
    assert {(row["size"], row["amount_left"], row["progress"], row["eta"]) for row in young} == {(0, 0, 0, 8_640_000)}


def test_the_board_can_read_every_torrent(client: FlaskClient) -> None:
    rows = torrents(client)

    polled = parse(rows, NOON)

    assert [download.download_id for download in polled] == [row["hash"] for row in rows]
    assert {DownloadStage.DOWNLOADING, DownloadStage.COMPLETE} <= {download.stage for download in polled}
    assert DownloadStage.UNKNOWN not in {download.stage for download in polled}

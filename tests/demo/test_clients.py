"""What happens to downloads in their clients, and how they and Radarr tell it."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from demo.qbittorrent.api import PASSWORD, USERNAME, create_app
from demo.qbittorrent.model import METADATA, SLOWED, Torrent
from demo.world import World
from tests.demo.lives import grab, offer, queue
from tests.demo.recorder import NOON

API = "/api/v2"


@pytest.fixture
def client(world: World) -> FlaskClient:
    client = create_app(world).test_client()
    client.post(f"{API}/auth/login", data={"username": USERNAME, "password": PASSWORD})
    return client


@pytest.fixture
def torrent(world: World) -> Torrent:
    return world.qbittorrent.torrents[grab(world, offer()).release.hash]


@pytest.mark.parametrize(
    ("happens", "state", "status"),
    [
        ("is_stopped", "stoppedDL", "paused"),
        ("is_moving", "moving", "downloading"),
        ("is_checking", "checkingDL", "queued"),
        ("is_missing_files", "missingFiles", "warning"),
        ("is_broken", "error", "warning"),
    ],
)
def test_a_state_has_two_names(world: World, torrent: Torrent, happens: str, state: str, status: str) -> None:
    world.advance(6)
    setattr(torrent, happens, True)
    world.advance(6)

    (row,) = queue(world)

    assert (torrent.state, row["status"], row["trackedDownloadState"]) == (state, status, "downloading")


def test_what_is_complete_is_not_done_while_it_is_checked(world: World, torrent: Torrent) -> None:
    world.advance(15)
    torrent.done, torrent.is_checking = torrent.size, True
    torrent.completed_at = world.clock.now

    assert torrent.state == "checkingUP"
    assert queue(world)[0]["status"] == "downloading"


def test_without_seeds_the_contents_stay_unknown(world: World, client: FlaskClient) -> None:
    grab(world, offer(seeds=0))
    world.advance(600)

    (shown,), (row,) = client.get(f"{API}/torrents/info").json or [], queue(world)

    assert (shown["state"], shown["size"]) == ("metaDL", 0)
    assert (row["status"], row["size"]) == ("queued", 0)
    assert next(iter(world.qbittorrent.torrents.values())).active < METADATA


def test_slow_mode_is_a_tenth(world: World, client: FlaskClient, torrent: Torrent) -> None:
    world.advance(8)
    fast, before = torrent.speed, client.get(f"{API}/transfer/speedLimitsMode").text
    world.qbittorrent.is_slowed = True
    world.advance(1)

    assert (before, client.get(f"{API}/transfer/speedLimitsMode").text) == ("0", "1")
    assert 0 < torrent.speed < fast * SLOWED * 1.5


def test_without_a_way_out_nothing_arrives(world: World, client: FlaskClient, torrent: Torrent) -> None:
    world.advance(8)
    before = client.get(f"{API}/transfer/info").json or {}
    done, world.qbittorrent.is_connected = torrent.done, False
    world.advance(120)

    after = client.get(f"{API}/transfer/info").json or {}
    assert (before["connection_status"], after["connection_status"]) == ("connected", "disconnected")
    assert (torrent.done, torrent.state, after["dl_info_speed"]) == (done, "stalledDL", 0)


def test_the_last_byte_has_a_time(world: World, client: FlaskClient, torrent: Torrent) -> None:
    world.advance(8)
    torrent.seeds = 0
    world.advance(100)

    (shown,) = client.get(f"{API}/torrents/info").json or []
    assert shown["last_activity"] == int(NOON.timestamp()) + 12


def test_a_full_disk_is_an_error_until_somebody_resumes(world: World, client: FlaskClient, torrent: Torrent) -> None:
    world.advance(8)
    world.disks.downloads.free = 0
    world.advance(1)
    state: Any = (client.get(f"{API}/sync/maindata").json or {})["server_state"]
    world.disks.downloads.free = 10**12
    world.advance(1)

    assert (torrent.state, state["free_space_on_disk"]) == ("error", 0)


def test_everything_has_no_hash_inside(world: World, client: FlaskClient, torrent: Torrent) -> None:
    everything = client.get(f"{API}/sync/maindata").json or {}

    assert everything["full_update"] is True
    assert list(everything["torrents"]) == [torrent.hash]
    assert "hash" not in everything["torrents"][torrent.hash]


def test_a_client_that_can_not_be_reached_takes_its_rows_along(world: World, torrent: Torrent) -> None:
    before = len(queue(world))
    world.clients.torrent.is_reachable = False

    assert (before, queue(world)) == (1, [])


def test_a_paused_job_waits(world: World) -> None:
    grab(world, offer(protocol="usenet"))
    (job,) = world.sabnzbd.jobs.values()
    job.is_paused = True
    world.advance(600)

    assert [row["status"] for row in queue(world)] == ["paused"]


def test_a_job_can_repair_for_ever(world: World) -> None:
    grab(world, offer(protocol="usenet"))
    (job,) = world.sabnzbd.jobs.values()
    job.is_stuck = True
    world.advance(600)

    assert [(row["status"], row["sizeleft"]) for row in queue(world)] == [("downloading", 0)]

"""What the services do to each other."""

from __future__ import annotations

import pytest

from demo.qbittorrent.model import ACTIVE, ENDLESS, Torrent
from demo.releases import Offer, film_release, season_pack
from demo.seerr.model import AVAILABLE, DELETED
from demo.servarr.model import FILM_KEY, Release
from demo.titles import FILMS, LANTERN
from demo.world import PEOPLE, World
from tests.demo.recorder import NOON, Recorder

NIGHT = FILMS["living-dead"]
OFFER = Offer("Bluray-1080p", 8, 20, "ARCHiVE")


def bring(world: World, offer: Offer = OFFER) -> Release:
    """Let Night of the Living Dead be asked for, found, downloaded and shown."""
    release = film_release(NIGHT, offer)
    world.radarr.publish(NIGHT, release)
    world.seerr.ask(NIGHT, PEOPLE["chiara"])
    world.advance(60)
    return release


def torrent(number: int) -> Torrent:
    return Torrent(f"{number:040x}", f"Torrent {number}", 1000, 100.0, "radarr", NOON)


def test_a_download_goes_through_its_states(world: World) -> None:
    download = torrent(1)
    world.qbittorrent.add(download)

    states = []
    for _ in range(60):
        world.qbittorrent.flow(0.25)
        states.append(download.state)

    assert list(dict.fromkeys(states)) == [
        *("checkingResumeData", "metaDL", "stalledDL", "downloading", "uploading", "stalledUP")
    ]


def test_more_downloads_than_slots_wait_in_the_queue(world: World) -> None:
    for number in range(ACTIVE + 2):
        world.qbittorrent.add(torrent(number))

    world.qbittorrent.flow(5)

    states = [download.state for download in world.qbittorrent.torrents.values()]
    assert states == ["downloading"] * ACTIVE + ["queuedDL"] * 2


def test_a_download_without_seeds_says_downloading_until_its_average_has_faded(world: World) -> None:
    download = torrent(1)
    world.qbittorrent.add(download)
    world.qbittorrent.flow(5)
    done, download.seeds = download.done, 0

    world.qbittorrent.flow(2)
    soon = (download.state, download.done)
    world.qbittorrent.flow(60)

    assert soon == ("downloading", done)
    assert (download.state, download.done, download.eta) == ("stalledDL", done, ENDLESS)


def test_a_film_goes_all_the_way_by_itself(world: World, post: Recorder) -> None:
    bring(world)

    assert post.kinds("seerr") == ["MEDIA_AUTO_APPROVED", "MEDIA_AVAILABLE"]
    assert post.kinds("radarr") == ["MovieAdded", "Grab", "Download"]
    assert post.kinds("jellyfin") == ["ItemAdded"]
    assert world.seerr.media_status(NIGHT) == AVAILABLE


def test_a_worse_release_is_left_alone(world: World, post: Recorder) -> None:
    bring(world)

    world.radarr.publish(NIGHT, film_release(NIGHT, Offer("Bluray-720p", 3, 20, "SMALL")))

    assert post.kinds("radarr").count("Grab") == 1


def test_a_deleted_file_is_missed_by_jellyfin_and_seerr(world: World, post: Recorder) -> None:
    bring(world)
    (file,) = world.radarr.files.values()

    world.radarr.delete_file(file, "manual")
    world.advance(20)

    assert post.of("radarr")[-1]["deleteReason"] == "manual"
    assert post.kinds("jellyfin") == ["ItemAdded", "ItemDeleted"]
    assert world.seerr.media_status(NIGHT) == DELETED


def test_a_deleted_title_takes_everything_along(world: World, post: Recorder) -> None:
    bring(world)
    entry = world.radarr.entry_of(NIGHT)
    assert entry

    world.radarr.delete(entry)
    world.advance(20)

    assert post.kinds("radarr")[-1] == "MovieDelete"
    assert (world.radarr.files, world.radarr.history, world.jellyfin.items) == ({}, [], {})


def test_a_title_that_is_deleted_while_its_file_is_copied_gets_none(world: World) -> None:
    release = film_release(NIGHT, OFFER)
    world.radarr.publish(NIGHT, release)
    entry = world.radarr.add(NIGHT)
    world.advance(4)
    world.radarr.import_now(world.radarr.grabs[release.hash])

    world.radarr.delete(entry)
    world.advance(10)

    assert world.radarr.file_of(entry, FILM_KEY) is None


def test_a_download_that_vanished_from_the_client_changes_nothing(world: World, post: Recorder) -> None:
    release = film_release(NIGHT, OFFER)
    world.radarr.publish(NIGHT, release)
    world.radarr.add(NIGHT)
    world.advance(8)

    world.qbittorrent.remove(release.hash)
    world.advance(60)

    assert post.kinds("radarr") == ["MovieAdded", "Grab"]
    assert world.radarr.grabs[release.hash].is_open


def test_what_has_not_aired_is_not_grabbed(world: World, post: Recorder) -> None:
    world.sonarr.publish(LANTERN, season_pack(LANTERN, 1, OFFER))
    entry = world.sonarr.add(LANTERN, (2,))
    world.advance(10)

    assert post.kinds("sonarr") == ["SeriesAdd"]
    assert entry.keys(0) == ((2, 1), (2, 2), (2, 3), (2, 4))
    assert entry.keys(7)[-1] == (2, 5)


@pytest.mark.parametrize(
    ("unticked", "kinds"),
    [
        ("onGrab", ["MovieAdded", "Download"]),
        ("onDownload", ["MovieAdded", "Grab"]),
        ("onUpgrade", ["MovieAdded", "Grab", "Download"]),
    ],
)
def test_only_ticked_events_are_sent(world: World, post: Recorder, unticked: str, kinds: list[str]) -> None:
    (notification,) = world.radarr.notifications.values()
    notification.triggers -= {unticked}

    bring(world)

    assert post.kinds("radarr") == kinds


def test_a_deleted_request_is_never_told(world: World, post: Recorder) -> None:
    ask = world.seerr.ask(NIGHT, PEOPLE["anna"])

    world.seerr.delete(ask)

    assert post.kinds("seerr") == ["MEDIA_PENDING"]
    assert world.seerr.requests == {}

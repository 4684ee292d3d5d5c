"""Downloads: what holds up all of them, what needs none, and those that are no torrents."""

from __future__ import annotations

import re

from demo.titles import FILMS
from tests.scenarios.house import HOUR, MINUTE, House, sentence

SLUGS = ("metropolis", "nosferatu")
METROPOLIS = FILMS["metropolis"]


def begin(house: House) -> None:
    """Let two films be downloaded, which takes hours."""
    for slug in SLUGS:
        house.offer(slug, seconds=5 * HOUR)
        house.ask(slug)
    house.wait(2 * MINUTE)
    assert {card["state"] for card in house.cards()} == {"downloading"}
    house.heard.clear()


def states(house: House) -> list[str]:
    """Give the states that an open browser was told."""
    return [event["new_state"] for event in house.told("state_change")]


def reasons(house: House) -> list[str]:
    """Give what the timeline says."""
    return [str(step["reason"]) for step in house.card()["timeline"]]


def test_a_vpn_that_is_down_is_told_once_and_on_no_card(house: House) -> None:
    """Scenario 30."""
    begin(house)

    house.world.qbittorrent.is_connected = False
    house.wait(20 * MINUTE)

    assert [(card["state"], card["eta"], sentence(card)) for card in house.cards()] == [("downloading", -1, None)] * 2
    assert house.page("/").count("Downloads stand still for everyone since 4 May, 12:02 UTC") == 1
    assert [cause["kind"] for cause in house.get("/readyz")["causes"]] == ["disconnected"]
    assert house.told("request_updated") == house.told("state_change") == []
    assert len(house.told("resync")) == 1

    house.world.qbittorrent.is_connected = True
    house.wait(2 * MINUTE)

    assert "Downloads stand still" not in house.page("/")
    assert [sentence(card) for card in house.cards()] == [None] * 2
    assert all(card["eta"] > 0 for card in house.cards())


def test_slow_mode_is_told_once_while_bytes_still_come(house: House) -> None:
    """Scenario 30."""
    begin(house)

    house.world.qbittorrent.is_slowed = True
    house.wait(15 * MINUTE)

    page = house.page("/")
    assert page.count("Downloads are slowed for everyone since 4 May, 12:02 UTC") == 1
    assert [sentence(card) for card in house.cards()] == [None] * 2
    assert house.told("request_updated") == house.told("state_change") == []


def test_what_lies_complete_in_the_client_goes_straight_to_the_library(house: House) -> None:
    """Scenario 31."""
    house.post.loses = lambda webhook: webhook.payload.get("eventType") == "Grab"
    release, torrents = house.offer("metropolis"), house.world.qbittorrent.torrents

    house.ask("metropolis")
    while release.hash not in torrents:
        house.wait(1)
    torrents[release.hash].done, torrents[release.hash].completed_at = float(release.size), house.now
    house.wait(45)

    assert "Grab" not in house.post.kinds("radarr")
    assert states(house) == ["grabbed", "imported", "available"]
    assert "Imported into the library folder: 6.0 GB, Bluray-1080p" in reasons(house)


def test_what_lies_in_the_library_folder_already_needs_no_download(house: House) -> None:
    """Scenario 31."""
    house.offer("metropolis", seconds=20)
    radarr = house.world.radarr
    radarr.on_file.remove(house.world.jellyfin.find)
    radarr.add(METROPOLIS)
    house.wait(2 * MINUTE)
    (file,) = radarr.files.values()
    radarr.delete(file.entry, with_files=False)
    house.ask("nosferatu")
    house.wait(10 * MINUTE)
    house.heard.clear()

    house.ask("metropolis")
    house.wait(10)

    assert house.card()["state"] == "imported"
    assert states(house) == ["imported"]
    assert "Found in the library folder: 6.0 GB, Bluray-1080p" in reasons(house)


def test_usenet_is_followed_by_the_queue_and_never_speaks_of_torrents(house: House) -> None:
    """Scenario 32."""
    release = house.offer("metropolis", seconds=5 * MINUTE, protocol="usenet")
    house.ask("metropolis")
    house.wait(3 * MINUTE)
    running = house.card()
    job = house.world.sabnzbd.jobs[release.download_id]
    job.is_stuck = True
    house.wait(5 * MINUTE)
    unpacking = house.card()
    page = house.page(f"/requests/{unpacking['id']}")
    job.is_stuck = False
    house.wait(3 * MINUTE)

    assert (running["state"], running["measured_by"]) == ("downloading", "radarr")
    assert 0 < running["progress"] < 100
    assert 0 < running["eta"] < 300
    assert unpacking["state"] == "downloaded"
    words = "Downloaded. The download client is repairing or unpacking it; the import comes next."
    assert (sentence(unpacking), unpacking["trouble"]["who"]) == (words, "nobody")
    assert words in page
    assert not re.search(r"torrent|peer|seed|magnet", page, re.IGNORECASE)
    assert not re.search(r"torrent|peer|seed|magnet", str(house.card()["timeline"]), re.IGNORECASE)
    assert house.card()["state"] == "available"

"""Imports: what a card says between the last byte and the library folder."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from demo.releases import Offer, film_release
from demo.servarr.model import FILM_KEY, Grab
from demo.titles import FILMS
from tests.scenarios.house import HOUR, MINUTE, House, sentence

BLOCKED = "Downloaded, but Radarr can't import it by itself."


def blocked(house: House) -> Grab:
    """Let Radarr not recognise what it has downloaded."""
    release = house.offer("metropolis", seconds=20, clear=False)
    house.ask("metropolis")
    house.wait(2 * MINUTE)
    return house.world.radarr.grab_of(release)


def page_of(house: House) -> str:
    """Give the page of the request."""
    return house.page(f"/requests/{house.card()['id']}")


def test_a_blocked_import_is_explained_and_its_own_words_are_for_the_admin(house: House) -> None:
    """Scenario 33."""
    blocked(house)

    card = house.card()
    assert (card["state"], sentence(card)) == ("downloaded", "Downloaded, but Radarr can't import it by itself.")
    assert (card["trouble"]["kind"], card["trouble"]["who"]) == ("import_blocked", "admin")
    told = "Found matching title by grab history, but the release name does not match. Manual import required."
    assert card["trouble"]["messages"] == [told]
    assert told in page_of(house)
    assert told not in house.page("/")
    assert "Waits for an admin" in house.page("/")


def test_a_message_nobody_knows_is_shown_as_it_is(house: House) -> None:
    """Scenario 33."""
    grab = blocked(house)

    grab.messages = ("Frobnication of <reel 2> failed: 0x2A",)
    house.world.radarr.queue.refresh()
    house.wait(MINUTE)

    card = house.card()
    assert sentence(card) == BLOCKED
    assert card["trouble"]["messages"] == ["Frobnication of <reel 2> failed: 0x2A"]
    assert "Frobnication of <reel 2> failed: 0x2A" in page_of(house)


def test_a_blocked_import_that_is_tried_again_and_again_does_not_flap(house: House) -> None:
    """Scenario 33."""
    house.post.loses = lambda webhook: webhook.payload.get("eventType") == "ManualInteractionRequired"
    grab = blocked(house)
    since = house.card()["trouble"]["since"]
    house.heard.clear()

    for stage in ("importPending", "importBlocked") * 5:
        grab.stage = stage
        house.world.radarr.queue.refresh()
        house.wait(MINUTE)

    assert house.told("request_updated") == house.told("state_change") == []
    assert (sentence(house.card()), house.card()["trouble"]["since"]) == (BLOCKED, since)


def test_a_radarr_that_speaks_italian_is_understood(house: House) -> None:
    """Scenario 34."""
    house.world.radarr.books.language = "it"

    blocked(house)

    card = house.card()
    assert (card["state"], sentence(card)) == ("downloaded", "Downloaded, but Radarr can't import it by itself.")
    told = "Titolo trovato nella cronologia, ma il nome non corrisponde. Serve l'importazione manuale."
    assert card["trouble"]["messages"] == [told]
    assert told in page_of(house)


def test_a_full_disk_is_told_once_for_all_that_wait_for_it(house: House) -> None:
    """Scenario 35."""
    house.world.disks.library.free = 0
    for slug in ("metropolis", "nosferatu", "general"):
        house.offer(slug, seconds=20)
        house.ask(slug)
    house.wait(20 * MINUTE)

    page = house.page("/")
    assert page.count("The disk of the library is full since 4 May, 12:00 UTC , says Radarr.") == 1
    assert [(card["state"], sentence(card)) for card in house.cards()] == [("downloaded", None)] * 3
    assert [cause["kind"] for cause in house.get("/readyz")["causes"]] == ["library_full"]

    house.world.disks.library.free = 10**12
    house.wait(3 * MINUTE)

    assert {card["state"] for card in house.cards()} == {"available"}
    assert "The disk of the library is full" not in house.page("/")


def test_files_that_radarr_can_not_reach_wait_for_the_admin(house: House) -> None:
    """Scenario 35."""
    house.world.radarr.downloads.is_path_wrong = True
    house.offer("metropolis", seconds=20)
    house.ask("metropolis")
    house.wait(4 * MINUTE)
    early = house.card()
    house.wait(6 * MINUTE)

    card = house.card()
    words = "Downloaded, but Radarr can't find the files. A path or a category has to be put right."
    assert early["trouble"] is None
    assert (card["state"], sentence(card), card["trouble"]["who"]) == ("downloaded", words, "admin")

    house.world.radarr.downloads.is_path_wrong = False
    house.wait(3 * MINUTE)

    assert house.card()["state"] == "available"


def test_what_the_admin_imports_by_hand_is_seen_within_a_minute(house: House) -> None:
    """Scenario 36."""
    grab = blocked(house)
    house.post.loses = lambda webhook: webhook.source in ("radarr", "jellyfin")

    house.world.radarr.import_now(grab)
    house.wait(MINUTE)

    assert house.card()["state"] == "available"
    step = next(each for each in house.card()["timeline"] if each["to"] == "imported")
    assert (step["reason"], step["reconstructed"]) == ("Found in the library folder: 6.0 GB, Bluray-1080p", True)


@pytest.mark.parametrize("silent", ["jellyfin", "seerr"])
def test_a_file_that_was_put_into_the_folder_is_seen_and_nothing_is_called_gone(house: House, silent: str) -> None:
    """Scenario 36."""
    house.ask("metropolis")
    house.wait(5 * MINUTE)
    house.heard.clear()
    house.post.loses = lambda webhook: webhook.source in ("radarr", silent)

    radarr, film = house.world.radarr, FILMS["metropolis"]
    entry, release = radarr.entry_of(film), film_release(film, Offer("Bluray-1080p", 6.0, 20, "ONE"))
    assert entry is not None
    radarr.import_in_place(entry, (FILM_KEY,), release)
    house.wait(30)

    assert house.card()["state"] == "available"
    assert sentence(house.card()) is None
    assert "removed" not in [event["new_state"] for event in house.told("state_change")]


def test_a_copy_that_takes_an_hour_says_so_and_calls_nobody(house: House) -> None:
    """Scenario 37."""
    with patch("demo.servarr.downloads.COPYING", HOUR):
        house.offer("metropolis", seconds=20)
        house.ask("metropolis")
        house.wait(4 * MINUTE)
        early = house.card()
        house.heard.clear()
        house.wait(50 * MINUTE)

    card = house.card()
    assert (early["state"], early["trouble"]) == ("importing", None)
    words = "Radarr is copying it to the library folder. Large files take a while."
    assert (card["state"], sentence(card), card["trouble"]["who"]) == ("importing", words, "nobody")
    assert len(house.told("request_updated")) == 1
    house.wait(10 * MINUTE)
    assert (house.card()["state"], house.card()["trouble"]) == ("available", None)


def test_half_an_hour_of_unpacking_is_no_standstill(house: House) -> None:
    """Scenario 38."""
    release = house.offer("metropolis", seconds=20, protocol="usenet")
    house.ask("metropolis")
    house.wait(15)
    house.world.sabnzbd.jobs[release.download_id].is_stuck = True
    house.wait(5 * MINUTE)
    house.heard.clear()
    house.wait(30 * MINUTE)

    card = house.card()
    words = "Downloaded. The download client is repairing or unpacking it; the import comes next."
    assert (card["state"], card["progress"], sentence(card)) == ("downloaded", 100, words)
    assert (card["trouble"]["kind"], card["trouble"]["who"]) == ("unpacking", "nobody")
    assert house.told("request_updated") == house.told("state_change") == []

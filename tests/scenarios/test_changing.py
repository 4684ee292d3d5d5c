"""What is taken away, what fails for a while, and starts anew."""

from __future__ import annotations

import pytest

from demo.titles import FILMS
from tests.scenarios.house import MINUTE, House, sentence

METROPOLIS = FILMS["metropolis"]
SERVICES = {
    "radarr": "Radarr",
    "sonarr": "Sonarr",
    "seerr": "Seerr",
    "jellyfin": "Jellyfin",
    "qbittorrent": "qBittorrent",
}


def test_a_title_that_radarr_drops_before_it_arrived_can_be_asked_for_again(house: House) -> None:
    """Scenario 47."""
    house.offer("metropolis", seconds=2000)
    house.ask("metropolis")
    house.wait(2 * MINUTE)

    entry = house.world.radarr.entry_of(METROPOLIS)
    assert entry is not None
    house.world.radarr.delete(entry)
    house.wait(5)
    card = house.card()
    house.heard.clear()
    house.wait(20 * MINUTE)

    words = "It was taken out of Radarr before it arrived. It comes only if it is added again."
    assert (card["state"], sentence(card), card["trouble"]["who"]) == ("approved", words, "admin")
    assert house.heard == []

    house.ask("metropolis", "anna")
    (_, again) = house.cards()
    assert (again["state"], again["requested_by"]) == ("requested", "Anna")


@pytest.mark.parametrize("is_told", [True, False])
def test_a_film_that_was_deleted_says_until_when_it_was_there(house: House, is_told: bool) -> None:
    """Scenario 48."""
    house.offer("metropolis", seconds=20)
    house.ask("metropolis")
    house.wait(2 * MINUTE)
    house.world.radarr.search.indexer.clear()
    (file,) = house.world.radarr.files.values()
    house.post.loses = lambda webhook: webhook.source == "radarr" and not is_told
    house.heard.clear()

    house.world.radarr.delete_file(file, "manual")
    house.wait(20 * MINUTE)

    words = "It was in the library until 4 May 2026. It comes back only if it is requested again."
    assert (house.card()["state"], sentence(house.card())) == ("removed", words)
    moves = [(event["old_state"], event["new_state"]) for event in house.told("state_change")]
    assert moves == [("available", "removed")]


def test_a_film_that_jellyfin_drops_is_almost_there_again(house: House) -> None:
    """Scenario 48."""
    house.offer("metropolis", seconds=20)
    house.ask("metropolis")
    house.wait(2 * MINUTE)
    (file,) = house.world.radarr.files.values()
    item = house.world.jellyfin.item_of(file)
    assert item is not None

    house.world.jellyfin.remove(item.id)
    house.wait(20 * MINUTE)

    card = house.card()
    assert (card["state"], sentence(card)) == ("imported", "In the library folder, waiting for Jellyfin to show it.")
    assert "Jellyfin no longer shows it" in [each["reason"] for each in house.card()["timeline"]]
    assert "Watch now" not in house.page("/")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_is_down_lowers_nothing_and_is_told_once(house: House, service: str) -> None:
    """Scenario 50."""
    for slug in ("nosferatu", "general"):
        house.offer(slug, seconds=5000)
        house.ask(slug)
    house.offer("metropolis", seconds=20)
    house.ask("metropolis")
    house.wait(3 * MINUTE)
    house.heard.clear()

    house.world.mischief[service].status = 503
    house.wait(10 * MINUTE)

    states = {card["title"]: (card["state"], sentence(card)) for card in house.cards()}
    moving = ("downloading", None)
    assert states == {"Nosferatu": moving, "The General": moving, "Metropolis": ("available", None)}
    assert house.told("state_change") == house.told("request_updated") == []
    assert len(house.told("resync")) == 1
    page = house.page("/")
    assert page.count("has not answered since 4 May, 12:0") == 1
    assert f"{SERVICES[service]} has not answered since 4 May, 12:0" in page
    assert "its numbers are from then. It is asked again until it does." in page
    assert not house.get("/readyz")["upstreams"][SERVICES[service]]["ok"]
    assert "Does not answer" in house.page("/services")

    house.world.mischief[service].heal()
    house.wait(3 * MINUTE)

    assert "has not answered" not in house.page("/")
    assert house.told("state_change") == []


def test_a_restart_moves_no_card_backwards(house: House) -> None:
    """Scenario 52."""
    for slug, seconds in (("metropolis", 20), ("nosferatu", 5000), ("general", 5000)):
        house.offer(slug, seconds=seconds)
        house.ask(slug)
    house.wait(3 * MINUTE)
    before = {card["title"]: (card["state"], card["progress"]) for card in house.cards()}
    house.heard.clear()

    house.start()
    at_once = {card["title"]: (card["state"], card["progress"]) for card in house.cards()}
    house.wait(3 * MINUTE)

    assert at_once == before
    assert before["Metropolis"] == ("available", 100)
    assert house.told("state_change") == house.told("request_updated") == []
    assert all(event["progress"] >= before["Nosferatu"][1] for event in house.told("progress_update"))

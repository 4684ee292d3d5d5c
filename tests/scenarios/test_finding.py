"""Before a download begins: searches in vain, releases that are held back, titles that are not out yet."""

from __future__ import annotations

from datetime import timedelta

from demo.calendar import Dates
from demo.releases import Offer, episode_release, season_pack
from demo.titles import FILMS, LANTERN
from tests.demo.recorder import NOON
from tests.scenarios.house import HOUR, MINUTE, House, moment, sentence

METROPOLIS = FILMS["metropolis"]


def test_a_search_in_vain_says_when_it_was_and_that_it_is_repeated(house: House) -> None:
    """Scenario 10."""
    house.ask("metropolis")
    house.wait(MINUTE)
    assert sentence(house.card()) is None

    house.wait(4 * MINUTE)

    card, searched_at = house.card(), house.world.radarr.entries[11].searched_at[0, 0]
    words = "Radarr searched and found nothing suitable yet. It keeps looking by itself."
    assert (card["state"], sentence(card), card["trouble"]["who"]) == ("approved", words, "nobody")
    assert moment(card["trouble"]["since"]) == searched_at.replace(microsecond=0)
    assert f"{words} since 4 May, 12:00 UTC" in house.page("/")
    house.heard.clear()
    house.wait(20 * MINUTE)
    assert house.heard == []


def test_a_film_that_is_not_out_says_when_it_is_expected(house: House) -> None:
    """Scenario 11."""
    house.world.calendar.announced["metropolis"] = Dates(NOON - timedelta(days=30), digital=NOON + timedelta(days=28))
    house.ask("metropolis")
    house.wait(10 * MINUTE)

    card = house.card()
    assert (card["state"], sentence(card)) == ("approved", "Not released yet: expected on 1 June 2026.")
    assert card["trouble"]["who"] == "release_date"
    assert moment(card["trouble"]["until"]) == NOON + timedelta(days=28)
    assert len(house.told("request_updated")) == 1


def test_episodes_yet_to_air_lower_nothing_and_say_when_they_air(house: House) -> None:
    """Scenario 12."""
    for number in (1, 2, 3, 4):
        house.world.sonarr.publish(LANTERN, episode_release(LANTERN, (2, number), Offer("WEBDL-1080p", 1, 60, "FERRY")))
    house.ask("lantern-line", seasons=(2,))
    house.wait(6 * MINUTE)

    card = house.card("The Lantern Line")
    assert (card["state"], sentence(card)) == ("available", None)
    assert [each["standing"] for each in card["items"]] == ["here"] * 4 + ["unaired"]
    page = house.page(f"/requests/{card['id']}")
    assert "4 of 4 here" in page
    assert "Airs on 10 May 2026" in page
    house.heard.clear()
    house.wait(20 * MINUTE)
    assert house.heard == []


def test_a_season_of_which_nothing_has_aired_says_when_it_starts(house: House) -> None:
    """Scenario 12."""
    house.world.clock.now -= timedelta(days=30)
    house.ask("lantern-line", seasons=(2,))
    house.wait(5 * MINUTE)

    card = house.card("The Lantern Line")
    assert sentence(card) == "Season 2 starts on 12 April 2026."


def test_a_film_that_nobody_looks_for_waits_for_the_admin(house: House) -> None:
    """Scenario 13."""
    house.offer("metropolis")
    entry = house.world.radarr.books.add_entry(METROPOLIS)
    house.world.radarr.monitor(entry, wanted=False)
    house.ask("metropolis")
    house.wait(10 * MINUTE)

    card = house.card()
    words = "Radarr does not look for this, because it is not monitored there."
    assert (card["state"], sentence(card), card["trouble"]["who"]) == ("approved", words, "admin")
    assert f"{words} Waits for an admin" in house.page("/")
    assert len(house.told("request_updated")) == 1

    house.world.radarr.monitor(entry, wanted=True)
    house.world.radarr.search.run(entry)
    house.wait(MINUTE)
    assert (house.card()["state"], sentence(house.card())) == ("downloading", None)


def test_a_request_that_sonarr_did_not_take_says_so_until_it_is_retried(house: House) -> None:
    """Scenario 14."""
    house.world.sonarr.is_accepting = False
    asked = house.ask("lantern-line", seasons=(1,))
    house.wait(5 * MINUTE)

    card = house.card("The Lantern Line")
    words = "Seerr could not hand this on to Sonarr. It has to be retried in Seerr."
    assert (card["state"], sentence(card), card["trouble"]["who"]) == ("failed", words, "admin")
    told = len(house.heard)
    house.wait(20 * MINUTE)
    assert len(house.heard) == told

    house.world.sonarr.is_accepting = True
    house.world.seerr.approve(asked)
    house.wait(30)

    assert (house.card("The Lantern Line")["state"], sentence(house.card("The Lantern Line"))) == ("approved", None)
    assert house.told("state_change")[-1]["new_state"] == "approved"


def test_a_release_that_is_held_back_says_until_when(house: House) -> None:
    """Scenario 15."""
    house.world.radarr.search.delay = 2 * HOUR
    house.offer("metropolis", seconds=600)
    house.ask("metropolis")
    house.wait(2 * MINUTE)

    card = house.card()
    words = "A release is found. Radarr waits a little, in case a better one appears."
    assert (card["state"], sentence(card), card["trouble"]["who"]) == ("approved", words, "nobody")
    until = moment(card["trouble"]["until"])
    assert until == (house.world.radarr.books.held[0].until).replace(microsecond=0)
    assert f"{words} since 4 May, 12:00 UTC , until 4 May, 14:00 UTC" in house.page("/")

    house.heard.clear()
    house.wait(20 * MINUTE)
    house.sleep(1.5 * HOUR)
    house.wait(MINUTE)
    assert house.heard == []
    house.wait(10 * MINUTE)
    assert (house.card()["state"], sentence(house.card())) == ("downloading", None)


def test_what_radarr_does_not_track_waits_to_be_imported_by_hand(house: House) -> None:
    """Scenario 16."""
    release = house.offer("metropolis", seconds=3 * MINUTE)
    house.ask("metropolis")
    house.wait(MINUTE)
    house.world.radarr.grabs.clear()
    house.wait(15 * MINUTE)

    assert house.world.qbittorrent.torrents[release.hash].is_complete
    card = house.card()
    words = "The download is finished, but Radarr does not follow it. It has to be imported by hand."
    assert (sentence(card), card["trouble"]["who"]) == (words, "admin")
    assert [event["new_state"] for event in house.told("state_change")[-2:]] == ["downloaded", "approved"]
    assert len(house.told("request_updated")) == 0
    house.heard.clear()
    house.wait(20 * MINUTE)
    assert house.heard == []
    assert sentence(house.card()) == words


def test_two_seasons_of_two_people_move_each_by_itself(house: House) -> None:
    """Scenario 17."""
    sonarr = house.world.sonarr
    sonarr.publish(LANTERN, season_pack(LANTERN, 1, Offer("WEBDL-1080p", 9, 600, "FERRY")))
    for number in (1, 2, 3, 4):
        sonarr.publish(LANTERN, episode_release(LANTERN, (2, number), Offer("WEBDL-1080p", 1, 60, "FERRY")))
    for person, season in (("anna", 1), ("ben", 2)):
        house.world.seerr.approve(house.ask("lantern-line", person, (season,)))
    house.wait(4 * MINUTE)

    first, second = house.cards()
    assert (first["requested_by"], first["seasons"], first["state"]) == ("Anna", [1], "downloading")
    assert (second["requested_by"], second["seasons"], second["state"]) == ("Ben", [2], "available")
    assert 0 < first["progress"] < 100
    assert [each["standing"] for each in first["items"]] == ["arriving"] * 6
    assert [each["standing"] for each in second["items"]] == ["here"] * 4 + ["unaired"]
    assert (len(first["downloads"]), len(second["downloads"])) == (1, 4)

    house.wait(12 * MINUTE)
    assert [card["state"] for card in house.cards()] == ["available"] * 2

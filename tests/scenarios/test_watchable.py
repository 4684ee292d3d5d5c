"""From the library folder to the sofa: what Jellyfin shows, and when a card says so."""

from __future__ import annotations

from dataclasses import replace

from demo.jellyfin.model import Jellyfin, LibraryItem
from demo.releases import Offer, episode_release
from demo.titles import FILMS, LANTERN
from tests.scenarios.house import HOUR, MINUTE, House, sentence

METROPOLIS = FILMS["metropolis"]


def fetch(house: House) -> None:
    """Let somebody ask for Metropolis, and let it be downloaded and imported."""
    house.offer("metropolis", seconds=20)
    house.ask("metropolis")
    house.wait(2 * MINUTE)


def fetch_unseen(house: House) -> None:
    """Do so while Jellyfin does not look into its folders."""
    house.world.radarr.on_file.remove(house.world.jellyfin.find)
    fetch(house)
    assert house.card()["state"] == "imported"


def look(house: House) -> None:
    """Let Jellyfin look into its folders."""
    for file in house.world.radarr.files.values():
        house.world.jellyfin.find(file, [])


def watch(house: House) -> tuple[int, str]:
    """Follow *Watch now*."""
    answer = house.app.test_client().get(f"/requests/{house.card()['id']}/watch")
    return answer.status_code, answer.headers.get("Location", "")


def test_what_lies_in_the_folder_waits_for_jellyfin_and_after_an_hour_for_the_admin(house: House) -> None:
    """Scenario 39."""
    fetch_unseen(house)
    early = house.card()
    house.wait(10 * MINUTE)
    waiting = house.card()
    house.heard.clear()
    house.wait(HOUR)

    late = house.card()
    assert early["trouble"] is None
    assert sentence(waiting) == "In the library folder, waiting for Jellyfin to show it."
    assert waiting["trouble"]["who"] == "nobody"
    assert sentence(late) == "In the library folder, but Jellyfin still does not show it. Its library needs a look."
    assert (late["state"], late["trouble"]["who"]) == ("imported", "admin")
    assert len(house.told("request_updated")) == 1
    look(house)
    house.wait(MINUTE)
    assert (house.card()["state"], house.card()["trouble"]) == ("available", None)


def test_an_episode_that_is_only_listed_in_jellyfin_is_not_here(house: House) -> None:
    """Scenario 40."""
    jellyfin = house.world.jellyfin
    house.world.sonarr.publish(LANTERN, episode_release(LANTERN, (1, 1), Offer("WEBDL-1080p", 1.5, 20, "ONE")))
    house.ask("lantern-line", seasons=(1,))
    for number in range(2, 7):
        jellyfin.show_missing(LANTERN, (1, number))
    house.wait(10 * MINUTE)

    card = house.card("The Lantern Line")
    assert card["state"] == "partially_available"
    assert [item["standing"] for item in card["items"]] == ["here", *["waiting"] * 5]
    assert sentence(card) == "Sonarr found nothing suitable for 5 episodes yet. It keeps looking by itself."
    assert "1 of 6 here" in house.page("/")


def test_notices_that_jellyfin_forgets_in_a_restart_are_made_good_by_asking(house: House) -> None:
    """Scenario 41."""
    jellyfin = house.world.jellyfin
    house.offer("metropolis", seconds=20)
    house.ask("metropolis")
    while not jellyfin.items:
        house.wait(1)

    jellyfin.restart()
    house.wait(MINUTE)

    assert house.post.kinds("jellyfin") == []
    assert house.card()["state"] == "available"
    step = next(each for each in house.card()["timeline"] if each["to"] == "available")
    assert (step["source"], step["reconstructed"]) == ("jellyfin", True)
    assert step["reason"] == "Jellyfin was asked which title this is"


def test_seerrs_word_alone_is_almost_there_and_offers_nothing_to_watch(house: House) -> None:
    """Scenario 42."""
    fetch_unseen(house)
    (ask,) = house.world.seerr.requests.values()

    house.world.seerr.complete(ask)
    house.wait(MINUTE)

    assert house.card()["state"] == "imported"
    assert "Almost there Film" in house.page("/")
    assert "Watch now" not in house.page("/")
    assert watch(house) == (404, "")
    look(house)
    house.wait(MINUTE)
    assert "Watch now" in house.page("/")
    status, address = watch(house)
    assert status == 302
    assert f"id={house.world.jellyfin.id_of(METROPOLIS)}" in address


def mismatched(jellyfin: Jellyfin) -> LibraryItem:
    """Let Jellyfin take what it shows for another film."""
    (item,) = jellyfin.items.values()
    jellyfin.items[item.id] = replace(item, title=FILMS["nosferatu"])
    return item


def test_a_film_that_jellyfin_takes_for_another_is_known_by_its_folder(house: House) -> None:
    """Scenario 45."""
    house.post.loses = lambda webhook: webhook.source == "jellyfin" or "AVAILABLE" in str(webhook.payload)
    house.offer("metropolis", seconds=20)
    house.ask("metropolis")
    while not house.world.jellyfin.items:
        house.wait(1)

    item = mismatched(house.world.jellyfin)
    house.wait(3 * MINUTE)

    assert house.card()["state"] == "available"
    assert watch(house)[0] == 302
    assert f"id={item.id}" in watch(house)[1]


def test_what_jellyfin_shows_already_is_available_at_once(house: House) -> None:
    """Scenario 46."""
    house.offer("metropolis", seconds=20)
    house.world.radarr.add(METROPOLIS)
    house.ask("nosferatu")
    house.wait(3 * MINUTE)
    house.heard.clear()

    house.ask("metropolis")

    assert house.card()["state"] == "available"
    assert [event["state"] for event in house.told("request_created")] == ["available"]


def test_what_came_before_the_board_did_is_available_within_seconds(house: House) -> None:
    """Scenario 46."""
    house.offer("metropolis", seconds=20)
    house.world.radarr.add(METROPOLIS)
    house.be_down(3 * MINUTE)
    house.wait(2 * MINUTE)

    house.ask("metropolis")
    house.wait(5)

    assert house.card()["state"] == "available"
    assert "Ready to watch since 4 May, 12:05 UTC" in house.page("/")

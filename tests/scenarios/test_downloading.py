"""Downloads: what a card says of one that moves, and of one that does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from demo.qbittorrent import model
from demo.qbittorrent.model import Torrent
from demo.releases import Offer, film_release, season_pack
from demo.servarr.clients import STATUSES
from demo.servarr.model import TORRENT, USENET
from demo.titles import FILMS, LANTERN
from demo.world import PEOPLE
from tests.scenarios.house import HOUR, MINUTE, House, moment, sentence

METROPOLIS = FILMS["metropolis"]
SECOND = timedelta(seconds=1)


def begin(house: House, seconds: float = 10 * HOUR, **more: Any) -> Torrent:
    """Let Metropolis be downloaded."""
    release = house.offer("metropolis", seconds, **more)
    house.ask("metropolis")
    house.wait(2 * MINUTE)
    house.heard.clear()
    return house.world.qbittorrent.torrents[release.hash]


def why(house: House) -> tuple[str, str | None, str | None]:
    """Give state, sentence and who has to act."""
    card = house.card()
    return card["state"], sentence(card), card["trouble"] and card["trouble"]["who"]


@pytest.mark.parametrize("protocol", [TORRENT, USENET])
def test_forty_five_downloads_all_have_progress(house: House, monkeypatch: pytest.MonkeyPatch, protocol: str) -> None:
    """Scenario 18."""
    monkeypatch.setattr(model, "ACTIVE", 45)
    films = [
        replace(METROPOLIS, slug=f"m{n}", title=f"M {n}", tmdb_id=9990500 + n, imdb_id=f"tt999{n:05}")
        for n in range(45)
    ]
    for film in films:
        offer = Offer("Bluray-1080p", 6, 2000, "UFA", protocol=protocol)
        house.world.radarr.publish(film, film_release(film, offer))
        house.world.seerr.ask(film, PEOPLE["chiara"])
    house.wait(2 * MINUTE)

    cards = house.cards()
    assert len(cards) == 45
    assert {card["state"] for card in cards} == {"downloading"}
    assert all(card["progress"] > 0 for card in cards)
    assert {card["measured_by"] for card in cards} == {"qbittorrent" if protocol == TORRENT else "radarr"}


def test_a_stalled_torrent_says_that_no_peers_send(house: House) -> None:
    """Scenario 19."""
    torrent = begin(house)
    assert house.card()["eta"] > 0

    torrent.seeds = 0
    gone_at = house.now
    house.wait(30 * MINUTE)

    words = "No peers are sending data. It goes on by itself when one comes back."
    assert why(house) == ("downloading", words, "nobody")
    assert torrent.eta == 8_640_000
    assert (house.card()["eta"], house.told("progress_update")[-1]["eta"]) == (-1, -1)
    assert '<span class="progress-left" data-label="{} left" hidden>' in house.told("request_updated")[-1]["card"]
    assert abs(moment(house.card()["trouble"]["since"]) - gone_at) < timedelta(minutes=1)
    assert f"{words} since 4 May, 12:0" in house.page("/")

    house.heard.clear()
    house.sleep(2.5 * HOUR)
    house.wait(10 * MINUTE)
    assert why(house) == ("downloading", words, "nobody")
    assert house.told("request_updated") == house.told("state_change") == []

    torrent.seeds = 6
    house.wait(MINUTE)
    assert why(house) == ("downloading", None, None)
    assert house.card()["eta"] > 0


def test_a_torrent_without_contents_waits_for_them_and_then_for_the_admin(house: House) -> None:
    """Scenario 20."""
    torrent = begin(house, seeds=0)
    assert torrent.state == "metaDL"

    words = "The download client is looking for the contents of this download. It starts once they are known."
    assert why(house) == ("grabbed", words, "nobody")
    house.wait(25 * MINUTE)
    assert why(house) == ("grabbed", words, "nobody")

    house.wait(5 * MINUTE)
    late = "The download client still can't find the contents of this download. Another release may be needed."
    assert why(house) == ("grabbed", late, "admin")
    assert len(house.told("request_updated")) == 1


def test_a_torrent_in_the_queue_says_its_place(house: House) -> None:
    """Scenario 21."""
    for slug in list(FILMS)[:6]:
        house.world.radarr.publish(FILMS[slug], film_release(FILMS[slug], Offer("Bluray-1080p", 6, 10 * HOUR, "UFA")))
        house.ask(slug)
    house.wait(20)
    for slug in ("metropolis", "detour"):
        house.offer(slug, seconds=600)
        house.ask(slug)
    house.wait(2 * MINUTE)

    assert why(house) == ("grabbed", "Place 7 in the download queue. It starts by itself.", "nobody")
    assert sentence(house.card("Detour")) == "Place 8 in the download queue. It starts by itself."

    first = next(iter(house.world.qbittorrent.torrents))
    house.world.qbittorrent.remove(first)
    house.wait(MINUTE)
    assert why(house) == ("downloading", None, None)
    assert sentence(house.card("Detour")) == "Place 7 in the download queue. It starts by itself."


@pytest.mark.parametrize("word", ["stoppedDL", "pausedDL"])
def test_a_paused_torrent_waits_for_the_admin(house: House, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    """Scenario 22."""
    torrent = begin(house)
    state = Torrent.__dict__["state"].fget
    monkeypatch.setattr(Torrent, "state", property(lambda torrent: state(torrent).replace("stoppedDL", word)))
    monkeypatch.setitem(STATUSES, word, "paused")

    torrent.is_stopped = True
    house.wait(20 * MINUTE)

    assert torrent.state == word
    words = "Paused in the download client, until it is resumed there."
    assert why(house) == ("downloading", words, "admin")
    assert len(house.told("request_updated")) == 1
    assert f"{words} Waits for an admin" in house.page("/")

    torrent.is_stopped = False
    house.wait(MINUTE)
    assert why(house) == ("downloading", None, None)


@pytest.mark.parametrize(
    ("switch", "words"),
    [
        ("is_broken", "The download client reports an error and has stopped. It needs a look there."),
        ("is_missing_files", "The download client no longer finds the files it had. It needs a look there."),
    ],
)
def test_an_error_of_the_client_is_told_although_radarr_only_warns(house: House, switch: str, words: str) -> None:
    """Scenario 23."""
    torrent = begin(house)

    setattr(torrent, switch, True)
    house.wait(20 * MINUTE)

    assert why(house) == ("downloading", words, "admin")
    # Radarr's own words come a moment later than the client's.
    assert {event["trouble"]["sentence"] for event in house.told("request_updated")} == {words}
    assert len(house.told("request_updated")) <= 2
    assert house.told("state_change") == []


@pytest.mark.parametrize(
    ("switch", "words"),
    [
        ("is_checking", "The download client is checking the files. It goes on by itself afterwards."),
        ("is_moving", "The download client is moving the files. It goes on by itself afterwards."),
    ],
)
def test_a_whole_torrent_that_is_checked_or_moved_is_not_done(house: House, switch: str, words: str) -> None:
    """Scenario 24."""
    torrent = begin(house)

    torrent.done = 0.995 * torrent.size
    house.wait(40)
    torrent.done, torrent.completed_at = float(torrent.size), house.now
    setattr(torrent, switch, True)
    house.wait(10 * MINUTE)

    assert torrent.state in ("checkingUP", "moving")
    assert why(house) == ("downloading", words, "nobody")
    assert house.card()["progress"] >= 99
    assert house.told("state_change") == []

    setattr(torrent, switch, False)
    house.wait(2 * MINUTE)
    assert why(house) == ("available", None, None)


def test_a_torrent_that_was_removed_by_hand_is_not_complete(house: House) -> None:
    """Scenario 25."""
    torrent = begin(house)

    house.world.qbittorrent.remove(torrent.hash)
    house.wait(3 * MINUTE)
    removed = "The download was removed from the download client. Radarr has not reacted yet."
    assert why(house) == ("approved", removed, "nobody")

    house.wait(40 * MINUTE)
    left = "The download is no longer in Radarr's queue, and nothing else is on the way. A new search may be needed."
    assert why(house) == ("approved", left, "admin")
    assert {event["new_state"] for event in house.told("state_change")} == {"approved"}
    assert len(house.told("request_updated")) <= 2


def test_a_second_attempt_keeps_the_cause_of_the_first(house: House) -> None:
    """Scenario 26."""
    house.offer("metropolis", 60, protocol=USENET, group="FIRST")
    house.offer("metropolis", 600, "WEBDL-1080p", group="SECOND")
    house.ask("metropolis")
    house.wait(20)
    (job,) = house.world.sabnzbd.jobs.values()
    job.is_damaged = True
    house.wait(3 * MINUTE)

    card = house.card()
    assert (card["state"], sentence(card)) == ("downloading", None)
    page = house.page(f"/requests/{card['id']}")
    assert "Attempt 2" in page
    assert "Repair failed, not enough repair blocks" in page
    (second, first) = card["downloads"]
    assert (first["dropped"], first["drop_message"]) == ("failed", "Repair failed, not enough repair blocks")
    assert second["dropped"] is None
    reasons = [step["reason"] for step in card["timeline"]]
    assert any("Repair failed, not enough repair blocks" in reason for reason in reasons), reasons

    house.wait(10 * MINUTE)
    assert house.card()["state"] == "available"


def test_a_stalled_download_that_a_cleaner_removes_is_searched_for_again_without_flapping(house: House) -> None:
    """Scenario 27."""
    torrent = begin(house)
    torrent.seeds = 0
    house.wait(15 * MINUTE)
    assert sentence(house.card()) == "No peers are sending data. It goes on by itself when one comes back."

    radarr = house.world.radarr
    radarr.downloads.remove(radarr.grabs[torrent.hash], blocklist=True)
    house.wait(MINUTE)
    assert why(house) == ("approved", "The download failed. Radarr looks for another release.", "nobody")
    house.wait(30 * MINUTE)

    assert why(house) == (
        "approved",
        "Radarr searched and found nothing suitable yet. It keeps looking by itself.",
        "nobody",
    )
    assert [event["trouble"] and event["trouble"]["kind"] for event in house.told("request_updated")] == [
        "stalled",
        "nothing_found",
    ]
    assert [event["new_state"] for event in house.told("state_change")] == ["approved"]


@pytest.mark.parametrize("protocol", [TORRENT, USENET])
def test_a_season_pack_is_one_bar_and_its_size_counts_once(house: House, protocol: str) -> None:
    """Scenario 28."""
    pack = season_pack(LANTERN, 1, Offer("WEBDL-1080p", 9, 600, "FERRY", protocol=protocol))
    house.world.sonarr.publish(LANTERN, pack)
    house.ask("lantern-line", seasons=(1,))
    house.wait(5 * MINUTE)

    card = house.card("The Lantern Line")
    (download,) = card["downloads"]
    assert (download["size"], len(download["items"])) == (pack.size, 6)
    assert card["state"] == "downloading"
    assert 30 < card["progress"] < 60
    assert abs(card["progress"] - 100 * download["progress"]) < 1
    assert [each["standing"] for each in card["items"]] == ["arriving"] * 6
    page = house.page(f"/requests/{card['id']}")
    assert "0 of 6 here · 6 on the way" in page
    assert "Season 1, 6 episodes" in page
    assert "9.0 GB" in page


def test_the_first_bytes_are_shown_and_never_more_than_all(house: House) -> None:
    """Scenario 29."""
    torrent = begin(house)
    card = house.card()
    (download,) = card["downloads"]

    assert 0 < download["progress"] < 0.005
    assert (card["state"], card["progress"], sentence(card)) == ("downloading", 0, None)
    assert "0% " in house.page("/")
    house.wait(5 * MINUTE)
    assert house.card()["downloads"][0]["progress"] > download["progress"]

    torrent.done = 1.02 * torrent.size
    house.wait(MINUTE)
    assert house.card()["progress"] == 100
    assert all(event["progress"] <= 100 for event in house.told("progress_update"))

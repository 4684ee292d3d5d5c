"""Downloads: what a card says of one that moves, and of one that does not."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.house import HOUR, MINUTE, House, moment, sentence


def test_a_stalled_torrent_says_that_no_peers_send(house: House) -> None:
    """Scenario 19."""
    release = house.offer("metropolis", seconds=600)
    house.ask("metropolis")
    house.wait(2 * MINUTE)
    assert house.card()["eta"] > 0

    house.world.qbittorrent.torrents[release.hash].seeds = 0
    gone_at = house.now
    house.wait(3 * HOUR)

    card = house.card()
    assert (card["state"], card["eta"]) == ("downloading", -1)
    assert sentence(card) == "No peers are sending data. It goes on by itself when one comes back."
    assert abs(moment(card["trouble"]["since"]) - gone_at) < timedelta(minutes=3)

"""What is listed as before is not read again."""

from __future__ import annotations

from flaskapp.polling.torrents import Torrents
from tests.polling.qbittorrent import V1, V2, torrent
from tests.polling.record import at


def test_the_same_torrent_is_the_very_observation_it_was() -> None:
    torrents = Torrents()
    (first,) = torrents.read([torrent()], at(0))

    (second,) = torrents.read([torrent()], at(2))

    assert second is first


def test_any_other_word_is_read() -> None:
    torrents = Torrents()
    torrents.read([torrent(), torrent(V2)], at(0))

    same, other = torrents.read([torrent(), torrent(V2, num_seeds=7)], at(2))

    assert (same.seen_at, other.seen_at, other.seeds) == (at(0), at(2), 7)


def test_an_answer_that_is_changed_afterwards_is_no_old_answer() -> None:
    torrents, row = Torrents(), torrent()
    torrents.read([row], at(0))

    row["num_seeds"] = 7

    assert [each.seeds for each in torrents.read([row], at(2))] == [7]


def test_one_that_was_missing_for_an_answer_is_read_again() -> None:
    torrents = Torrents()
    torrents.read([torrent()], at(0))
    torrents.read([], at(2))

    assert [each.seen_at for each in torrents.read([torrent()], at(4))] == [at(4)]


def test_torrents_of_odd_names_are_kept_apart() -> None:
    rows: list[dict[str, object]] = [{"hash": None, "infohash_v1": V1}, {"hash": ["?"], "infohash_v1": V2}]

    assert [each.download_id for each in Torrents().read(rows, at(0))] == [V1, V2]

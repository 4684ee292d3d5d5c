"""Titles that lie in the library folder: Jellyfin is asked whether it shows them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.domain.observation import LibraryItemType, MediaRef, MediaType
from flaskapp.domain.reading import LibraryItemRead
from flaskapp.polling.arrivals import Arrivals, Unshown
from flaskapp.polling.errand import LOOK_UP
from tests.polling.record import JELLYFIN, Record, at

SAFETY_LAST = Unshown(MediaType.MOVIE, "Safety Last!", frozenset({("tmdb", "22596")}), frozenset(), at(-60))
SIGNALS = Unshown(
    MediaType.TV, "The Signal House", frozenset({("tvdb", "9990101")}), frozenset({"The Signal House"}), at(-60)
)


def item(kind: str, number: str, **more: Any) -> dict[str, object]:
    return {"Id": number * 32, "Type": kind, "Name": "?", "LocationType": "FileSystem", **more}


@dataclass
class FakeJellyfin:
    items: list[dict[str, object]] = field(default_factory=list)
    shows: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    fails: ClientError | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)

    def search(self, item_type: str, title: str) -> list[dict[str, object]]:
        self.asked.append((item_type, title))
        if self.fails:
            raise self.fails
        return self.items

    def episodes(self, series_id: str) -> list[dict[str, object]]:
        return self.shows[series_id]


def test_a_film_is_found_by_its_id_among_those_of_the_same_title(record: Record) -> None:
    jellyfin = FakeJellyfin(
        [item("Movie", "a", ProviderIds={"Tmdb": "1"}), item("Movie", "b", ProviderIds={"Tmdb": "22596"})]
    )

    Arrivals(JELLYFIN, jellyfin, lambda: [SAFETY_LAST], record.outlet).tick(at(0))

    assert jellyfin.asked == [("Movie", "Safety Last")]
    (read,) = record.heard(LibraryItemRead)
    assert (read.item_id, read.item_type, read.seen_at) == ("b" * 32, LibraryItemType.MOVIE, at(0))


def test_of_a_show_all_episodes_are_read_that_are_really_there(record: Record) -> None:
    show = item("Series", "c", ProviderIds={"Tvdb": "9990101"})
    episode = {"SeriesId": "c" * 32, "ParentIndexNumber": 2}
    jellyfin = FakeJellyfin(
        [show],
        {
            "c" * 32: [
                item("Episode", "d", IndexNumber=1, **episode),
                item("Episode", "e", IndexNumber=2, **episode) | {"LocationType": "Virtual"},
            ]
        },
    )

    Arrivals(JELLYFIN, jellyfin, lambda: [SIGNALS], record.outlet).tick(at(0))

    assert [(read.item_type, read.season, read.episodes) for read in record.heard(LibraryItemRead)] == [
        (LibraryItemType.SERIES, None, ()),
        (LibraryItemType.EPISODE, 2, (1,)),
    ]


@pytest.mark.parametrize("path", ["/tv/The Signal House", "D:\\tv\\The Signal House\\"])
def test_a_show_that_was_matched_under_another_id_is_known_by_its_folder(record: Record, path: str) -> None:
    elsewhere = item("Series", "a", ProviderIds={"Tvdb": "4"}, Path="/tv/The Signal House (2011)")
    mistaken = item("Series", "b", ProviderIds={"Tvdb": "5"}, Path=path)

    Arrivals(JELLYFIN, FakeJellyfin([elsewhere, mistaken], {"b" * 32: []}), lambda: [SIGNALS], record.outlet).tick(
        at(0)
    )

    (read,) = record.heard(LibraryItemRead)
    assert (read.item_id, read.media) == ("b" * 32, MediaRef(MediaType.TV, tvdb_id=9990101))


def test_the_folder_of_a_film_is_that_of_its_file(record: Record) -> None:
    folder = "Safety Last! (1923)"
    film = replace(SAFETY_LAST, folders=frozenset({folder}))
    jellyfin = FakeJellyfin([item("Movie", "a", Path=f"/films/{folder}/Safety Last!.mkv")])

    Arrivals(JELLYFIN, jellyfin, lambda: [film], record.outlet).tick(at(0))

    (read,) = record.heard(LibraryItemRead)
    assert read.media == MediaRef(MediaType.MOVIE, tmdb_id=22596)


def test_what_is_not_there_is_asked_for_later_and_later(record: Record) -> None:
    jellyfin = FakeJellyfin()
    arrivals = Arrivals(JELLYFIN, jellyfin, lambda: [SAFETY_LAST], record.outlet)

    arrivals.tick(at(0))
    for second in (1, 11, 21, 29):
        assert 0 < arrivals.tick(at(second)) <= LOOK_UP

    assert len(jellyfin.asked) == 1
    assert record.batches == []


def test_a_jellyfin_that_fails_is_noted_and_its_titles_stay_due(record: Record) -> None:
    jellyfin = FakeJellyfin(
        [item("Movie", "b", ProviderIds={"Tmdb": "22596"})], fails=ClientError("Jellyfin can't be reached.")
    )
    arrivals = Arrivals(JELLYFIN, jellyfin, lambda: [SAFETY_LAST], record.outlet)

    with pytest.raises(ClientError):
        arrivals.tick(at(0))
    assert record.signals.contacts["Jellyfin"].last_error == "Jellyfin can't be reached."
    jellyfin.fails = None
    arrivals.tick(at(1))

    assert len(record.heard(LibraryItemRead)) == 1

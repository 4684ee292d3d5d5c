"""Open items of Jellyfin: when they are asked for, and what becomes of the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from flaskapp.clients.http import ClientError
from flaskapp.domain.origin import Origin
from flaskapp.domain.reading import LibraryItemRead
from flaskapp.polling.errand import LOOK_UP
from flaskapp.polling.library_items import BATCH, LibraryItems, OpenLibraryItem
from tests.polling.record import JELLYFIN, Record, at

SHOW, EPISODE = "5e" * 16, "e1" * 16
DOWN = ClientError("It can't be reached.")


@dataclass
class FakeJellyfin:
    rows: list[dict[str, object]] = field(default_factory=list)
    fails: ClientError | None = None
    asked: list[list[str]] = field(default_factory=list)

    def items(self, ids: Sequence[str]) -> list[dict[str, object]]:
        self.asked.append(list(ids))
        if self.fails:
            raise self.fails
        return [row for row in self.rows if row["Id"] in ids]


def show(item_id: str = SHOW) -> dict[str, object]:
    return {"Id": item_id, "Type": "Series", "Name": "Karla's Kitchen", "ProviderIds": {"Tvdb": "81189"}}


def test_the_show_of_an_episode_is_asked_for(record: Record) -> None:
    jellyfin = FakeJellyfin([show()])
    items = [OpenLibraryItem(EPISODE, SHOW, at(0)), OpenLibraryItem("e2" * 16, SHOW, at(0))]

    assert LibraryItems(JELLYFIN, jellyfin, lambda: items, record.outlet).tick(at(5)) == 0.0

    assert jellyfin.asked == [[SHOW]]
    (reading,) = record.heard(LibraryItemRead)
    assert record.batches[0][1] == Origin("jellyfin", "jellyfin", is_4k=False, now=at(5))
    assert reading.media is not None
    assert (reading.item_id, reading.media.tvdb_id) == (SHOW, 81189)


def test_an_episode_that_does_not_know_its_show_is_asked_for_itself(record: Record) -> None:
    jellyfin = FakeJellyfin()
    items = [OpenLibraryItem(EPISODE, None, at(0))]

    LibraryItems(JELLYFIN, jellyfin, lambda: items, record.outlet).tick(at(5))

    assert jellyfin.asked == [[EPISODE]]
    assert record.batches == []


def test_a_burst_of_items_is_asked_for_in_batches(record: Record) -> None:
    jellyfin = FakeJellyfin()
    items = [OpenLibraryItem(f"{number:032x}", None, at(0)) for number in range(1, BATCH + 11)]
    library = LibraryItems(JELLYFIN, jellyfin, lambda: items, record.outlet)

    pauses = [library.tick(at(5)) for _ in range(3)]

    assert [len(ids) for ids in jellyfin.asked] == [BATCH, 10]
    assert pauses[:2] == [0.0, 0.0]
    assert pauses[2] == LOOK_UP


def test_a_jellyfin_that_fails_is_noted_and_its_items_stay_due(record: Record) -> None:
    jellyfin = FakeJellyfin([show()], fails=DOWN)
    library = LibraryItems(JELLYFIN, jellyfin, lambda: [OpenLibraryItem(EPISODE, SHOW, at(0))], record.outlet)

    with pytest.raises(ClientError):
        library.tick(at(5))
    assert record.signals.contacts["Jellyfin"].last_error == str(DOWN)
    jellyfin.fails = None
    library.tick(at(6))

    assert [read.item_id for read in record.heard(LibraryItemRead)] == [SHOW]

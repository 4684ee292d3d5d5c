"""What Jellyfin no longer has, what comes back, and what opens when somebody wants to watch."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from flaskapp.domain.observation import LibraryItemAdded, LibraryItemType, MediaRef, MediaType
from flaskapp.domain.reading import LibraryItemAbsent
from flaskapp.domain.state import State
from flaskapp.models import Entry, LibraryItem
from flaskapp.tracking.watch import watchable
from tests.tracking.house import (
    IN_FOLDER,
    METROPOLIS,
    NOT_IN_FOLDER,
    SERIES_SHOWN,
    SERIES_WISH,
    SHOWN,
    WISH,
    Tell,
    ask,
    card,
    episode_shown,
    episodes_read,
    last_change,
    later,
    rows,
)


@pytest.fixture
def film(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("radarr", IN_FOLDER)
    tell("jellyfin", SHOWN)
    assert card().state is State.AVAILABLE


@pytest.fixture
def series(tell: Tell) -> None:
    tell("seerr", SERIES_WISH)
    tell("sonarr", episodes_read(1, 70, 71))
    tell("jellyfin", SERIES_SHOWN)
    tell("jellyfin", episode_shown(1), episode_shown(2))
    assert card(2).state is State.AVAILABLE


OTHER_SERIES = MediaRef(MediaType.TV, tvdb_id=9990199)


def absent(item_id: str, minutes: float = 5) -> LibraryItemAbsent:
    return LibraryItemAbsent(seen_at=later(minutes), item_id=item_id)


@pytest.mark.usefixtures("film")
def test_a_film_that_jellyfin_lost_waits_for_it_again(tell: Tell) -> None:
    tell("jellyfin", absent("d4c3"))

    assert (card().state, card().face["watch"]) == (State.IMPORTED, None)
    assert last_change().reason == "Jellyfin no longer shows it"


@pytest.mark.usefixtures("film")
def test_what_another_item_lacks_says_nothing(tell: Tell) -> None:
    assert tell("jellyfin", absent("e5e5")).change_ids == []

    assert card().state is State.AVAILABLE


@pytest.mark.usefixtures("film")
def test_an_older_absence_does_not_overrule_a_reading(tell: Tell) -> None:
    tell("jellyfin", replace(SHOWN, seen_at=later(6)))

    tell("jellyfin", absent("d4c3", 5))

    assert card().state is State.AVAILABLE


@pytest.mark.usefixtures("film")
def test_only_a_later_reading_brings_a_film_back(tell: Tell) -> None:
    added = LibraryItemAdded(seen_at=later(6), item_id="d4c3", item_type=LibraryItemType.MOVIE, media=METROPOLIS)
    tell("jellyfin", absent("d4c3"))

    for said in (replace(SHOWN, seen_at=later(4)), added):
        tell("jellyfin", said)
        assert card().state is State.IMPORTED
    tell("jellyfin", replace(SHOWN, seen_at=later(7)))

    assert card().state is State.AVAILABLE


@pytest.mark.usefixtures("film")
def test_a_film_that_was_scanned_anew_has_another_item(tell: Tell) -> None:
    tell("jellyfin", absent("d4c3"))

    tell("jellyfin", replace(SHOWN, item_id="f00d", seen_at=later(6)))

    assert (card().state, card().face["watch"]) == (State.AVAILABLE, "f00d")


@pytest.mark.usefixtures("series")
def test_a_series_goes_with_all_its_episodes_and_comes_back_with_those_that_are_read(tell: Tell) -> None:
    tell("jellyfin", absent("show"))
    assert {row.gone_at for row in rows(LibraryItem)} == {later(5)}
    assert card(2).state is State.IMPORTED

    tell("jellyfin", replace(SERIES_SHOWN, seen_at=later(6)), episode_shown(1, 6))
    assert card(2).state is State.PARTIALLY_AVAILABLE
    tell("jellyfin", episode_shown(2, 7))

    assert card(2).state is State.AVAILABLE


@pytest.mark.usefixtures("series")
def test_one_episode_goes_alone(tell: Tell) -> None:
    tell("jellyfin", absent("e2"))

    assert card(2).state is State.PARTIALLY_AVAILABLE
    assert [each["standing"] for each in card(2).face["strip"]] == ["here", "imported"]


@pytest.mark.usefixtures("film")
def test_a_film_opens_as_itself_once_its_server_is_known(tell: Tell) -> None:
    assert (card().face["watch"], card().face["watch_server"]) == ("d4c3", None)

    tell("jellyfin", replace(SHOWN, seen_at=later(1), server_id="5e5e"))

    assert (card().face["watch"], card().face["watch_server"]) == ("d4c3", "5e5e")
    assert last_change().kind == "detail"


@pytest.mark.usefixtures("series")
def test_a_series_opens_as_a_whole() -> None:
    assert card(2).face["watch"] == "show"


@pytest.mark.parametrize("number", [1, 2])
def test_a_series_opens_by_what_its_episodes_say_of_it(tell: Tell, number: int) -> None:
    tell("seerr", SERIES_WISH)
    tell("sonarr", episodes_read(1, 70, 71))
    tell("jellyfin", SERIES_SHOWN)
    tell("jellyfin", replace(episode_shown(number), server_id="5e5e"))
    assert card(2).state is State.PARTIALLY_AVAILABLE

    tell("jellyfin", replace(episode_shown(number, 6), server_id="5e5e"), absent("nothing"))

    assert card(2).face["watch"] == "show"


def test_what_is_only_in_the_folder_does_not_open(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("radarr", IN_FOLDER)

    assert (card().state, card().face["watch"]) == (State.IMPORTED, None)


def test_an_item_that_is_gone_does_not_open(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("radarr", IN_FOLDER)
    tell("jellyfin", replace(SHOWN, item_id="aaaa"), SHOWN)
    assert card().face["watch"] == "aaaa"

    tell("jellyfin", absent("aaaa"))

    assert (card().state, card().face["watch"]) == (State.AVAILABLE, "d4c3")


COTTAGE = "cottage"


@pytest.mark.usefixtures("film")
def test_a_film_is_here_while_any_jellyfin_shows_it(tell: Tell) -> None:
    tell("jellyfin", replace(SHOWN, item_id="f00d", server_id="7a7a"), instance=COTTAGE)
    assert (card().state, card().face["watch"]) == (State.AVAILABLE, "d4c3")

    tell("jellyfin", absent("d4c3"))
    assert (card().state, card().face["watch"]) == (State.AVAILABLE, "f00d")
    assert card().face["watch_server"] == "7a7a"
    tell("jellyfin", absent("f00d"), instance=COTTAGE)

    assert (card().state, card().face["watch"]) == (State.IMPORTED, None)


@pytest.mark.usefixtures("film")
def test_what_one_jellyfin_lost_another_one_with_the_same_number_still_shows(tell: Tell) -> None:
    tell("jellyfin", SHOWN, instance=COTTAGE)

    tell("jellyfin", absent("d4c3"), instance=COTTAGE)

    assert card().state is State.AVAILABLE
    assert [(row.instance, row.gone_at) for row in rows(LibraryItem)] == [("jellyfin", None), (COTTAGE, later(5))]


def test_the_number_of_a_show_means_another_one_in_another_jellyfin(tell: Tell) -> None:
    tell("seerr", SERIES_WISH)
    tell("sonarr", episodes_read(1, 70, 71))
    tell("jellyfin", SERIES_SHOWN)
    tell("jellyfin", replace(SERIES_SHOWN, media=OTHER_SERIES), instance=COTTAGE)

    tell("jellyfin", episode_shown(1), episode_shown(2), instance=COTTAGE)
    assert card(2).state is State.IMPORTED
    tell("jellyfin", episode_shown(1), episode_shown(2))

    assert card(2).state is State.AVAILABLE


@pytest.mark.usefixtures("series")
def test_each_jellyfin_opens_a_series_as_it_knows_it(tell: Tell) -> None:
    tell("jellyfin", replace(SERIES_SHOWN, item_id="show at the sea"), instance=COTTAGE)
    tell("jellyfin", replace(SHOWN, item_id="f00d"), instance=COTTAGE)
    media_id = card(2).media_id

    found = ask(partial(watchable, media_id=media_id))

    assert [(each.instance, each.item_id) for each in found] == [("jellyfin", "show"), (COTTAGE, "show at the sea")]


ADDED = LibraryItemAdded(seen_at=later(6), item_id="d4c3", item_type=LibraryItemType.MOVIE, media=METROPOLIS)


def test_a_film_that_jellyfin_shows_is_read_again_while_no_file_is_known(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("radarr", NOT_IN_FOLDER)

    tell("jellyfin", ADDED)

    assert rows(Entry)[0].doubted_at is not None


def test_a_film_with_a_file_is_not_read_again(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("radarr", IN_FOLDER)

    tell("jellyfin", ADDED)

    assert rows(Entry)[0].doubted_at is None

"""Which types of items Jellyfin told of by itself, and which it shows without ever having told of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest

from flaskapp.domain.observation import EpisodeRef, FileImported, Grabbed, LibraryItemAdded, LibraryItemType, Release
from flaskapp.domain.reading import LibraryItemAbsent
from flaskapp.extensions import writing
from flaskapp.models import Delivery
from flaskapp.models.item_calls import missed_types, told_types
from tests.tracking.house import (
    GRABBED,
    IMPORTED,
    IN_SONARR,
    METROPOLIS,
    NOON,
    SERIES_SHOWN,
    SHOWN,
    Tell,
    ask,
    episode_shown,
    later,
)

MOVIE, EPISODE = LibraryItemType.MOVIE, LibraryItemType.EPISODE
EVENING = later(300)
FIRST = (EpisodeRef(2, 1),)
EPISODE_GRABBED = Grabbed(seen_at=later(10), entry=IN_SONARR, items=FIRST, download_id="5e1e", release=Release())
EPISODE_IMPORTED = FileImported(seen_at=later(20), entry=IN_SONARR, file_id=70, items=FIRST, download_id="5e1e")
FILM_ADDED = LibraryItemAdded(seen_at=later(30), item_id="d4c3", item_type=MOVIE, media=METROPOLIS)
EPISODE_ADDED = LibraryItemAdded(
    seen_at=later(25), item_id="e1", item_type=EPISODE, media=None, series_id="show", season=2, episodes=(1,)
)


@pytest.fixture(autouse=True)
def _first_call(tell: Tell) -> None:
    """Let Jellyfin have called at noon, with a test or about somebody who watches."""
    called(NOON)


def called(at: datetime) -> None:
    with writing() as session:
        session.add(Delivery(source="jellyfin", instance="jellyfin", body=b"{}", received_at=at, outcome="ignored"))


def missed(now: datetime = EVENING, instance: str = "jellyfin") -> list[LibraryItemType]:
    return ask(partial(missed_types, instance=instance, now=now))


def test_each_type_has_the_time_of_its_newest(tell: Tell) -> None:
    tell("jellyfin", FILM_ADDED, EPISODE_ADDED, replace(EPISODE_ADDED, seen_at=later(40), item_id="e2", episodes=(2,)))
    tell("jellyfin", SERIES_SHOWN)

    assert ask(partial(told_types, instance="jellyfin")) == {MOVIE: later(30), EPISODE: later(40)}
    assert ask(partial(told_types, instance="attic")) == {}


def test_an_episode_that_is_shown_and_was_never_told_of_is_missed(tell: Tell) -> None:
    tell("sonarr", EPISODE_GRABBED, EPISODE_IMPORTED)
    tell("jellyfin", SERIES_SHOWN, episode_shown(1, 40))

    assert missed() == [EPISODE]
    assert missed(now=later(30)) == []  # it may still come
    assert missed(instance="attic") == []


def test_a_film_is_missed_as_well(tell: Tell) -> None:
    tell("radarr", replace(GRABBED, seen_at=later(1)), replace(IMPORTED, seen_at=later(2)))
    tell("jellyfin", SHOWN)

    assert missed() == [MOVIE]

    tell("jellyfin", FILM_ADDED)
    assert missed() == []


def test_what_was_told_of_once_is_ticked(tell: Tell) -> None:
    tell("sonarr", EPISODE_GRABBED, EPISODE_IMPORTED)
    tell("jellyfin", SERIES_SHOWN, episode_shown(1, 40))
    tell("jellyfin", replace(EPISODE_ADDED, item_id="e9", episodes=(9,)))

    assert missed() == []


def test_what_came_before_its_first_call_proves_nothing(tell: Tell) -> None:
    tell("sonarr", replace(EPISODE_GRABBED, seen_at=later(-10)), EPISODE_IMPORTED)
    tell("jellyfin", SERIES_SHOWN, episode_shown(1, 40))

    assert missed() == []


def test_a_better_file_of_what_was_there_proves_nothing(tell: Tell) -> None:
    tell("sonarr", replace(EPISODE_IMPORTED, seen_at=later(-99), file_id=60, download_id="01d"))
    tell("sonarr", EPISODE_GRABBED, replace(EPISODE_IMPORTED, is_upgrade=True, replaced=(60,)))
    tell("jellyfin", SERIES_SHOWN, episode_shown(1, 40))

    assert missed() == []


def test_what_is_not_shown_yet_proves_nothing(tell: Tell) -> None:
    tell("sonarr", EPISODE_GRABBED, EPISODE_IMPORTED)
    tell("jellyfin", SERIES_SHOWN, episode_shown(2, 40))
    assert missed() == []

    tell("jellyfin", episode_shown(1, 40))
    tell("jellyfin", LibraryItemAbsent(seen_at=later(50), item_id="e1"))
    assert missed() == []


def test_what_has_no_file_proves_nothing(tell: Tell) -> None:
    tell("sonarr", EPISODE_GRABBED)
    tell("jellyfin", SERIES_SHOWN, episode_shown(1, 40))

    assert missed() == []

"""Titles in Radarr and Sonarr: gone, back, added anew, and numbers that begin again after a reinstall."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from flaskapp.domain.observation import EntryDeleted, EntryRef, EntryTold, MediaRef, MediaType, Observation
from flaskapp.domain.reading import EntryAbsent, EntryDoubted
from flaskapp.domain.state import State
from flaskapp.models import Entry, Media
from flaskapp.models.open_questions import open_films, open_series
from tests.tracking.house import (
    GRABBED,
    IMPORTED,
    IN_FOLDER,
    IN_RADARR,
    IN_SONARR,
    LISTED,
    METROPOLIS,
    NOON,
    NOSFERATU,
    NOT_IN_FOLDER,
    SERIES_SHOWN,
    SERIES_WISH,
    SHOWN,
    SIGNALS,
    WISH,
    Tell,
    ask,
    card,
    episode_shown,
    episodes_read,
    last_change,
    later,
    only,
    rows,
)

ABSENT = EntryAbsent(seen_at=later(5), media=METROPOLIS)
AGAIN = EntryRef(20, METROPOLIS)


@pytest.mark.parametrize("known", [GRABBED, LISTED, IMPORTED, IN_FOLDER])
def test_a_title_that_is_not_there_any_more_brings_nothing(tell: Tell, known: Observation) -> None:
    tell("seerr", WISH)
    tell("radarr", known)

    tell("radarr", ABSENT)

    assert only(Entry).deleted_at == later(5)
    assert (card().state, last_change().reason) == (State.APPROVED, "No longer in the library list")


def test_a_title_that_is_missing_elsewhere_is_still_here(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("radarr", IMPORTED)

    tell("radarr", ABSENT, is_4k=True)

    assert card().state is State.IMPORTED


def test_a_title_that_was_asked_for_and_is_not_there_is_missed_once(tell: Tell) -> None:
    tell("seerr", WISH)

    assert len(tell("radarr", ABSENT).change_ids) == 1
    assert tell("radarr", replace(ABSENT, seen_at=later(9))).change_ids == []

    assert card().lacked_at == later(5)
    assert (card().trouble or {})["sentence"] == "Radarr does not have it. It comes only if it is added there."


def test_a_title_that_is_added_later_is_missed_no_more(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("radarr", ABSENT)

    tell("radarr", replace(LISTED, seen_at=later(6)))

    assert card().trouble is None


def test_a_title_that_nobody_asked_for_can_not_be_missed(tell: Tell) -> None:
    tell("seerr", WISH)

    assert tell("radarr", replace(ABSENT, media=NOSFERATU)).change_ids == []
    assert tell("radarr", ABSENT, is_4k=True).change_ids == []

    assert len(rows(Media)) == 1
    assert card().trouble is None


@pytest.mark.parametrize(
    "end", [ABSENT, EntryDeleted(seen_at=later(5), entry=IN_RADARR, files_deleted=True)], ids=["absent", "deleted"]
)
@pytest.mark.parametrize(("minutes", "state"), [(4, State.APPROVED), (6, State.IMPORTED)])
def test_a_later_reading_finds_a_title_again(tell: Tell, end: Observation, minutes: float, state: State) -> None:
    tell("seerr", WISH)
    tell("radarr", IMPORTED)
    tell("radarr", end)

    tell("radarr", replace(IN_FOLDER, seen_at=later(minutes)))

    assert card().state is state


def test_a_title_that_was_added_anew_buries_the_old_entry(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("radarr", IMPORTED)

    tell("radarr", replace(NOT_IN_FOLDER, entry=AGAIN))

    assert [(row.entry_id, row.deleted_at) for row in rows(Entry)] == [(12, later(1)), (20, None)]
    assert card().state is State.APPROVED


def test_a_series_that_was_added_anew_buries_the_old_entry(tell: Tell) -> None:
    tell("seerr", SERIES_WISH)
    tell("sonarr", episodes_read(1, 70, 71))
    assert card(2).state is State.IMPORTED

    tell("sonarr", episodes_read(2, None, None, entry=EntryRef(8, SIGNALS)))

    assert [(row.entry_id, row.deleted_at) for row in rows(Entry)] == [(7, later(2)), (8, None)]
    assert card(2).state is State.APPROVED


def test_the_same_title_in_another_quality_is_not_buried(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("radarr", IMPORTED)

    tell("radarr", replace(NOT_IN_FOLDER, entry=AGAIN), is_4k=True)

    assert [row.deleted_at for row in rows(Entry)] == [None, None]
    assert card().state is State.IMPORTED


@pytest.mark.parametrize("order", [(False, True), (True, False)])
def test_each_sonarr_speaks_for_its_own_episodes(tell: Tell, order: tuple[bool, bool]) -> None:
    tell("seerr", SERIES_WISH)
    tell("seerr", replace(SERIES_WISH, seerr_request_id=3, is_4k=True))
    read = episodes_read(60, None)

    for is_4k in order:
        listed = tuple(replace(each, monitored=not is_4k) for each in read.episodes)
        tell("sonarr", replace(read, episodes=listed), is_4k=is_4k)

    assert card(2).trouble is None
    assert (card(3).trouble or {})["kind"] == "not_monitored"


def test_after_a_reinstall_a_number_may_be_another_title(tell: Tell) -> None:
    other = EntryRef(12, NOSFERATU)
    tell("seerr", WISH)
    tell("seerr", replace(WISH, seerr_request_id=3, media=NOSFERATU))
    tell("radarr", IMPORTED)

    tell("radarr", replace(GRABBED, entry=other, download_id="bbbb", seen_at=later(3)))

    old, new = rows(Entry)
    assert (old.entry_id, old.deleted_at) == (-old.id, later(3))
    assert (new.entry_id, new.deleted_at) == (12, None)
    assert len(rows(Media)) == 2
    assert card(3).state is State.GRABBED
    tell("radarr", replace(IN_FOLDER, entry=AGAIN, seen_at=later(4)))
    assert card().state is State.IMPORTED


@pytest.mark.parametrize(
    "ref",
    [
        MediaRef(MediaType.MOVIE),
        MediaRef(MediaType.MOVIE, tmdb_id=19),
        MediaRef(MediaType.MOVIE, imdb_id="tt0017136"),
        MediaRef(MediaType.MOVIE, tmdb_id=19, imdb_id="tt9999999"),  # TMDB corrected its other id
        MediaRef(MediaType.MOVIE, tvdb_id=5),  # says nothing that could be compared
    ],
)
def test_a_title_that_is_named_otherwise_is_still_itself(tell: Tell, ref: MediaRef) -> None:
    tell("radarr", GRABBED)

    tell("radarr", EntryTold(seen_at=later(1), entry=EntryRef(12, ref)))

    assert (only(Entry).entry_id, only(Entry).deleted_at) == (12, None)


def films(*, is_4k: bool = False) -> list[int]:
    return [number for number, _ in ask(partial(open_films, is_4k=is_4k))]


def series(*, is_4k: bool = False) -> list[int]:
    return [number for number, _ in ask(partial(open_series, is_4k=is_4k))]


def film_is_here(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("radarr", IN_FOLDER)
    tell("jellyfin", SHOWN)
    assert card().state is State.AVAILABLE


def series_is_here(tell: Tell) -> None:
    tell("seerr", SERIES_WISH)
    tell("sonarr", episodes_read(1, 70, 71))
    tell("jellyfin", SERIES_SHOWN)
    tell("jellyfin", episode_shown(1), episode_shown(2))
    assert card(2).state is State.AVAILABLE


@pytest.mark.parametrize(
    ("state", "is_open"),
    [(State.APPROVED, True), (State.IMPORTED, True), (State.AVAILABLE, False)],
)
def test_a_film_is_asked_about_while_somebody_waits_for_it(tell: Tell, state: State, *, is_open: bool) -> None:
    tell("seerr", WISH)
    if state is not State.APPROVED:
        tell("radarr", IN_FOLDER)
    if state is State.AVAILABLE:
        tell("jellyfin", SHOWN)
    assert card().state is state

    opened = ask(partial(open_films, is_4k=False))
    assert opened == ([(19, card().updated_at)] if is_open else [])
    assert (films(is_4k=True), series()) == ([], [])


def test_a_film_whose_files_changed_is_asked_about_until_it_was_read(tell: Tell) -> None:
    film_is_here(tell)

    changes = tell("radarr", EntryDoubted(seen_at=later(5), entry=IN_RADARR)).change_ids
    assert (changes, card().state) == ([], State.AVAILABLE)
    assert ask(partial(open_films, is_4k=False)) == [(19, later(5))]
    assert films(is_4k=True) == []
    tell("radarr", replace(NOT_IN_FOLDER, seen_at=later(4)))
    assert films() == [19]
    tell("radarr", replace(IN_FOLDER, seen_at=later(5)))

    assert films() == []


def test_a_series_whose_files_changed_is_asked_about_until_it_was_read(tell: Tell) -> None:
    series_is_here(tell)
    assert series() == []

    tell("sonarr", EntryDoubted(seen_at=later(5), entry=IN_SONARR))
    assert ask(partial(open_series, is_4k=False)) == [(9990101, later(5))]
    assert (series(is_4k=True), films()) == ([], [])
    tell("sonarr", episodes_read(6, 70, 71))

    assert series() == []


def test_a_doubt_about_what_is_gone_or_was_not_asked_for_is_no_question(tell: Tell) -> None:
    tell("radarr", EntryDoubted(seen_at=NOON, entry=EntryRef(13, NOSFERATU)))
    film_is_here(tell)
    tell("radarr", EntryDoubted(seen_at=later(5), entry=IN_RADARR))
    tell("radarr", replace(ABSENT, seen_at=later(6)))

    assert (card().state, films()) == (State.AVAILABLE, [])


def test_a_doubt_counts_by_our_clock(tell: Tell) -> None:
    film_is_here(tell)

    # The clock of that Radarr is an hour behind; what was read since is younger than its row.
    tell("radarr", EntryDoubted(seen_at=later(-60), entry=IN_RADARR), replace(GRABBED, seen_at=later(5)))

    assert films() == [19]

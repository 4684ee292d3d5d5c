"""What Seerr answers replaces what was told before it was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.domain.observation import (
    FILM,
    EntryRef,
    FileImported,
    MediaRef,
    MediaType,
    RequesterRef,
    RequestTold,
    Word,
)
from flaskapp.domain.reading import MovieRead, RequestGone, RequestRead, TitleRead
from flaskapp.domain.recorded import Recorded
from flaskapp.domain.state import State
from flaskapp.extensions import db
from flaskapp.models import MediaRequest

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
METROPOLIS = MediaRef(MediaType.MOVIE, tmdb_id=19)
READ = RequestRead(
    seen_at=NOON,
    seerr_request_id=1,
    media=METROPOLIS,
    word=Word.APPROVED,
    completed=False,
    vanished=False,
    requested_by=RequesterRef("alice"),
    seasons=None,
    is_4k=False,
    asked_at=NOON - timedelta(days=3),
)
TOLD = RequestTold(seen_at=NOON, seerr_request_id=1, media=METROPOLIS, word=Word.PENDING)
Tell = Callable[..., Recorded]


def later(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def request() -> MediaRequest:
    with Session(db.engine) as session:
        return session.scalars(select(MediaRequest)).one()


def test_a_request_from_before_we_came_gets_a_card_as_old_as_it_is(tell: Tell) -> None:
    tell("seerr", READ)

    assert (request().state, request().created_at, request().requested_by) == (State.APPROVED, READ.asked_at, "alice")


def test_a_request_that_was_told_late_becomes_as_old_as_it_is(tell: Tell) -> None:
    tell("seerr", TOLD)

    tell("seerr", replace(READ, word=Word.PENDING, seen_at=later(1)))

    assert request().created_at == READ.asked_at


def test_a_lost_approval_is_found(tell: Tell) -> None:
    tell("seerr", TOLD)

    tell("seerr", replace(READ, seen_at=later(1)))

    assert request().state is State.APPROVED


def test_a_request_that_went_back_to_pending_is_found(tell: Tell) -> None:
    tell("seerr", replace(TOLD, word=Word.APPROVED))

    tell("seerr", replace(READ, word=Word.PENDING, seen_at=later(1)))

    assert request().state is State.REQUESTED


def test_what_was_told_after_the_reading_began_stays(tell: Tell) -> None:
    tell("seerr", replace(TOLD, word=Word.DECLINED, seen_at=later(1)))

    tell("seerr", READ)

    assert request().state is State.DECLINED


def test_what_was_told_a_moment_before_the_reading_stays_too(tell: Tell) -> None:
    tell("seerr", replace(TOLD, word=Word.DECLINED, seen_at=NOON - timedelta(seconds=1)))

    tell("seerr", READ)
    assert request().state is State.DECLINED
    tell("seerr", replace(READ, seen_at=later(1)))

    assert request().state is State.APPROVED


def test_a_reading_that_says_nothing_new_touches_nothing(tell: Tell) -> None:
    tell("seerr", READ)
    rev = request().rev

    recorded = tell("seerr", replace(READ, seen_at=later(1)))

    assert (recorded.change_ids, request().rev) == ([], rev)


def test_a_request_that_seerr_deleted_is_removed_and_may_come_back(tell: Tell) -> None:
    tell("seerr", READ)

    tell("seerr", RequestGone(seen_at=later(1), seerr_request_id=1))
    assert request().state is State.REMOVED
    tell("seerr", replace(READ, seen_at=later(2)))

    assert request().state is State.APPROVED


def test_what_was_complete_and_vanished_is_removed(tell: Tell) -> None:
    complete = replace(READ, completed=True)
    tell("seerr", complete)
    assert request().state is State.AVAILABLE

    tell("seerr", replace(complete, vanished=True, seen_at=later(1)))

    assert request().state is State.REMOVED


def test_a_title_that_was_read_is_a_better_card(tell: Tell) -> None:
    tell("seerr", READ)
    assert request().face["title"] == "Untitled"

    tell("seerr", TitleRead(seen_at=later(1), media=replace(METROPOLIS, title="Metropolis", year=1927)))

    assert (request().face["title"], request().face["year"]) == ("Metropolis", 1927)


def test_facts_of_others_outlive_a_reading(tell: Tell) -> None:
    tell("radarr", FileImported(seen_at=NOON, entry=EntryRef(12, METROPOLIS), file_id=5, items=(FILM,)))

    tell("seerr", replace(READ, seen_at=later(1)))

    assert request().state is State.IMPORTED


IN_RADARR = EntryRef(12, METROPOLIS)
WITH_FILE = MovieRead(seen_at=NOON, entry=IN_RADARR, file_id=5, quality="Bluray-1080p")


def test_an_import_whose_webhook_was_lost_is_found(tell: Tell) -> None:
    tell("seerr", READ)

    tell("radarr", WITH_FILE)

    assert (request().state, request().face["quality"]) == (State.IMPORTED, "Bluray-1080p")


def test_a_file_that_a_later_reading_no_longer_lists_is_gone(tell: Tell) -> None:
    tell("seerr", READ)
    tell("radarr", WITH_FILE)

    tell("radarr", replace(WITH_FILE, file_id=None, seen_at=later(1)))

    assert request().state is State.APPROVED


def test_a_file_that_was_told_after_the_reading_began_stays(tell: Tell) -> None:
    tell("seerr", READ)
    tell("radarr", FileImported(seen_at=later(1), entry=IN_RADARR, file_id=5, items=(FILM,)))

    tell("radarr", replace(WITH_FILE, file_id=None))

    assert request().state is State.IMPORTED


def test_an_older_reading_does_not_overrule_a_newer_one(tell: Tell) -> None:
    tell("seerr", READ)
    tell("radarr", replace(WITH_FILE, seen_at=later(1)))

    tell("radarr", replace(WITH_FILE, file_id=None))

    assert request().state is State.IMPORTED

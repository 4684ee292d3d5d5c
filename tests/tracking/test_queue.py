"""What a queue lists is a download, also without a webhook; what left it for good brings nothing any more."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select

from flaskapp.domain.observation import FILM, DownloadGone, DownloadStage, EntryRef, Observation
from flaskapp.domain.queue import (
    Dropping,
    HistoryRead,
    Hold,
    Protocol,
    QueueStage,
    ReleasesHeld,
)
from flaskapp.domain.queue import (
    HeldRelease as Held,
)
from flaskapp.domain.state import State
from flaskapp.models import Download, Entry, Grab, HeldRelease
from flaskapp.models.service_questions import read_history_mark
from tests.tracking.house import (
    EPISODES,
    FAILED,
    GRABBED,
    IN_RADARR,
    IN_SONARR,
    LISTED,
    METROPOLIS,
    NOON,
    NOSFERATU,
    POLLED,
    SERIES_WISH,
    WISH,
    Tell,
    ask,
    card,
    later,
    only,
    rows,
    trouble,
)

BLOCKED, HELD, PENDING, IMPORTING = QueueStage.BLOCKED, QueueStage.HELD, QueueStage.PENDING, QueueStage.IMPORTING
REMOVED = replace(FAILED, why=Dropping.REMOVED, message=None)


def test_a_listed_download_needs_no_webhook(tell: Tell) -> None:
    tell("seerr", WISH)

    tell("radarr", replace(LISTED, added_at=later(-5), title="Metropolis.1927", protocol=Protocol.USENET))

    download = only(Download)
    assert (download.grabbed_at, download.title, download.protocol) == (later(-5), "Metropolis.1927", Protocol.USENET)
    assert len(rows(Grab)) == 1
    assert (card().state, card().progress, card().eta) == (State.DOWNLOADING, 50, 60)


def test_a_listing_of_what_a_webhook_told_is_the_same_download(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("radarr", GRABBED)

    tell("radarr", LISTED)

    assert (len(rows(Download)), len(rows(Grab))) == (1, 1)


def test_a_listed_pack_is_one_download_for_all_its_episodes(tell: Tell) -> None:
    tell("seerr", SERIES_WISH)

    tell("sonarr", replace(LISTED, entry=IN_SONARR, items=EPISODES))

    assert (len(rows(Download)), len(rows(Grab))) == (1, 2)
    assert [each["standing"] for each in card(2).face["strip"]] == ["arriving", "arriving"]
    assert card(2).progress == 50


@pytest.mark.parametrize(
    ("steps", "stage", "since"),
    [
        ([(PENDING, 0), (BLOCKED, 1)], BLOCKED, 1),
        ([(BLOCKED, 1), (BLOCKED, 2)], BLOCKED, 1),
        ([(HELD, 1), (HELD, 2)], HELD, 1),
        ([(BLOCKED, 1), (HELD, 2)], BLOCKED, 1),
        ([(HELD, 1), (BLOCKED, 2)], BLOCKED, 1),
        ([(BLOCKED, 1), (HELD, 2), (BLOCKED, 3), (HELD, 4)], BLOCKED, 1),
        ([(BLOCKED, 1), (IMPORTING, 2), (BLOCKED, 3)], BLOCKED, 3),
        ([(BLOCKED, 1), (PENDING, 2), (HELD, 3)], HELD, 3),
        ([(HELD, 1), (PENDING, 2)], PENDING, 2),
        ([(BLOCKED, 2), (PENDING, 1)], BLOCKED, 2),  # an older picture
    ],
)
def test_a_block_lasts_through_the_tries_in_between(
    tell: Tell, steps: list[tuple[QueueStage, int]], stage: QueueStage, since: int
) -> None:
    for listed, minute in steps:
        tell("radarr", replace(LISTED, stage=listed, seen_at=later(minute)))

    download = only(Download)
    assert (download.queue_stage, download.queue_since) == (stage, later(since))


@pytest.mark.parametrize(
    ("stage", "messages"),
    [
        (QueueStage.WARNED, ["Keine Quellen", "stalled"]),
        (QueueStage.FAILED, ["Keine Quellen", "stalled"]),
        (QueueStage.DOWNLOADING, ["Keine Quellen"]),
        (QueueStage.BLOCKED, ["Keine Quellen"]),
    ],
)
def test_what_the_client_says_is_kept_where_it_explains_something(
    tell: Tell, stage: QueueStage, messages: list[str]
) -> None:
    tell("radarr", replace(LISTED, stage=stage, messages=("Keine Quellen",), client_text="stalled"))

    assert only(Download).queue_messages == messages


def test_a_failed_download_closes_and_its_card_says_why(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("radarr", LISTED)

    tell("radarr", replace(FAILED, seen_at=later(1)))

    assert card().state is State.APPROVED
    assert trouble() == "download_failed"
    download = only(Download)
    assert (download.dropping, download.dropped_at, download.drop_message) == (
        Dropping.FAILED,
        later(1),
        "It was damaged",
    )


def test_a_failure_of_what_nobody_told_is_kept_as_an_attempt(tell: Tell) -> None:
    tell("seerr", WISH)

    tell("radarr", FAILED)
    tell("radarr", replace(LISTED, download_id="bbbb", seen_at=later(5)))

    assert (card().state, card().face["attempt"]) == (State.DOWNLOADING, 2)


@pytest.mark.parametrize("drop", [FAILED, replace(FAILED, why=Dropping.IGNORED), REMOVED])
@pytest.mark.parametrize(
    ("listed", "is_open"),
    [
        (replace(LISTED, seen_at=later(-1)), False),
        (replace(LISTED, seen_at=later(0.5)), False),
        (replace(LISTED, seen_at=later(1)), False),  # the picture of a queue may be a minute old
        (replace(LISTED, seen_at=later(1.1)), True),
        (replace(LISTED, seen_at=later(10)), True),
        (replace(LISTED, seen_at=later(10), stage=QueueStage.FAILED), False),
    ],
)
@pytest.mark.parametrize("is_drop_first", [True, False])
def test_only_a_later_listing_takes_an_end_back(
    tell: Tell, drop: Observation, listed: Observation, *, is_open: bool, is_drop_first: bool
) -> None:
    tell("seerr", WISH)
    tell("radarr", replace(LISTED, seen_at=later(-5)))

    for said in [drop, listed] if is_drop_first else [listed, drop]:
        tell("radarr", said)

    # A row of history has its time by another clock: it closes until the next picture.
    is_disproved = is_open and (is_drop_first or not drop.from_history)
    assert card().state is (State.DOWNLOADING if is_disproved else State.APPROVED)


@pytest.mark.parametrize(
    "steps",
    [
        [FAILED, replace(REMOVED, seen_at=later(5))],
        [REMOVED, replace(FAILED, seen_at=later(5))],
        [replace(REMOVED, seen_at=later(5)), FAILED],
        [replace(FAILED, seen_at=later(5)), REMOVED],
    ],
)
def test_what_history_says_counts_more_than_an_absence(tell: Tell, steps: list[Observation]) -> None:
    for said in steps:
        tell("radarr", said)

    assert only(Download).dropping is Dropping.FAILED


@pytest.mark.parametrize("is_drop_first", [True, False])
def test_a_listing_that_says_failed_itself_leaves_the_reason_of_history(tell: Tell, *, is_drop_first: bool) -> None:
    listed = replace(LISTED, stage=QueueStage.FAILED, seen_at=later(10))

    for said in [FAILED, listed] if is_drop_first else [listed, FAILED]:
        tell("radarr", said)

    assert (only(Download).dropping, only(Download).dropped_at) == (Dropping.FAILED, NOON)


def test_a_download_that_left_its_client_lives_again_when_it_is_listed_later(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("radarr", GRABBED)
    tell("qbittorrent", POLLED)
    tell("qbittorrent", DownloadGone(seen_at=later(1), download_id="f2e9"))
    assert card().state is State.APPROVED

    tell("radarr", replace(LISTED, seen_at=later(2)))
    assert card().state is State.APPROVED
    tell("radarr", replace(LISTED, seen_at=later(2.1)))

    assert (card().state, card().measured_by) == (State.DOWNLOADING, "radarr")


def held(entry: EntryRef = IN_RADARR, hold: Hold = Hold.DELAY, until: float | None = 60) -> Held:
    return Held(entry, FILM, hold, None if until is None else later(until))


def test_what_is_held_back_replaces_what_the_same_instance_held_before(tell: Tell) -> None:
    other = EntryRef(13, NOSFERATU)
    tell("seerr", WISH)
    tell("radarr", ReleasesHeld(seen_at=NOON, held=(held(),)))
    tell("radarr", ReleasesHeld(seen_at=NOON, held=(held(),)), is_4k=True)
    assert trouble() == "delayed"

    tell("radarr", ReleasesHeld(seen_at=later(1), held=(held(other),)))

    query = select(Entry.is_4k, HeldRelease.since).join(HeldRelease).order_by(Entry.is_4k)
    assert [tuple(row) for row in ask(lambda session: session.execute(query).all())] == [
        (False, later(1)),
        (True, NOON),
    ]
    assert trouble() is None


def test_what_is_still_held_back_keeps_its_beginning(tell: Tell) -> None:
    tell("radarr", ReleasesHeld(seen_at=NOON, held=(held(),)))

    tell("radarr", ReleasesHeld(seen_at=later(5), held=(held(hold=Hold.CLIENT_UNAVAILABLE, until=None),)))

    row = only(HeldRelease)
    assert (row.since, row.hold, row.until) == (NOON, Hold.CLIENT_UNAVAILABLE, None)


def test_nothing_held_back_clears_only_its_own_instance(tell: Tell) -> None:
    tell("radarr", ReleasesHeld(seen_at=NOON, held=(held(),)))
    tell("radarr", ReleasesHeld(seen_at=NOON, held=(held(),)), is_4k=True)

    tell("radarr", ReleasesHeld(seen_at=later(1), held=()), is_4k=True)

    assert len(rows(HeldRelease)) == 1


def test_the_mark_of_a_history_only_moves_on(tell: Tell) -> None:
    for upstream, minutes in (("Radarr", 5), ("Radarr", 3), ("Sonarr", 1)):
        tell("radarr", HistoryRead(seen_at=NOON, upstream=upstream, until=later(minutes)))

    marks = [ask(partial(read_history_mark, upstream=name)) for name in ("Radarr", "Sonarr", "Other")]
    assert marks == [later(5), later(1), None]


@pytest.mark.parametrize("is_4k", [False, True])
def test_a_card_names_whose_numbers_it_shows(tell: Tell, *, is_4k: bool) -> None:
    tell("seerr", replace(WISH, is_4k=is_4k))

    tell("radarr", LISTED, is_4k=is_4k)
    assert (card().measured_by, card().measured_at) == ("radarr 4k" if is_4k else "radarr", NOON)
    tell("qbittorrent", replace(POLLED, seen_at=later(1)))

    assert (card().measured_by, card().measured_at, card().progress) == ("qbittorrent", later(1), 25)


def test_a_series_names_its_own_queue(tell: Tell) -> None:
    tell("seerr", SERIES_WISH)

    tell("sonarr", replace(LISTED, entry=IN_SONARR, items=EPISODES))

    assert card(2).measured_by == "sonarr"


def test_the_queue_tells_of_an_import_that_the_client_can_not_know(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("radarr", LISTED)
    tell("qbittorrent", replace(POLLED, stage=DownloadStage.COMPLETE, progress=1.0))
    assert card().state is State.DOWNLOADED

    tell("radarr", replace(LISTED, stage=IMPORTING, seen_at=later(1)))

    assert card().state is State.IMPORTING
    assert METROPOLIS.title == card().face["title"]

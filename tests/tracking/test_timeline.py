"""What the timeline says of steps that no webhook told, and of troubles that begin and end."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from flaskapp.domain.observation import (
    DownloadStage,
    LibraryItemAdded,
    LibraryItemType,
    Observation,
    RequesterRef,
    TimePassed,
    Word,
)
from flaskapp.domain.origin import Origin
from flaskapp.domain.queue import HistoryRead, QueueStage
from flaskapp.domain.reading import RequestRead
from flaskapp.domain.state import State
from flaskapp.models import Change
from flaskapp.models.service_questions import due_looks
from flaskapp.tracking.record import forget
from tests.tracking.house import (
    GRABBED,
    IMPORTED,
    IN_FOLDER,
    LISTED,
    METROPOLIS,
    NOON,
    POLLED,
    SHOWN,
    WISH,
    Tell,
    ask,
    card,
    last_change,
    later,
    rows,
    trouble,
)

WISH_READ = RequestRead(
    seen_at=NOON,
    seerr_request_id=1,
    media=METROPOLIS,
    word=Word.APPROVED,
    completed=False,
    vanished=False,
    requested_by=RequesterRef("alice"),
    seasons=None,
    is_4k=False,
    asked_at=later(-60),
)
ADDED = LibraryItemAdded(seen_at=NOON, item_id="d4c3", item_type=LibraryItemType.MOVIE, media=METROPOLIS)
PAUSED = replace(POLLED, stage=DownloadStage.PAUSED)


@pytest.mark.parametrize(
    ("before", "said", "state", "is_reconstructed"),
    [
        ([], WISH, State.APPROVED, False),
        ([], WISH_READ, State.APPROVED, True),
        ([WISH], GRABBED, State.GRABBED, False),
        ([WISH], replace(GRABBED, from_history=True), State.GRABBED, True),
        ([WISH], replace(LISTED, stage=QueueStage.QUEUED, progress=0.0), State.GRABBED, True),
        ([WISH], LISTED, State.DOWNLOADING, False),  # no webhook ever says so
        ([WISH, GRABBED], POLLED, State.DOWNLOADING, False),
        ([WISH, LISTED], replace(LISTED, stage=QueueStage.IMPORTING, seen_at=later(1)), State.IMPORTING, False),
        ([WISH], IMPORTED, State.IMPORTED, False),
        ([WISH], replace(IMPORTED, from_history=True), State.IMPORTED, True),
        ([WISH], IN_FOLDER, State.IMPORTED, True),
        ([WISH, IMPORTED], ADDED, State.AVAILABLE, False),
        ([WISH, IMPORTED], SHOWN, State.AVAILABLE, True),
    ],
)
def test_a_step_that_was_found_by_asking_is_marked(
    tell: Tell, before: list[Observation], said: Observation, state: State, *, is_reconstructed: bool
) -> None:
    for each in before:
        tell("house", each)

    tell("house", said)

    change = last_change()
    assert (change.to_state, change.is_reconstructed) == (state, is_reconstructed)


def test_a_step_of_history_stands_at_its_own_time(tell: Tell) -> None:
    tell("seerr", WISH)

    mark = HistoryRead(seen_at=later(1), upstream="Radarr", until=later(-30))
    tell("radarr", replace(GRABBED, from_history=True, seen_at=later(-30)), mark)

    change = last_change()
    assert (change.to_state, change.occurred_at, change.recorded_at) == (State.GRABBED, later(-30), later(1))


def test_a_detail_that_was_found_is_no_step(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("radarr", replace(IMPORTED, quality=None))

    tell("radarr", replace(IN_FOLDER, quality="Bluray-1080p"))

    assert (last_change().kind, last_change().is_reconstructed) == ("detail", False)


def paused_film(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("radarr", GRABBED)
    tell("qbittorrent", PAUSED)


def due(minutes: float) -> bool:
    return card().media_id in ask(partial(due_looks, now=later(minutes)))


def test_a_card_is_looked_at_when_its_trouble_has_lasted_long_enough(tell: Tell) -> None:
    paused_film(tell)
    assert (trouble(), card().look_at) == (None, later(1))
    assert [due(0.9), due(1), due(2)] == [False, True, True]

    changes = tell("clock", TimePassed(seen_at=later(1), media_id=card().media_id)).change_ids

    change = last_change()
    assert (changes, trouble()) == ([change.id], "paused")
    assert (change.kind, change.source, change.occurred_at) == ("trouble", "clock", later(1))
    assert change.reason == (card().trouble or {})["sentence"]
    assert (change.from_state, change.to_state, change.is_reconstructed) == (
        State.DOWNLOADING,
        State.DOWNLOADING,
        False,
    )
    assert not due(1)


def test_a_look_before_the_time_says_nothing(tell: Tell) -> None:
    paused_film(tell)

    assert tell("clock", TimePassed(seen_at=later(0.9), media_id=card().media_id)).change_ids == []

    assert due(1)


def test_a_trouble_that_is_over_is_told_once(tell: Tell) -> None:
    paused_film(tell)
    tell("clock", TimePassed(seen_at=later(1), media_id=card().media_id))

    tell("qbittorrent", replace(POLLED, seen_at=later(2)))
    tell("qbittorrent", replace(POLLED, seen_at=later(2.5)))

    assert trouble() is None
    told = [(row.kind, row.reason) for row in rows(Change)][-2:]
    assert told[0][0] == "trouble"
    assert told[1] == ("trouble", "It goes on")
    assert not due(60)


def test_a_trouble_that_passes_before_its_time_is_never_told(tell: Tell) -> None:
    paused_film(tell)

    tell("qbittorrent", replace(POLLED, seen_at=later(0.5)))

    assert [row.kind for row in rows(Change)] == ["created", "state", "state"]
    assert not due(1)


def test_a_card_that_was_taken_off_is_looked_at_no_more(tell: Tell) -> None:
    paused_film(tell)
    assert due(1)

    forget(card().id, Origin("board", "board", is_4k=False, now=NOON))

    assert not due(1)

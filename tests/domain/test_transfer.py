"""What one download shows: the client's own word first, else the queue of Radarr or Sonarr."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flaskapp.domain.facts import DownloadFact, ListingFact
from flaskapp.domain.observation import DownloadStage
from flaskapp.domain.queue import QueueStage
from flaskapp.domain.state import State
from flaskapp.domain.transfer import Transfer, is_blocked, transfer

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
GRABBED = DownloadFact(pk=1, aliases=frozenset({"aa"}), grabbed_at=NOON, size=3_000)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def listed(stage: QueueStage, **more: Any) -> ListingFact:
    return ListingFact(stage, since=at(1), seen_at=at(20), **more)


LISTED = [
    (QueueStage.QUEUED, 0.0, State.GRABBED),
    (QueueStage.PAUSED, None, State.GRABBED),
    (QueueStage.PAUSED, 0.3, State.DOWNLOADING),
    (QueueStage.DOWNLOADING, 0.0, State.DOWNLOADING),
    (QueueStage.WARNED, 0.3, State.DOWNLOADING),
    (QueueStage.UNPACKING, 1.0, State.DOWNLOADED),
    (QueueStage.COMPLETE, 1.0, State.DOWNLOADED),
    (QueueStage.UNREACHABLE, 1.0, State.DOWNLOADED),
    (QueueStage.PENDING, 1.0, State.DOWNLOADED),
    (QueueStage.HELD, 1.0, State.DOWNLOADED),
    (QueueStage.BLOCKED, 1.0, State.DOWNLOADED),
    (QueueStage.IMPORTING, 1.0, State.IMPORTING),
]


@pytest.mark.parametrize(("stage", "progress", "expected"), LISTED)
def test_the_queue_speaks_for_what_the_client_does_not_know(
    stage: QueueStage, progress: float | None, expected: State
) -> None:
    found = transfer(replace(GRABBED, listing=listed(stage, progress=progress, size=4_000, eta=90)))

    assert found == Transfer(expected, progress or 0.0, 4_000, 90, None, at(20), "queue")


def test_a_download_that_nobody_speaks_of_is_grabbed() -> None:
    assert transfer(GRABBED) == Transfer(State.GRABBED, size=3_000)


def test_numbers_of_the_client_win_over_those_of_the_queue() -> None:
    polled = replace(GRABBED, stage=DownloadStage.DOWNLOADING, progress=0.5, eta=60, speed=9, polled_at=at(21))
    download = replace(polled, listing=listed(QueueStage.QUEUED, progress=0.4, eta=90))

    assert transfer(download) == Transfer(State.DOWNLOADING, 0.5, 3_000, 60, 9, at(21), "qbittorrent")
    assert transfer(replace(download, gone_at=at(22))).measured_by == "queue"


def test_only_radarr_and_sonarr_know_that_they_import() -> None:
    done = replace(GRABBED, stage=DownloadStage.COMPLETE, progress=1.0, polled_at=at(21))

    assert transfer(done).state is State.DOWNLOADED
    assert transfer(replace(done, listing=listed(QueueStage.IMPORTING))).state is State.IMPORTING


def test_what_is_whole_in_the_queue_is_whole_though_its_size_is_unknown() -> None:
    assert transfer(replace(GRABBED, listing=listed(QueueStage.PENDING))).progress == 1.0


BLOCKS = [
    ("nobody said so", {}, False),
    ("listed so", {"listing": listed(QueueStage.BLOCKED)}, True),
    ("told so", {"blocked_at": at(10)}, True),
    ("held is not yet blocked", {"listing": listed(QueueStage.HELD)}, False),
    ("told so, held since", {"blocked_at": at(10), "listing": listed(QueueStage.HELD)}, True),
    ("told so, importing since", {"blocked_at": at(10), "listing": listed(QueueStage.IMPORTING)}, False),
    ("told so, comes anew since", {"blocked_at": at(10), "listing": listed(QueueStage.DOWNLOADING)}, False),
    ("importing before it was told", {"blocked_at": at(30), "listing": listed(QueueStage.IMPORTING)}, True),
]


@pytest.mark.parametrize(("said", "known", "expected"), BLOCKS, ids=[row[0] for row in BLOCKS])
def test_a_block(said: str, known: dict[str, Any], expected: bool) -> None:
    assert is_blocked(replace(GRABBED, **known)) is expected


def test_a_blocked_import_is_of_something_complete_whatever_its_client_said_last() -> None:
    polled = replace(GRABBED, stage=DownloadStage.DOWNLOADING, progress=0.6, eta=60, speed=9, polled_at=at(21))

    found = transfer(replace(polled, blocked_at=at(22)))

    assert found == Transfer(State.DOWNLOADED, 1.0, 3_000, None, None, at(21), "qbittorrent")

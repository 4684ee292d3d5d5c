"""A poll that only moves numbers is kept in a shorter way, and must end as the longer one does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flaskapp.domain.observation import DownloadPolled, DownloadStage, EpisodeRef, Grabbed, Release, TimePassed
from flaskapp.models import Change, Download, Media, MediaRequest
from flaskapp.tracking.gather import gather
from tests.tracking.house import GRABBED, IN_SONARR, LISTED, NOON, NOSFERATU, POLLED, SERIES_WISH, WISH, Tell, rows

PACK = Grabbed(
    seen_at=NOON,
    entry=IN_SONARR,
    items=(EpisodeRef(2, 1), EpisodeRef(2, 2)),
    download_id="aaaa",
    release=Release(),
)
SINGLE = replace(PACK, items=(EpisodeRef(2, 3),), download_id="bbbb")
SECOND_WISH = replace(WISH, seerr_request_id=3)
QUEUED = replace(LISTED, seen_at=NOON + timedelta(seconds=5), entry=IN_SONARR, items=SINGLE.items, download_id="bbbb")
OF_ANOTHER = replace(WISH, seerr_request_id=4, media=NOSFERATU)
NOISE = {"rev", "updated_at"}
STAGES = [DownloadStage.DOWNLOADING] * 6 + [DownloadStage.STALLED, DownloadStage.COMPLETE, DownloadStage.CHECKING]

polls = st.builds(
    DownloadPolled,
    seen_at=st.just(NOON),
    download_id=st.sampled_from(["f2e9", "aaaa", "bbbb", "unknown"]),
    stage=st.sampled_from(STAGES),
    progress=st.sampled_from([0.0, 0.25, 0.5, 0.999, 1.0]),
    size=st.sampled_from([None, 1000, 1000, 3000]),
    size_left=st.sampled_from([None, 500]),
    speed=st.sampled_from([None, 0, 50]),
    eta=st.sampled_from([None, 10, 90]),
)


def everything() -> dict[str, list[dict[str, Any]]]:
    return {
        model.__name__: [
            {column.key: getattr(row, column.key) for column in model.__mapper__.columns if column.key not in NOISE}
            for row in rows(model)
        ]
        for model in (MediaRequest, Download)
    }


def ask_and_grab(tell: Tell) -> None:
    tell("seerr", WISH, SECOND_WISH, SERIES_WISH, OF_ANOTHER)
    tell("radarr", GRABBED)
    tell("sonarr", PACK, SINGLE, QUEUED)


def derive_all(tell: Tell, polled: DownloadPolled) -> Any:
    return tell("clock", *[TimePassed(seen_at=polled.seen_at, media_id=media.id) for media in rows(Media)])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ticks=st.lists(st.lists(polls, min_size=1, max_size=4), min_size=1, max_size=6))
def test_a_whole_derivation_changes_nothing_of_what_polls_left(
    empty: Callable[[], None], tell: Tell, ticks: list[list[DownloadPolled]]
) -> None:
    empty()
    ask_and_grab(tell)
    for second, tick in enumerate(ticks, start=1):
        told = [replace(polled, seen_at=NOON + timedelta(seconds=2 * second)) for polled in tick]
        tell("qbittorrent", *told)
        left, changes = everything(), len(rows(Change))

        again = derive_all(tell, told[-1])

        assert everything() == left
        assert {request.measured_by for request in rows(MediaRequest)} <= {None, "qbittorrent", "sonarr"}
        assert (again.measured, len(rows(Change))) == ([], changes)


def at(seconds: float, **numbers: Any) -> DownloadPolled:
    return replace(POLLED, seen_at=NOON + timedelta(seconds=seconds), **numbers)


@pytest.fixture
def derived(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note each media that is derived as a whole."""
    media: list[int] = []

    def noted(session: Any, each: Media, **how: Any) -> Any:
        media.append(each.id)
        return gather(session, each, **how)

    monkeypatch.setattr("flaskapp.tracking.record.gather", noted)
    return media


def test_a_download_that_moves_on_is_not_derived_again(tell: Tell, derived: list[int]) -> None:
    ask_and_grab(tell)
    tell("qbittorrent", at(2))
    derived.clear()

    recorded = tell("qbittorrent", at(4, progress=0.5, size_left=500))

    assert derived == []
    assert {each.progress for each in recorded.measured} == {50}
    assert len(recorded.measured) == 2  # both who asked for the film


@pytest.mark.parametrize(
    "said",
    [
        at(4, stage=DownloadStage.STALLED),
        at(4, stage=DownloadStage.COMPLETE, progress=1.0),
        at(4, size=2000),
        at(4, aliases=("cccc",)),
        at(4, client="qBittorrent VPN"),
    ],
    ids=["stage", "end", "size", "id", "client"],
)
def test_a_poll_that_says_more_is(tell: Tell, derived: list[int], said: DownloadPolled) -> None:
    ask_and_grab(tell)
    tell("qbittorrent", at(2))
    derived.clear()

    tell("qbittorrent", said)

    assert derived != []
    assert {row.speaker for row in rows(Download)} == {said.client, None}


def test_a_download_that_stood_still_moves_again(tell: Tell, derived: list[int]) -> None:
    ask_and_grab(tell)
    tell("qbittorrent", at(2, stage=DownloadStage.STALLED))
    derived.clear()

    tell("qbittorrent", at(4, progress=0.5))

    assert rows(Download)[0].stage is DownloadStage.DOWNLOADING
    assert derived != []


def test_a_card_in_trouble_is_derived_again_when_one_of_its_downloads_moves(tell: Tell, derived: list[int]) -> None:
    ask_and_grab(tell)
    moving, paused = at(2, download_id="aaaa"), at(2, download_id="bbbb", stage=DownloadStage.PAUSED)
    tell("qbittorrent", moving, paused)
    much_later = NOON + timedelta(hours=2)
    tell("qbittorrent", replace(paused, seen_at=much_later))
    assert [request.trouble is not None for request in rows(MediaRequest)] == [False, False, True, False]
    derived.clear()

    tell("qbittorrent", replace(moving, seen_at=much_later, progress=0.5))

    assert len(derived) == 1


def test_the_moment_of_the_last_byte_stays_when_nothing_is_said_of_it(tell: Tell) -> None:
    ask_and_grab(tell)
    tell("qbittorrent", at(2, last_byte_at=NOON))

    tell("qbittorrent", at(4, progress=0.5))

    assert rows(Download)[0].last_byte_at == NOON


def test_a_card_whose_newest_number_is_of_a_queue_says_so(tell: Tell) -> None:
    ask_and_grab(tell)
    tell("qbittorrent", at(2, download_id="aaaa"))

    tell("qbittorrent", at(4, download_id="aaaa", progress=0.5))

    assert rows(MediaRequest)[2].measured_by == "sonarr"


def test_an_older_poll_does_not_move_anything(tell: Tell) -> None:
    ask_and_grab(tell)
    tell("qbittorrent", at(4, progress=0.5))

    tell("qbittorrent", at(2, progress=0.1))

    assert rows(MediaRequest)[0].progress == 50

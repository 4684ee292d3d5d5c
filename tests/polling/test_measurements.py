"""What counts as news of a download, and when it stands still."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flaskapp.domain.observation import DownloadPolled, DownloadStage
from flaskapp.polling.measurements import REFRESH, STANDSTILL, Measurements
from tests.polling.record import at

RUNNING = DownloadPolled(
    seen_at=at(0),
    download_id="ab" * 20,
    stage=DownloadStage.DOWNLOADING,
    progress=0.5,
    size=1000,
    size_left=500,
    speed=10,
    eta=50,
)


def later(seconds: float, polled: DownloadPolled = RUNNING) -> DownloadPolled:
    return replace(polled, seen_at=at(seconds))


def test_the_first_word_is_news_and_its_repetition_is_not() -> None:
    measurements = Measurements()

    assert measurements.is_news(RUNNING)
    measurements.keep([RUNNING])

    assert not measurements.is_news(later(2))


@pytest.mark.parametrize(
    "changed",
    [
        replace(RUNNING, stage=DownloadStage.PAUSED),
        replace(RUNNING, size_left=499),
        replace(RUNNING, aliases=("cd" * 20,)),
        replace(RUNNING, seeds=0),
    ],
)
def test_any_other_value_is_news(changed: DownloadPolled) -> None:
    measurements = Measurements()
    measurements.keep([RUNNING])

    assert measurements.is_news(later(2, changed))


def test_old_numbers_are_said_again_so_that_they_have_an_age() -> None:
    measurements = Measurements()
    measurements.keep([RUNNING])

    assert not measurements.is_news(later(REFRESH.total_seconds() - 1))
    assert measurements.is_news(later(REFRESH.total_seconds()))
    assert measurements.is_news(later(-1))  # the clock was set back


def test_what_nobody_follows_is_forgotten() -> None:
    measurements = Measurements()
    measurements.keep([RUNNING])

    measurements.keep_only([])

    assert measurements.is_news(later(1))


def test_a_download_without_new_bytes_is_stalled_whatever_the_client_says() -> None:
    measurements = Measurements()
    still = STANDSTILL.total_seconds()

    assert measurements.judge(RUNNING) == RUNNING
    assert measurements.judge(later(still - 1)).stage is DownloadStage.DOWNLOADING

    stalled = measurements.judge(later(still))
    assert (stalled.stage, stalled.speed, stalled.eta) == (DownloadStage.STALLED, None, None)
    assert stalled.progress == RUNNING.progress


def test_new_bytes_or_another_stage_end_a_standstill() -> None:
    measurements = Measurements()
    measurements.judge(RUNNING)

    moved = later(40, replace(RUNNING, size_left=400))
    assert measurements.judge(moved) == moved

    paused = later(41, replace(RUNNING, size_left=400, stage=DownloadStage.PAUSED))
    assert measurements.judge(paused) == paused
    resumed = later(100, replace(RUNNING, size_left=400))
    assert measurements.judge(resumed) == resumed


def test_an_unknown_rest_is_no_standstill() -> None:
    measurements = Measurements()
    unknown = replace(RUNNING, size_left=None)
    measurements.judge(unknown)

    assert measurements.judge(later(100, unknown)).stage is DownloadStage.DOWNLOADING


def settled(*words: DownloadPolled) -> Measurements:
    """Take words in as the poller does."""
    measurements = Measurements()
    for word in words:
        measurements.keep([measurements.judge(word)])
    measurements.settle(words[-1:])
    return measurements


def test_what_was_settled_needs_no_second_look() -> None:
    assert settled(RUNNING).is_settled(RUNNING, at(2))


def test_another_observation_is_not_settled_though_it_says_the_same() -> None:
    assert not settled(RUNNING).is_settled(later(0), at(2))


def test_nothing_is_settled_for_longer_than_numbers_may_be_old() -> None:
    measurements = settled(RUNNING)

    assert measurements.is_settled(RUNNING, at(REFRESH.total_seconds() - 1))
    assert not measurements.is_settled(RUNNING, at(REFRESH.total_seconds()))
    assert not measurements.is_settled(RUNNING, at(-1))  # the clock was set back


def test_a_standstill_is_looked_at_in_time() -> None:
    start = STANDSTILL.total_seconds() - 3
    again = later(start)
    measurements = settled(RUNNING, again)

    assert measurements.is_settled(again, at(start + 2))
    assert not measurements.is_settled(again, at(start + 3))


def test_what_stands_still_already_is_settled_too() -> None:
    again = later(STANDSTILL.total_seconds() + 1)

    assert settled(RUNNING, again).is_settled(again, at(STANDSTILL.total_seconds() + 3))

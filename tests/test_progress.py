"""Which moves of a bar are worth a frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from flaskapp.domain.observation import DownloadPolled, DownloadStage
from flaskapp.domain.origin import Origin
from flaskapp.live.announce import Announcer
from flaskapp.pipeline import Pipeline
from flaskapp.tracking.record import Rules
from tests.app import Browser, Send

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
FILM = "f2e9199648ef75d4a9556dc1adf17338263481b4"
OTHER = "a" * 40


@dataclass
class Client:
    """Stands for a download client and for the clock of the announcer."""

    app: Flask
    threshold: int = 2
    seconds: float = 1000.0
    pipeline: Pipeline = field(init=False)

    def __post_init__(self) -> None:
        announcer = Announcer(self.app, self.app.extensions["hub"], self.threshold, clock=lambda: self.seconds)
        self.pipeline = Pipeline(announcer, Rules)

    def tell(self, percent: float, download_id: str = FILM, *, eta: int | None = 60, after: float = 0.1) -> None:
        self.seconds += after
        now = NOON + timedelta(seconds=self.seconds)
        stage = DownloadStage.COMPLETE if percent == 100 else DownloadStage.DOWNLOADING
        polled = DownloadPolled(
            seen_at=now, download_id=download_id, stage=stage, progress=percent / 100, size=1000, speed=5, eta=eta
        )
        with self.app.app_context():
            self.pipeline.ingest([polled], Origin("qbittorrent", "qbittorrent", is_4k=False, now=now))


@pytest.fixture
def downloader(app: Flask, send: Send, browser: Browser) -> Client:
    """Give a client that was just handed a film."""
    send("seerr", "media-approved-movie")
    send("radarr", "grab-torrent")
    browser.hears()
    return Client(app)


@pytest.fixture
def sent(browser: Browser) -> Callable[[], list[int]]:
    def sent() -> list[int]:
        return [told.event["progress"] for told in browser.hears() if told.event["type"] == "progress_update"]

    return sent


def fractions(start: float, stop: float, step: float) -> Iterator[float]:
    while start <= stop:
        yield start
        start += step


def test_a_number_says_whose_it_is_how_far_and_how_long(downloader: Client, browser: Browser) -> None:
    downloader.tell(25.9, eta=90)

    *_, told = browser.hears()
    assert told.event == {"type": "progress_update", "request_id": 1, "progress": 25, "eta": 90, "speed": 5}
    assert told.id is None


def test_an_unknown_time_is_minus_one(downloader: Client, browser: Browser) -> None:
    downloader.tell(25, eta=None)

    assert browser.hears()[-1].event["eta"] == -1


def test_the_first_number_is_sent_whatever_it_is(downloader: Client, sent: Callable[[], list[int]]) -> None:
    downloader.tell(1)

    assert sent() == [1]


def test_a_bar_moves_in_steps_of_two_points(downloader: Client, sent: Callable[[], list[int]]) -> None:
    for percent in fractions(0, 9, 0.5):
        downloader.tell(percent)

    assert sent() == [0, 2, 4, 6, 8]


def test_steps_are_measured_from_what_was_sent_not_from_what_was_seen(
    downloader: Client, sent: Callable[[], list[int]]
) -> None:
    for percent in (10, 11, 12, 11, 10, 11, 10, 9):
        downloader.tell(percent)

    assert sent() == [10, 12, 10]


def test_the_threshold_is_a_setting(app: Flask, downloader: Client, sent: Callable[[], list[int]]) -> None:
    slow = Client(app, threshold=10)

    for percent in range(31):
        slow.tell(percent)

    assert sent() == [0, 10, 20, 30]


def test_all_is_here_is_always_sent(downloader: Client, sent: Callable[[], list[int]]) -> None:
    for percent in (99, 99.5, 100, 100):
        downloader.tell(percent)

    assert sent() == [99, 100]


def test_a_slow_download_is_heard_of_every_ten_seconds(downloader: Client, sent: Callable[[], list[int]]) -> None:
    downloader.tell(40)
    downloader.tell(41, after=9.9)
    assert sent() == [40]

    downloader.tell(41, after=0.2)
    assert sent() == [41]

    downloader.tell(41, after=60)
    assert sent() == []


def test_a_new_time_left_alone_is_heard_of_after_ten_seconds(
    downloader: Client, sent: Callable[[], list[int]], browser: Browser
) -> None:
    downloader.tell(40, eta=60)
    downloader.tell(40, eta=600, after=5)
    assert sent() == [40]

    downloader.tell(40, eta=610, after=6)

    assert [told.event["eta"] for told in browser.hears()] == [610]


def test_a_bar_that_falls_is_sent_too(downloader: Client, sent: Callable[[], list[int]], send: Send) -> None:
    downloader.tell(80)
    send("radarr", "grab-torrent", downloadId=OTHER.upper())
    sent()

    downloader.tell(3, OTHER)

    assert sent() == [3]


def test_a_download_nobody_asked_for_is_told_to_nobody(downloader: Client, browser: Browser) -> None:
    downloader.tell(50, OTHER)

    assert browser.hears() == []


def test_two_requests_are_measured_apart(downloader: Client, sent: Callable[[], list[int]], send: Send) -> None:
    send("seerr", "media-approved-movie", media__tmdbId="19", request__request_id="2")
    send("radarr", "grab-torrent", movie={"id": 13, "tmdbId": 19, "title": "Metropolis"}, downloadId=OTHER)
    sent()

    for percent in (10, 11, 12):
        downloader.tell(percent)
        downloader.tell(percent + 50, OTHER)

    assert sent() == [10, 60, 12, 62]


def test_progress_is_neither_written_as_a_change_nor_replayed(app: Flask, downloader: Client, browser: Browser) -> None:
    downloader.tell(10)
    head = app.extensions["hub"].head
    browser.hears()

    for percent in range(12, 90, 2):
        downloader.tell(percent)

    assert {told.id for told in browser.hears()} == {None}
    assert app.extensions["hub"].head == head
    with app.app_context():
        assert app.extensions["announcer"].replay(head) == []

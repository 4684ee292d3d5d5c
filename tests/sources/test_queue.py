"""What the queues of Radarr and Sonarr mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flaskapp.domain.observation import FILM, EntryRef, EpisodeRef, MediaRef, MediaType
from flaskapp.domain.queue import DownloadListed, HeldRelease, Hold, Protocol, QueueStage
from flaskapp.sources import radarr, sonarr
from tests.sources.rest_rows import rows
from tests.sources.samples import AT
from tests.sources.test_episode_list import SIGNAL_HOUSE

NIGHT_HASH = "f2e9199648ef75d4a9556dc1adf17338263481b4"
PACK_HASH = "d6b06d4c52e679a37a514b837cbc4df670a7b5a0"
NIGHT = EntryRef(
    12,
    MediaRef(
        MediaType.MOVIE,
        tmdb_id=10331,
        imdb_id="tt0063350",
        title="Night of the Living Dead",
        year=1968,
        poster_url="https://image.tmdb.org/t/p/original/placeholder-poster-10331.jpg",
    ),
)


def row(**changes: Any) -> dict[str, Any]:
    """Give the recorded row of a film that is being downloaded, after changes; None takes a field away."""
    changed = {**rows("radarr", "api-queue.json")[0], **changes}
    return {name: value for name, value in changed.items() if value is not None}


def listed(**changes: Any) -> DownloadListed:
    ((download,), _) = radarr.read_queue([row(**changes)], AT)
    return download


def episode(number: int, **changes: Any) -> dict[str, Any]:
    """Give the row of one episode of the recorded pack, after changes."""
    return {**rows("sonarr", "api-queue.json")[number - 1], **changes}


def test_a_download_is_read_completely() -> None:
    downloads, held = radarr.read_queue(rows("radarr", "api-queue.json")[:1], AT)

    assert downloads == (
        DownloadListed(
            seen_at=AT,
            entry=NIGHT,
            items=(FILM,),
            download_id=NIGHT_HASH,
            stage=QueueStage.DOWNLOADING,
            protocol=Protocol.TORRENT,
            progress=1 - 6174015488 / 11811160064,
            size=11811160064,
            size_left=6174015488,
            eta=24 * 60 + 10,
            title="Night.of.the.Living.Dead.1968.Criterion.1080p.BluRay.FLAC1.0.x264-ARCHiVE",
            quality="Bluray-1080p",
            indexer="Public Films (Prowlarr)",
            client="qBittorrent (NAS)",
            added_at=datetime(2026, 3, 14, 18, 5, 40, tzinfo=UTC),
        ),
    )
    assert (held.seen_at, held.held) == (AT, ())


def test_each_row_of_radarrs_queue_has_its_stage() -> None:
    recorded = rows("radarr", "api-queue-details.json")

    stages = [[download.stage for download in radarr.read_queue([each], AT)[0]] for each in recorded]

    assert stages == [
        [QueueStage.QUEUED],
        [QueueStage.PAUSED],
        [QueueStage.WARNED],
        [QueueStage.PENDING],
        [QueueStage.IMPORTING],
        [QueueStage.BLOCKED],
        [QueueStage.FAILED],
        [QueueStage.UNREACHABLE],
        [],  # held back by a delay profile
        [],  # held back while the client is offline
        [],  # of a film that Radarr does not know
    ]


def test_each_download_of_sonarrs_queue_has_its_stage() -> None:
    downloads, held = sonarr.read_queue(rows("sonarr", "api-queue-details.json"), AT)

    assert [(download.stage, len(download.items)) for download in downloads] == [
        (QueueStage.BLOCKED, 4),
        (QueueStage.WARNED, 1),
        (QueueStage.HELD, 1),
        (QueueStage.FAILED, 1),
    ]
    assert held.held == ()


def test_a_pack_is_one_download_with_the_size_of_one_row() -> None:
    downloads, held = sonarr.read_queue(rows("sonarr", "api-queue.json"), AT)

    pack, single = downloads
    assert (pack.download_id, pack.entry, pack.stage) == (PACK_HASH, SIGNAL_HOUSE, QueueStage.DOWNLOADING)
    assert [(item.season, item.episode) for item in pack.items] == [(2, 1), (2, 2), (2, 3), (2, 4)]
    assert pack.items[0] == EpisodeRef(2, 1, "Cold Start", datetime(2026, 1, 11, 20, tzinfo=UTC))
    assert (pack.size, pack.size_left, pack.progress, pack.eta) == (9234179686, 4617089843, 0.5, 41 * 60 + 7)
    assert (single.download_id, single.stage) == ("sabnzbd_nzo_7vq0r3zt", QueueStage.PENDING)
    assert [(each.item.season, each.item.episode, each.hold) for each in held.held] == [(1, 22, Hold.DELAY)]


def test_a_quiet_queue_says_that_nothing_is_held_back_any_more() -> None:
    for read in (radarr.read_queue, sonarr.read_queue):
        downloads, held = read([], AT)

        assert (downloads, held.held, held.seen_at) == ((), (), AT)


def test_a_delay_ends_at_its_time() -> None:
    delayed = rows("radarr", "api-queue-details.json")[8]

    _, held = radarr.read_queue([delayed], AT)

    (release,) = held.held
    assert (release.entry.entry_id, release.item, release.hold) == (27, FILM, Hold.DELAY)
    assert release.until == datetime(2026, 3, 14, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(("left", "until"), [("05:12:00", AT + timedelta(hours=5, minutes=12)), (None, None)])
def test_a_delay_without_its_end_is_counted_from_now(left: str | None, until: datetime | None) -> None:
    _, held = radarr.read_queue([row(status="delay", estimatedCompletionTime=None, timeleft=left)], AT)

    assert [release.until for release in held.held] == [until]


def test_a_release_that_waits_for_the_client_has_no_end() -> None:
    _, held = radarr.read_queue(rows("radarr", "api-queue-details.json")[9:10], AT)

    assert [(release.hold, release.until) for release in held.held] == [(Hold.CLIENT_UNAVAILABLE, None)]


def test_an_item_is_held_back_once() -> None:
    _, held = radarr.read_queue(rows("radarr", "api-queue-details.json"), AT)

    assert [release.hold for release in held.held] == [Hold.DELAY]


@pytest.mark.parametrize(
    ("status", "health", "state", "stage"),
    [
        ("completed", "error", "importPending", QueueStage.FAILED),
        ("failed", "ok", "downloading", QueueStage.FAILED),
        ("completed", "ok", "failed", QueueStage.FAILED),
        ("completed", "warning", "failedPending", QueueStage.FAILED),
        ("completed", "warning", "importBlocked", QueueStage.BLOCKED),
        ("completed", "ok", "importing", QueueStage.IMPORTING),
        ("completed", "warning", "importing", QueueStage.IMPORTING),
        ("completed", "warning", "importPending", QueueStage.HELD),
        ("completed", "ok", "importPending", QueueStage.PENDING),
        ("completed", "warning", "downloading", QueueStage.UNREACHABLE),
        ("completed", "ok", "downloading", QueueStage.COMPLETE),
        ("completed", None, None, QueueStage.COMPLETE),
        ("warning", "ok", "downloading", QueueStage.WARNED),
        ("warning", "warning", "downloading", QueueStage.WARNED),
        ("paused", "ok", "downloading", QueueStage.PAUSED),
        ("queued", "ok", "downloading", QueueStage.QUEUED),
        ("downloading", "ok", "downloading", QueueStage.DOWNLOADING),
        ("downloading", "warning", "downloading", QueueStage.DOWNLOADING),
        ("unknown", "ok", "downloading", QueueStage.DOWNLOADING),
        ("someFutureStatus", "ok", "someFutureState", QueueStage.DOWNLOADING),
        ("Completed", "Warning", "ImportPending", QueueStage.HELD),
        ("Paused", "Ok", "Downloading", QueueStage.PAUSED),
        (None, None, None, QueueStage.DOWNLOADING),
    ],
)
def test_the_first_rule_that_fits_gives_the_stage(
    status: str | None, health: str | None, state: str | None, stage: QueueStage
) -> None:
    download = listed(status=status, trackedDownloadStatus=health, trackedDownloadState=state)

    assert download.stage is stage


@pytest.mark.parametrize("state", ["imported", "ignored", "Imported"])
def test_what_is_done_is_not_on_the_way(state: str) -> None:
    assert radarr.read_queue([row(status="completed", trackedDownloadState=state)], AT)[0] == ()


@pytest.mark.parametrize(
    ("protocol", "size", "left", "stage"),
    [
        ("usenet", 1000, 0, QueueStage.UNPACKING),
        ("usenet", 1000, 1, QueueStage.DOWNLOADING),
        ("usenet", 0, 0, QueueStage.DOWNLOADING),
        ("torrent", 1000, 0, QueueStage.DOWNLOADING),
        ("unknown", 1000, 0, QueueStage.DOWNLOADING),
    ],
)
def test_only_a_usenet_client_unpacks(protocol: str, size: int, left: int, stage: QueueStage) -> None:
    assert listed(protocol=protocol, size=size, sizeleft=left).stage is stage


@pytest.mark.parametrize("spelled", [{"sizeleft": 250, "timeleft": "00:01:00"}, {"sizeLeft": 250, "timeLeft": "0:1:0"}])
def test_sizes_and_times_are_spelled_in_two_ways(spelled: dict[str, Any]) -> None:
    download = listed(**{"size": 1000, "sizeleft": None, "timeleft": None, **spelled})

    assert (download.progress, download.size_left, download.eta) == (0.75, 250, 60)


@pytest.mark.parametrize(
    ("size", "left", "progress"),
    [(1000, 1000, 0.0), (1000, 0, 1.0), (1000, 1200, 0.0), (1000.0, 250.0, 0.75), (0, 0, None), (1000, None, None)],
)
def test_progress_is_what_is_not_left(size: float, left: float | None, progress: float | None) -> None:
    assert listed(size=size, sizeleft=left).progress == progress


def test_nothing_left_of_an_unknown_size_is_no_number() -> None:
    download = listed(status="queued", size=0, sizeleft=0)

    assert (download.progress, download.size, download.size_left) == (None, None, None)


@pytest.mark.parametrize(
    ("span", "seconds"),
    [
        ("00:24:10", 1450),
        ("1.02:03:04", 93_784),
        ("00:00:05.1234567", 5),
        ("00:00:00", 0),
        ("10675199.02:48:05.4775807", None),
        ("-00:00:05", None),
        ("soon", None),
        (17, None),
    ],
)
def test_the_time_left_is_a_span(span: object, seconds: int | None) -> None:
    assert listed(timeleft=span).eta == seconds


def test_only_what_moves_has_a_time_left() -> None:
    assert listed(status="queued", timeleft="1.02:03:04").eta is None
    assert listed(status="completed", trackedDownloadState="importPending", timeleft="00:00:00").eta is None


def test_messages_are_upstreams_own_and_the_client_has_its_text() -> None:
    blocked, failed = (radarr.read_queue([each], AT)[0][0] for each in rows("radarr", "api-queue-details.json")[5:7])

    assert blocked.messages == (
        "One or more movies expected in this release were not imported or missing",
        "File is suspected multi-part file, Radarr doesn't support this",
    )
    assert blocked.client_text is None
    assert (failed.messages, failed.client_text) == (
        (),
        "Aborted, cannot be completed - https://sabnzbd.org/not-complete",
    )


def test_a_queue_in_italian_has_the_same_stages() -> None:
    message = "Nessun file trovato idoneo per l'importazione"

    download = listed(
        status="warning",
        statusMessages=[{"title": "Notte", "messages": [message]}],
        errorMessage="Il download è in stallo senza connessioni",
    )
    blocked = listed(trackedDownloadState="importBlocked", statusMessages=[{"title": message, "messages": []}])

    assert (download.stage, download.messages) == (QueueStage.WARNED, (message,))
    assert download.client_text == "Il download è in stallo senza connessioni"
    assert (blocked.stage, blocked.messages) == (QueueStage.BLOCKED, (message,))


def test_of_a_pack_at_odds_with_itself_the_most_advanced_row_counts() -> None:
    pack = [
        episode(1, trackedDownloadState="failed"),
        episode(2, sizeleft=9234179686),
        episode(3, status="completed", trackedDownloadState="importing", sizeleft=0),
    ]

    (download,) = sonarr.read_queue(pack, AT)[0]

    assert (download.stage, download.progress) == (QueueStage.IMPORTING, 1.0)
    assert [item.episode for item in download.items] == [1, 2, 3]


def test_a_pack_has_failed_when_all_of_it_has() -> None:
    (download,) = sonarr.read_queue([episode(number, trackedDownloadState="failed") for number in (1, 2)], AT)[0]

    assert download.stage is QueueStage.FAILED


def test_ids_in_either_case_are_one_download() -> None:
    pack = [episode(1, downloadId=PACK_HASH.upper()), episode(2, downloadId=PACK_HASH)]

    downloads, _ = sonarr.read_queue(pack, AT)

    assert [(download.download_id, len(download.items)) for download in downloads] == [(PACK_HASH, 2)]


@pytest.mark.parametrize(
    "odd",
    [
        {"movie": None},
        {"movie": {}},
        {"movie": "odd"},
        {"movie": {"title": "Night of the Living Dead"}},
        {"downloadId": None},
        {"downloadId": ""},
    ],
)
def test_a_row_that_nobody_could_follow_is_left_out(odd: dict[str, Any]) -> None:
    good = row(downloadId="a" * 40)

    downloads, _ = radarr.read_queue([row() | odd, {}, good], AT)

    assert [download.download_id for download in downloads] == ["a" * 40]


@pytest.mark.parametrize("odd", [None, {}, {"seasonNumber": 2}, {"seasonNumber": 2, "episodeNumber": "first"}])
def test_a_row_of_no_episode_is_left_out(odd: object) -> None:
    (download,) = sonarr.read_queue([episode(1, episode=odd), episode(2)], AT)[0]

    assert [item.episode for item in download.items] == [2]


def test_a_held_release_is_of_its_episode() -> None:
    _, held = sonarr.read_queue([episode(3, status="downloadClientUnavailable", downloadId=None)], AT)

    assert held.held == (
        HeldRelease(
            SIGNAL_HOUSE,
            EpisodeRef(2, 3, "Landfall", datetime(2026, 1, 25, 20, tzinfo=UTC)),
            Hold.CLIENT_UNAVAILABLE,
        ),
    )

"""What the histories of Radarr and Sonarr mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flaskapp.domain.observation import FILM, FileImported, Grabbed, Observation, Release
from flaskapp.domain.queue import DownloadDropped, Dropping
from flaskapp.domain.reading import EntryDoubted
from flaskapp.sources import radarr, sonarr
from tests.sources.rest_rows import rows
from tests.sources.samples import AT
from tests.sources.test_queue import NIGHT, NIGHT_HASH, PACK_HASH

READERS = {"radarr": radarr.read_history, "sonarr": sonarr.read_history}
KINDS = {"radarr": "movieFileDeleted", "sonarr": "episodeFileDeleted"}


def recorded(source: str, kind: str, **changes: Any) -> dict[str, Any]:
    """Give the first recorded row of a kind, after changes."""
    found = (row for row in rows(source, "api-history-since.json") if row["eventType"] == kind)
    return {**next(found), **changes}


def observed(source: str, *history: dict[str, Any]) -> list[Observation]:
    return [observation for row in READERS[source](history, AT) for observation in row.observations]


def test_radarrs_history_is_read_oldest_first() -> None:
    read = radarr.read_history(rows("radarr", "api-history-since.json"), AT)

    assert [(row.id, row.at, [type(each).__name__ for each in row.observations]) for row in read] == [
        (301, datetime(2026, 3, 14, 18, 5, 40, tzinfo=UTC), ["Grabbed"]),
        (305, datetime(2026, 3, 14, 18, 20, tzinfo=UTC), ["DownloadDropped"]),
        (309, datetime(2026, 3, 14, 19, 42, 6, tzinfo=UTC), ["EntryDoubted"]),
        (310, datetime(2026, 3, 14, 19, 42, 8, tzinfo=UTC), ["FileImported"]),
    ]


@pytest.mark.parametrize("source", READERS)
def test_a_page_that_begins_with_the_newest_says_the_same(source: str) -> None:
    page = READERS[source](rows(source, "api-history.json"), AT)

    assert page == READERS[source](rows(source, "api-history-since.json"), AT)


def test_a_grab_is_read_completely() -> None:
    assert observed("radarr", recorded("radarr", "grabbed")) == [
        Grabbed(
            seen_at=datetime(2026, 3, 14, 18, 5, 40, tzinfo=UTC),
            from_history=True,
            entry=NIGHT,
            items=(FILM,),
            download_id=NIGHT_HASH,
            release=Release(
                title="Night.of.the.Living.Dead.1968.Criterion.1080p.BluRay.FLAC1.0.x264-ARCHiVE",
                quality="Bluray-1080p",
                indexer="Public Films (Prowlarr)",
                size=11811160064,
                group="ARCHiVE",
            ),
            client="qBittorrent (NAS)",
        )
    ]


def test_an_import_is_read_completely() -> None:
    assert observed("radarr", recorded("radarr", "downloadFolderImported")) == [
        FileImported(
            seen_at=datetime(2026, 3, 14, 19, 42, 8, tzinfo=UTC),
            from_history=True,
            entry=NIGHT,
            file_id=88,
            items=(FILM,),
            download_id=NIGHT_HASH,
            quality="Bluray-1080p",
            size=11810111488,
        )
    ]


def test_an_import_that_names_no_file_only_raises_doubt() -> None:
    row = recorded("radarr", "downloadFolderImported", data={"importedPath": "/movies/x.mkv"})

    assert observed("radarr", row) == [
        EntryDoubted(seen_at=datetime(2026, 3, 14, 19, 42, 8, tzinfo=UTC), from_history=True, entry=NIGHT)
    ]


@pytest.mark.parametrize(
    ("kind", "why", "message"),
    [
        (
            "downloadFailed",
            Dropping.FAILED,
            "Aborted, cannot be completed - https://sabnzbd.org/not-complete",
        ),
        ("downloadIgnored", Dropping.IGNORED, "Manually ignored"),
    ],
)
def test_a_download_is_dropped_with_its_reason(kind: str, why: Dropping, message: str) -> None:
    (dropped,) = observed("sonarr", recorded("sonarr", kind))

    assert isinstance(dropped, DownloadDropped)
    assert (dropped.why, dropped.message, dropped.from_history) == (why, message, True)


@pytest.mark.parametrize("kind", ["downloadFailed", "downloadIgnored"])
def test_a_drop_of_no_known_download_says_nothing(kind: str) -> None:
    assert observed("sonarr", recorded("sonarr", kind, downloadId=None)) == []


@pytest.mark.parametrize("source", READERS)
def test_a_deleted_file_raises_doubt_about_its_title(source: str) -> None:
    (doubted,) = observed(source, recorded(source, KINDS[source]))

    assert isinstance(doubted, EntryDoubted)


@pytest.mark.parametrize("source", READERS)
@pytest.mark.parametrize(
    "kind", ["movieFileRenamed", "episodeFileRenamed", "seriesFolderImported", "unknown", "someFutureKind", 1, None]
)
def test_other_kinds_say_nothing(source: str, kind: object) -> None:
    assert READERS[source]([recorded(source, "grabbed", eventType=kind)], AT) == ()


def test_the_deletion_of_the_other_service_says_nothing() -> None:
    assert observed("radarr", recorded("radarr", "grabbed", eventType="episodeFileDeleted")) == []


def test_a_pack_is_grabbed_in_one_step() -> None:
    grab = sonarr.read_history(rows("sonarr", "api-history-since.json"), AT)[0]

    (grabbed,) = grab.observations
    assert isinstance(grabbed, Grabbed)
    assert (grab.id, grabbed.download_id) == (904, PACK_HASH)
    assert [(item.season, item.episode) for item in grabbed.items] == [(2, 1), (2, 2), (2, 3), (2, 4)]


def test_a_pack_that_takes_its_time_is_still_one_step() -> None:
    pack = rows("sonarr", "api-history-since.json")[:4]
    for second, row in enumerate(pack):
        row["date"] = f"2026-03-14T18:05:{40 + 4 * second}Z"

    (step,) = sonarr.read_history(pack, AT)

    assert (step.id, step.at) == (904, datetime(2026, 3, 14, 18, 5, 52, tzinfo=UTC))
    assert step.observations[0].seen_at == step.at


def test_the_same_release_grabbed_again_is_another_step() -> None:
    first, second = rows("sonarr", "api-history-since.json")[:2]
    second["date"] = "2026-03-14T19:05:40Z"

    assert len(sonarr.read_history([first, second], AT)) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"downloadId": "E" * 40},
        {"eventType": "downloadFailed"},
        {"downloadId": None, "sourceTitle": "The.Signal.House.S01.720p"},
        {"series": {"id": 8, "tvdbId": 9990102}},
    ],
)
def test_steps_of_one_second_are_kept_apart(changes: dict[str, Any]) -> None:
    first, second = rows("sonarr", "api-history-since.json")[:2]
    if "downloadId" in changes and changes["downloadId"] is None:
        first["downloadId"] = None

    assert len(sonarr.read_history([first, second | changes], AT)) == 2


def test_a_file_of_two_episodes_is_imported_in_one_step_and_two_files_in_two() -> None:
    row = recorded("sonarr", "downloadFolderImported")
    second = row | {"id": 912, "episode": {"seasonNumber": 1, "episodeNumber": 6}}
    other = row | {"id": 913, "episode": {"seasonNumber": 1, "episodeNumber": 7}, "data": {"fileId": "502"}}

    double, single = observed("sonarr", row, second, other)

    assert isinstance(double, FileImported)
    assert isinstance(single, FileImported)
    assert (double.file_id, [item.episode for item in double.items]) == (501, [5, 6])
    assert (single.file_id, [item.episode for item in single.items]) == (502, [7])


def test_many_deletions_of_one_title_raise_one_doubt() -> None:
    row = recorded("sonarr", "episodeFileDeleted")

    steps = sonarr.read_history([row | {"id": 900 + n, "sourceTitle": f"/tv/{n}.mkv"} for n in range(3)], AT)

    assert [(step.id, len(step.observations)) for step in steps] == [(902, 1)]


def test_a_clock_that_is_ahead_moves_nothing_into_the_future() -> None:
    tomorrow = AT + timedelta(days=1)

    (step,) = radarr.read_history([recorded("radarr", "grabbed", date=tomorrow.isoformat())], AT)

    assert (step.at, step.observations[0].seen_at) == (tomorrow, AT)


@pytest.mark.parametrize(
    "odd",
    [{"movie": None}, {"movie": {}}, {"date": None}, {"date": "yesterday"}, {"id": None}, {"id": 0}, {"id": "odd"}],
)
def test_a_row_that_nobody_could_follow_is_left_out(odd: dict[str, Any]) -> None:
    good = recorded("radarr", "grabbed", id=400)

    read = radarr.read_history([recorded("radarr", "grabbed") | odd, {}, good], AT)

    assert [row.id for row in read] == [400]

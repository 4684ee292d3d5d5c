from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flaskapp.domain.observation import (
    EntryDeleted,
    EntryRef,
    EntryTold,
    EpisodeRef,
    FileDeath,
    FileDeleted,
    FileImported,
    Grabbed,
    ImportBlocked,
    ImportCompleted,
    MediaRef,
    MediaType,
)
from flaskapp.sources.translation import UnusablePayloadError
from tests.sources.samples import AT, observe, sample, translate

SIGNAL_HOUSE = EntryRef(
    7,
    MediaRef(
        MediaType.TV,
        tmdb_id=9990301,
        tvdb_id=9990101,
        imdb_id="tt99901010",
        title="The Signal House",
        year=2022,
        poster_url="https://artworks.thetvdb.com/banners/placeholder/the-signal-house-poster.jpg",
    ),
)
PACK = "d6b06d4c52e679a37a514b837cbc4df670a7b5a0"
LAMPLIGHTER = EpisodeRef(1, 5, "The Lamplighter", datetime(2022, 10, 2, 20, tzinfo=UTC))


def numbers(items: tuple[EpisodeRef, ...]) -> list[tuple[int, int]]:
    return [(item.season, item.episode) for item in items]


def test_a_season_pack_is_one_download_for_its_episodes() -> None:
    grabbed = observe("sonarr", "grab-season-pack.json")

    assert isinstance(grabbed, Grabbed)
    assert grabbed.entry == SIGNAL_HOUSE
    assert grabbed.download_id == PACK
    assert numbers(grabbed.items) == [(2, 1), (2, 2), (2, 3), (2, 4)]
    assert grabbed.items[0] == EpisodeRef(2, 1, "Cold Start", datetime(2026, 1, 11, 20, tzinfo=UTC))


def test_a_big_pack_keeps_all_its_episodes() -> None:
    grabbed = observe("sonarr", "grab-season-pack-22-episodes.json")

    assert isinstance(grabbed, Grabbed)
    assert numbers(grabbed.items) == [(1, episode) for episode in range(1, 23)]


def test_an_older_sonarr_says_less_of_the_series() -> None:
    grabbed = observe("sonarr", "grab-v3.json")

    assert isinstance(grabbed, Grabbed)
    assert grabbed.entry.media == MediaRef(
        MediaType.TV, tvdb_id=9990101, imdb_id="tt99901010", title="The Signal House"
    )
    assert grabbed.items == (LAMPLIGHTER,)


def test_an_episode_without_a_date_is_an_episode() -> None:
    translation = translate("sonarr", sample("sonarr", "grab-missing-optional-fields.json"))

    (grabbed,) = translation.observations
    assert isinstance(grabbed, Grabbed)
    assert grabbed.items == (EpisodeRef(1, 5, "The Lamplighter"),)
    assert translation.notes == ()


def test_an_imported_file_is_told_from_a_finished_download() -> None:
    imported = observe("sonarr", "download-season-pack-3-of-4.json")
    completed = observe("sonarr", "import-complete-season-pack.json")

    assert isinstance(imported, FileImported)
    assert (imported.file_id, numbers(imported.items), imported.download_id) == (703, [(2, 3)], PACK)
    assert isinstance(completed, ImportCompleted)
    assert (numbers(completed.items), completed.download_id) == ([(2, 1), (2, 2), (2, 3), (2, 4)], PACK)


def test_a_finished_manual_import_has_no_download() -> None:
    completed = observe("sonarr", "import-complete-untracked-manual-import.json")

    assert isinstance(completed, ImportCompleted)
    assert (numbers(completed.items), completed.download_id) == ([(1, 11)], None)


def test_a_count_of_files_alone_makes_it_a_finished_download() -> None:
    payload = sample("sonarr", "import-complete-single-episode.json")
    del payload["episodeFiles"]

    (completed,) = translate("sonarr", payload).observations

    assert isinstance(completed, ImportCompleted)


def test_one_file_may_hold_two_episodes_and_replace_two_files() -> None:
    assert observe("sonarr", "download-multi-episode-file-upgrade.json") == FileImported(
        seen_at=AT,
        entry=SIGNAL_HOUSE,
        file_id=503,
        items=(
            EpisodeRef(1, 9, "Fog Warning", datetime(2022, 10, 30, 20, tzinfo=UTC)),
            EpisodeRef(1, 10, "Switchboard", datetime(2022, 11, 6, 20, tzinfo=UTC)),
        ),
        download_id="fa119f8dd2bd5910063d13016a3ad5909aebf2d8",
        quality="WEBDL-1080p",
        size=4400000000,
        is_upgrade=True,
        replaced=(470, 471),
        replaced_quality="HDTV-720p",
    )


@pytest.mark.parametrize(
    ("name", "file_id", "items", "reason"),
    [
        ("episode-file-delete-upgrade.json", 488, [(1, 5)], FileDeath.UPGRADE),
        ("episode-file-delete-manual.json", 501, [(1, 5)], FileDeath.MANUAL),
        ("episode-file-delete-missing-from-disk.json", 503, [(1, 9), (1, 10)], FileDeath.MISSING_FROM_DISK),
        ("episode-file-delete-manual-override.json", 501, [(1, 5)], FileDeath.MANUAL_OVERRIDE),
        ("episode-file-delete-v3.json", 488, [(1, 5)], FileDeath.UPGRADE),
    ],
)
def test_a_deleted_file_names_its_episodes(
    name: str, file_id: int, items: list[tuple[int, int]], reason: FileDeath
) -> None:
    deleted = observe("sonarr", name)

    assert isinstance(deleted, FileDeleted)
    assert (deleted.file_id, numbers(deleted.items), deleted.reason) == (file_id, items, reason)


@pytest.mark.parametrize("name", ["series-add.json", "rename.json"])
def test_an_added_or_renamed_series_is_an_entry(name: str) -> None:
    assert observe("sonarr", name) == EntryTold(seen_at=AT, entry=SIGNAL_HOUSE)


@pytest.mark.parametrize(
    ("name", "files_deleted"),
    [
        ("series-delete-with-files.json", True),
        ("series-delete-keep-files.json", False),
        ("series-delete-v3.json", True),
    ],
)
def test_a_deleted_series_says_whether_its_files_went_too(
    name: str,
    files_deleted: bool,
) -> None:
    deleted = observe("sonarr", name)

    assert isinstance(deleted, EntryDeleted)
    assert (deleted.entry.entry_id, deleted.files_deleted) == (7, files_deleted)


def test_a_blocked_import_brings_upstreams_messages() -> None:
    blocked = observe("sonarr", "manual-interaction-required.json")

    assert isinstance(blocked, ImportBlocked)
    assert blocked.download_id == PACK
    assert blocked.messages == (
        "One or more episodes expected in this release were not imported or missing from the release",
        "Not an upgrade for existing episode file(s). Existing quality: Bluray-1080p. New Quality WEBDL-1080p.",
        "Sample",
    )


@pytest.mark.parametrize(
    "odd",
    [
        {"seasonNumber": -1, "episodeNumber": 1},
        {"seasonNumber": 1},
        {"seasonNumber": 1, "episodeNumber": None},
        {"seasonNumber": 1, "episodeNumber": 1.5},
        {"seasonNumber": 10**9, "episodeNumber": 1},
        "odd",
    ],
)
def test_an_odd_episode_is_left_out_and_noted(odd: object) -> None:
    payload = sample("sonarr", "grab-single-episode.json")
    payload["episodes"].insert(0, odd)

    translation = translate("sonarr", payload)

    (grabbed,) = translation.observations
    assert isinstance(grabbed, Grabbed)
    assert grabbed.items == (LAMPLIGHTER,)
    assert "episodes[0].episodeNumber and seasonNumber name no episode" in translation.notes


def test_a_special_and_a_doubled_episode() -> None:
    payload = sample("sonarr", "grab-single-episode.json")
    payload["episodes"] = [{"seasonNumber": 0, "episodeNumber": 0}, {"seasonNumber": "0", "episodeNumber": "0"}]

    (grabbed,) = translate("sonarr", payload).observations

    assert isinstance(grabbed, Grabbed)
    assert grabbed.items == (EpisodeRef(0, 0),)


@pytest.mark.parametrize("episodes", [None, [], "odd", [{}]])
@pytest.mark.parametrize(
    "name", ["grab-season-pack.json", "download-single-episode.json", "import-complete-season-pack.json"]
)
def test_an_event_without_episodes_still_tells_the_entry(name: str, episodes: object) -> None:
    translation = translate("sonarr", sample("sonarr", name) | {"episodes": episodes})

    assert translation.observations == (EntryTold(seen_at=AT, entry=SIGNAL_HOUSE),)
    assert "episodes names no episode" in translation.notes


def test_a_deleted_file_counts_without_its_episodes() -> None:
    payload = sample("sonarr", "episode-file-delete-manual.json") | {"episodes": []}

    (deleted,) = translate("sonarr", payload).observations

    assert isinstance(deleted, FileDeleted)
    assert (deleted.file_id, deleted.items) == (501, ())


def test_a_download_without_any_file_still_tells_the_entry() -> None:
    payload = sample("sonarr", "download-single-episode.json")
    del payload["episodeFile"]

    translation = translate("sonarr", payload)

    assert translation.observations == (EntryTold(seen_at=AT, entry=SIGNAL_HOUSE),)
    assert translation.notes == ("episodeFile.id names no file",)


@pytest.mark.parametrize("kind", ["Grab", "Download", "SeriesAdd", "SeriesDelete", "EpisodeFileDelete"])
def test_an_event_without_its_series_is_refused(kind: str) -> None:
    payload = sample("sonarr", "import-complete-season-pack.json") | {"eventType": kind, "series": {"tvdbId": 9990101}}

    with pytest.raises(UnusablePayloadError, match=r"^series\.id has to be a whole number above 0\.$"):
        translate("sonarr", payload)

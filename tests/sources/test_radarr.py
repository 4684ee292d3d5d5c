from __future__ import annotations

from typing import Any

import pytest

from flaskapp.domain.observation import (
    FILM,
    EntryDeleted,
    EntryRef,
    EntryTold,
    FileDeath,
    FileDeleted,
    FileImported,
    Grabbed,
    ImportBlocked,
    MediaRef,
    MediaType,
    Release,
)
from flaskapp.sources.translation import UnusablePayloadError
from tests.sources.samples import AT, observe, sample, translate

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
TORRENT = "f2e9199648ef75d4a9556dc1adf17338263481b4"


def test_a_grab_names_film_download_and_release() -> None:
    assert observe("radarr", "grab-torrent.json") == Grabbed(
        seen_at=AT,
        entry=NIGHT,
        items=(FILM,),
        download_id=TORRENT,
        release=Release(
            title="Night.of.the.Living.Dead.1968.Criterion.1080p.BluRay.FLAC1.0.x264-ARCHiVE",
            quality="Bluray-1080p",
            indexer="Public Films (Prowlarr)",
            size=11811160064,
            group="ARCHiVE",
        ),
        client="qBittorrent (NAS)",
    )


@pytest.mark.parametrize(
    ("name", "download_id"),
    [
        ("grab-usenet-sabnzbd.json", "sabnzbd_nzo_k2x9q7fd"),
        ("grab-usenet-nzbget.json", "55db15f948db3c9f3fec991495c16c1b"),
        ("grab-regrab-after-failure.json", "e993996b897f439364ec7abc37a648b7034290af"),
        ("grab-blackhole-no-download-id.json", None),
    ],
)
def test_a_download_id_is_kept_in_lower_case(name: str, download_id: str | None) -> None:
    grabbed = observe("radarr", name)

    assert isinstance(grabbed, Grabbed)
    assert grabbed.download_id == download_id


def test_an_empty_download_id_is_none() -> None:
    payload = sample("radarr", "grab-torrent.json") | {"downloadId": ""}

    (grabbed,) = translate("radarr", payload).observations

    assert isinstance(grabbed, Grabbed)
    assert grabbed.download_id is None


def test_a_film_without_images_has_no_poster() -> None:
    grabbed = observe("radarr", "grab-missing-optional-fields.json")

    assert isinstance(grabbed, Grabbed)
    assert grabbed.entry == EntryRef(27, MediaRef(MediaType.MOVIE, tmdb_id=4808, title="Charade", year=1963))


def test_an_import_is_a_file() -> None:
    assert observe("radarr", "download-import.json") == FileImported(
        seen_at=AT,
        entry=NIGHT,
        file_id=88,
        items=(FILM,),
        download_id=TORRENT,
        quality="Bluray-1080p",
        size=11810111488,
    )


def test_an_upgrade_names_the_files_it_replaces() -> None:
    imported = observe("radarr", "download-upgrade.json")

    assert isinstance(imported, FileImported)
    assert (imported.file_id, imported.is_upgrade, imported.replaced) == (90, True, (61,))


def test_a_manual_import_has_no_download() -> None:
    imported = observe("radarr", "download-manual-import-untracked.json")

    assert isinstance(imported, FileImported)
    assert (imported.file_id, imported.download_id) == (91, None)


@pytest.mark.parametrize("name", ["movie-added-manual.json", "movie-added-list.json", "rename.json"])
def test_an_added_or_renamed_film_is_an_entry(name: str) -> None:
    entry = observe("radarr", name)

    assert isinstance(entry, EntryTold)
    assert entry.entry.entry_id == sample("radarr", name)["movie"]["id"]


@pytest.mark.parametrize(
    ("name", "files_deleted"), [("movie-delete-with-files.json", True), ("movie-delete-keep-files.json", False)]
)
def test_a_deleted_film_says_whether_its_file_went_too(
    name: str,
    files_deleted: bool,
) -> None:
    deleted = observe("radarr", name)

    assert isinstance(deleted, EntryDeleted)
    assert (deleted.entry.entry_id, deleted.files_deleted) == (19, files_deleted)


@pytest.mark.parametrize(
    ("name", "file_id", "reason"),
    [
        ("movie-file-delete-upgrade.json", 61, FileDeath.UPGRADE),
        ("movie-file-delete-manual.json", 89, FileDeath.MANUAL),
        ("movie-file-delete-missing-from-disk.json", 92, FileDeath.MISSING_FROM_DISK),
        ("movie-file-delete-manual-override.json", 92, FileDeath.MANUAL_OVERRIDE),
    ],
)
def test_a_deleted_file_says_why(name: str, file_id: int, reason: FileDeath) -> None:
    deleted = observe("radarr", name)

    assert isinstance(deleted, FileDeleted)
    assert (deleted.file_id, deleted.items, deleted.reason) == (file_id, (FILM,), reason)


@pytest.mark.parametrize(("said", "reason"), [("Upgrade", FileDeath.UPGRADE), ("noLinkedEpisodes", None), ("", None)])
def test_a_reason_in_another_spelling_or_none(said: str, reason: FileDeath | None) -> None:
    payload = sample("radarr", "movie-file-delete-upgrade.json") | {"deleteReason": said}

    translation = translate("radarr", payload)

    (deleted,) = translation.observations
    assert isinstance(deleted, FileDeleted)
    expected = reason or (FileDeath.NO_LINKED_EPISODES if said else FileDeath.MANUAL)
    assert deleted.reason is expected
    assert translation.notes == (() if said else ("deleteReason names no known reason",))


def test_a_blocked_import_brings_upstreams_messages() -> None:
    assert observe("radarr", "manual-interaction-required.json") == ImportBlocked(
        seen_at=AT,
        entry=NIGHT,
        items=(FILM,),
        download_id=TORRENT,
        messages=(
            "One or more movies expected in this release were not imported or missing",
            "File is suspected multi-part file, Radarr doesn't support this",
        ),
    )


def test_endless_messages_have_an_end() -> None:
    payload = sample("radarr", "manual-interaction-required.json")
    payload["downloadStatusMessages"] = [{"title": f"part {number}"} for number in range(100)]

    (blocked,) = translate("radarr", payload).observations

    assert isinstance(blocked, ImportBlocked)
    assert blocked.messages == tuple(f"part {number}" for number in range(20))


@pytest.mark.parametrize("file", [{}, {"id": 0}, {"id": "eighty"}, None, "odd"])
@pytest.mark.parametrize("name", ["download-import.json", "movie-file-delete-manual.json"])
def test_a_file_event_without_its_file_still_tells_the_entry(name: str, file: object) -> None:
    translation = translate("radarr", sample("radarr", name) | {"movieFile": file})

    (observation,) = translation.observations
    assert isinstance(observation, EntryTold)
    assert "movieFile.id names no file" in translation.notes


@pytest.mark.parametrize("movie", [None, {}, {"id": 0}, {"id": -1}, {"id": "x"}, {"id": 2**63}, {"id": True}, [1]])
@pytest.mark.parametrize("kind", ["Grab", "Download", "Rename", "MovieAdded", "MovieDelete", "MovieFileDelete"])
def test_an_event_without_its_film_is_refused(kind: str, movie: object) -> None:
    with pytest.raises(UnusablePayloadError, match=r"^movie\.id has to be a whole number above 0\.$"):
        translate("radarr", {"eventType": kind, "movie": movie, "movieFile": {"id": 1}})


def test_a_body_without_a_kind_is_refused() -> None:
    with pytest.raises(UnusablePayloadError, match=r"^eventType has to name the kind of event\.$"):
        translate("radarr", {"movie": {"id": 12}})


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({"eventType": "Test", "movie": {"id": 1, "tmdbId": 0}}, "test"),
        ({"eventType": "Health"}, "Health messages name no title."),
        ({"eventType": "ApplicationUpdate"}, "An update names no title."),
        ({"eventType": "ManualInteractionRequired"}, "It names no movie that we could follow."),
        ({"eventType": "Grabbed"}, "We do not follow this kind of event."),
    ],
)
def test_what_we_can_not_follow_is_kept_with_the_reason(payload: dict[str, Any], reason: str) -> None:
    translation = translate("radarr", payload)

    assert (translation.kind, translation.observations, translation.reason) == (payload["eventType"], (), reason)


def test_odd_fields_are_absent_and_noted() -> None:
    payload = sample("radarr", "download-upgrade.json")
    payload["movie"] |= {"tmdbId": "?", "imdbId": "5678", "year": [], "images": [{"coverType": "poster", "url": "/x"}]}
    payload["movieFile"] |= {"quality": {"name": "HD"}, "size": "big"}
    payload |= {"isUpgrade": "perhaps", "deletedFiles": True, "downloadId": 1.5}

    translation = translate("radarr", payload)

    assert translation.observations == (
        FileImported(
            seen_at=AT,
            entry=EntryRef(12, MediaRef(MediaType.MOVIE, title="Night of the Living Dead")),
            file_id=90,
            items=(FILM,),
        ),
    )
    assert set(translation.notes) == {
        "movie.tmdbId is not a whole number in range",
        "movie.imdbId is not an IMDb id",
        "movie.year is not a whole number in range",
        "movieFile.quality is not text",
        "movieFile.size is not a whole number in range",
        "isUpgrade is neither true nor false",
        "deletedFiles is not a list",
        "downloadId is no usable id",
    }

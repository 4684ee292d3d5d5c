"""How files come into the library folder and leave it, and what stands in their way."""

from __future__ import annotations

from dataclasses import replace

from demo.releases import Offer, season_pack
from demo.servarr.model import FILM_KEY, Release
from demo.titles import LANTERN
from demo.world import World
from tests.demo.lives import NIGHT, ask, grab, offer, queue
from tests.demo.recorder import Recorder
from tests.demo.shapes import differences, example

PACK = Offer("WEBDL-1080p", 9, 20, "FERRY")


def pack() -> Release:
    return season_pack(LANTERN, 1, PACK)


def test_a_part_of_a_pack_can_be_blocked(world: World, post: Recorder) -> None:
    release = replace(pack(), unclear=frozenset({(1, 3)}))
    world.sonarr.publish(LANTERN, release)
    world.sonarr.add(LANTERN, (1,))
    world.advance(70)

    told, rows = post.kinds("sonarr"), queue(world, world.sonarr)
    world.sonarr.import_now(world.sonarr.grab_of(release))
    world.advance(10)

    assert told == ["SeriesAdd", "Grab", *["Download"] * 5, "ManualInteractionRequired"]
    assert {(row["trackedDownloadState"], row["trackedDownloadStatus"]) for row in rows} == {
        ("importBlocked", "warning")
    }
    assert [len(payload["episodes"]) for payload in post.of("sonarr", "Download")[-2:]] == [1, 6]
    assert queue(world, world.sonarr) == []


def test_a_blocked_import_passes_through_pending_and_calls_nobody_again(world: World, post: Recorder) -> None:
    blocked = grab(world, offer(clear=False))
    world.advance(40)

    world.radarr.downloads.try_again(blocked)
    meanwhile = [(row["trackedDownloadState"], row["trackedDownloadStatus"]) for row in queue(world)]
    world.advance(4)

    assert meanwhile == [("importPending", "warning")]
    assert [row["trackedDownloadState"] for row in queue(world)] == ["importBlocked"]
    assert post.kinds("radarr").count("ManualInteractionRequired") == 1


def test_messages_are_in_the_language_of_the_pages(world: World) -> None:
    world.radarr.books.language = "it"
    grab(world, offer(clear=False, seeds=0))
    waiting = queue(world)[0]
    next(iter(world.qbittorrent.torrents.values())).seeds = 5
    world.advance(60)

    assert waiting["errorMessage"] == "qBittorrent sta scaricando i metadati"
    assert "importazione manuale" in queue(world)[0]["statusMessages"][0]["messages"][0]


def test_a_wrong_path_is_a_warning_that_nobody_is_told_of(world: World, post: Recorder) -> None:
    world.radarr.downloads.is_path_wrong = True
    grab(world, offer())
    world.advance(60)

    (row,) = queue(world)
    world.radarr.downloads.is_path_wrong = False
    world.advance(10)

    assert (row["status"], row["trackedDownloadState"], row["trackedDownloadStatus"]) == (
        *("completed", "downloading", "warning"),
    )
    assert post.kinds("radarr") == ["MovieAdded", "Grab", "Download"]


def test_without_room_the_import_is_tried_again(world: World, post: Recorder) -> None:
    world.disks.library.free = 0
    grab(world, offer())
    world.advance(60)

    (row,), disks = queue(world), ask(world, world.radarr, "diskspace")
    world.disks.library.free = 10**12
    world.advance(70)

    assert (row["trackedDownloadState"], row["trackedDownloadStatus"]) == ("importPending", "warning")
    assert [(disk["path"], disk["freeSpace"]) for disk in disks] == [("/downloads", 10**12), ("/movies", 0)]
    assert post.kinds("radarr") == ["MovieAdded", "Grab", "Download"]


def test_a_loose_import_has_no_client_and_no_id(world: World, post: Recorder) -> None:
    entry = world.radarr.add(NIGHT)

    world.radarr.import_loose(entry, (FILM_KEY,), offer())

    (payload,) = post.of("radarr", "Download")
    (row,) = ask(world, world.radarr, "history")["records"]
    theirs = example("radarr/download-manual-import-untracked")
    found = differences(payload, theirs, absent=(".movie.tags[]:",))
    assert found == ({".movieFile.releaseGroup: str", ".movieFile.sceneName: str"}, set())
    assert "downloadId" not in row


def test_an_import_in_place_is_told_by_sonarr_as_a_season_and_by_radarr_not_at_all(
    world: World, post: Recorder
) -> None:
    film, series = world.radarr.add(NIGHT), world.sonarr.add(LANTERN, (1,))

    world.radarr.import_in_place(film, (FILM_KEY,), offer())
    world.sonarr.import_in_place(series, ((1, 1), (1, 2)), pack())

    assert post.kinds("radarr") == []
    assert [len(payload["episodeFiles"]) for payload in post.of("sonarr")] == [2]
    assert (world.radarr.history, world.sonarr.history) == ([], [])


def test_a_wiped_file_is_missed_by_the_next_scan(world: World, post: Recorder) -> None:
    entry = world.radarr.add(NIGHT)
    (file,) = world.radarr.import_in_place(entry, (FILM_KEY,), offer())
    world.advance(10)

    world.radarr.wipe(file)
    world.advance(10)
    before = (world.radarr.file_of(entry, FILM_KEY), world.jellyfin.items)
    world.radarr.rescan(entry)

    assert before == (file, {})
    assert post.of("radarr", "MovieFileDelete")[0]["deleteReason"] == "missingFromDisk"
    assert world.radarr.file_of(entry, FILM_KEY) is None

"""What can become of a title in Radarr and Sonarr, and who hears of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from demo.calendar import Dates
from demo.releases import Offer, episode_release, season_pack
from demo.servarr.model import FILM_KEY, Release
from demo.titles import FILMS, LANTERN
from demo.world import PEOPLE, World
from tests.demo.lives import NIGHT, ask, grab, kinds, offer, queue
from tests.demo.recorder import NOON, Recorder

PACK = Offer("WEBDL-1080p", 9, 20, "FERRY")


def pack() -> Release:
    return season_pack(LANTERN, 1, PACK)


def test_a_film_that_nobody_wants_is_not_grabbed(world: World, post: Recorder) -> None:
    entry = world.radarr.add(NIGHT)
    world.radarr.monitor(entry, wanted=False)

    world.radarr.publish(NIGHT, offer())
    world.advance(10)

    assert post.kinds("radarr") == ["MovieAdded"]
    assert ask(world, world.radarr, "movie")[0]["monitored"] is False


def test_an_episode_that_nobody_wants_is_not_grabbed(world: World, post: Recorder) -> None:
    entry = world.sonarr.add(LANTERN, (1,))
    world.sonarr.monitor(entry, wanted=False, keys=((1, 1),))

    world.sonarr.publish(LANTERN, episode_release(LANTERN, (1, 1), PACK))
    world.sonarr.publish(LANTERN, episode_release(LANTERN, (1, 2), PACK))

    rows = ask(world, world.sonarr, f"episode?seriesId={entry.id}&seasonNumber=1")
    assert [row["monitored"] for row in rows] == [False] + [True] * 5
    assert [grab.release.keys for grab in world.sonarr.grabs.values()] == [((1, 2),)]


def test_a_film_that_is_not_out_waits_for_its_day(world: World) -> None:
    out_at = NOON + timedelta(seconds=60)
    world.calendar.announced[NIGHT.slug] = Dates(NOON - timedelta(days=40), digital=out_at)
    world.radarr.publish(NIGHT, offer())
    entry = world.radarr.add(NIGHT)
    world.advance(10)

    early, (row,) = dict(world.radarr.grabs), ask(world, world.radarr, "movie")
    world.advance(60)
    world.radarr.search.run(entry)

    assert early == {}
    assert (row["isAvailable"], row["digitalRelease"], row["status"]) == (False, "2026-05-04T12:01:00Z", "announced")
    assert len(world.radarr.grabs) == 1


def test_without_a_date_a_film_is_out_ninety_days_after_the_cinema() -> None:
    dates = Dates(datetime(2026, 1, 1, tzinfo=UTC))

    assert dates.out_at == datetime(2026, 4, 1, tzinfo=UTC)


def test_a_search_that_finds_nothing_leaves_its_time_and_nothing_else(world: World, post: Recorder) -> None:
    world.radarr.add(NIGHT)
    before = ask(world, world.radarr, "movie")[0].get("lastSearchTime")

    world.advance(10)

    assert (before, ask(world, world.radarr, "movie")[0]["lastSearchTime"]) == (None, "2026-05-04T12:00:03Z")
    assert (post.kinds("radarr"), world.radarr.history) == (["MovieAdded"], [])


def test_a_search_for_a_series_notes_its_time_with_each_wanted_episode(world: World) -> None:
    entry = world.sonarr.add(LANTERN, (2,))
    world.advance(10)

    rows = ask(world, world.sonarr, f"episode?seriesId={entry.id}")

    assert [row["episodeNumber"] for row in rows if "lastSearchTime" in row] == [1, 2, 3, 4]


def test_a_delayed_release_waits_in_the_queue_without_a_download(world: World, post: Recorder) -> None:
    world.radarr.search.delay = 60
    world.radarr.publish(NIGHT, offer())
    world.radarr.add(NIGHT)
    world.advance(13)

    (row,) = queue(world)
    world.advance(60)

    assert (row["status"], row["timeleft"], row["estimatedCompletionTime"]) == (
        *("delay", "00:00:50", "2026-05-04T12:01:03Z"),
    )
    assert {"downloadId", "trackedDownloadState", "trackedDownloadStatus"} & set(row) == set()
    assert post.kinds("radarr") == ["MovieAdded", "Grab"]


def test_a_release_waits_for_its_client(world: World, post: Recorder) -> None:
    world.clients.torrent.is_reachable = False
    world.radarr.publish(NIGHT, offer())
    world.radarr.add(NIGHT)
    world.advance(10)

    (row,) = queue(world)
    world.clients.torrent.is_reachable = True
    world.advance(1)

    assert row["status"] == "downloadClientUnavailable"
    assert post.kinds("radarr") == ["MovieAdded", "Grab"]


def test_what_the_admin_blocklists_is_told_by_history_alone(world: World, post: Recorder) -> None:
    world.radarr.publish(NIGHT, offer(quality="WEBDL-1080p", group="SECOND"))
    first = grab(world, offer(quality="Bluray-1080p"))

    world.radarr.downloads.remove(first, blocklist=True)
    world.advance(5)

    failed = [row for row in world.radarr.history if row.kind == "downloadFailed"]
    assert [row.data["message"] for row in failed] == ["Manually marked as failed"]
    assert first.release.hash not in world.qbittorrent.torrents
    assert post.kinds("radarr").count("Grab") == 3 - 1
    assert [row["downloadId"] for row in queue(world)] == [
        open_grab.release.download_id for open_grab in world.radarr.grabs.values() if open_grab.is_open
    ]


def test_what_is_removed_leaves_no_trace_and_may_be_grabbed_again(world: World, post: Recorder) -> None:
    first = grab(world, offer())
    world.radarr.downloads.remove(first)
    removed, known = queue(world), kinds(world.radarr)

    world.radarr.search.run(first.entry)

    assert (removed, known) == ([], ["grabbed"])
    assert [payload["downloadId"] for payload in post.of("radarr", "Grab")] == [first.release.download_id] * 2


def test_what_is_ignored_goes_on_in_the_client(world: World) -> None:
    first = grab(world, offer())

    world.radarr.downloads.remove(first, keep=True)

    assert (queue(world), kinds(world.radarr)) == ([], ["grabbed", "downloadIgnored"])
    assert first.release.hash in world.qbittorrent.torrents
    assert ask(world, world.radarr, "history?eventType=9")["totalRecords"] == 1


def test_a_torrent_that_somebody_removed_may_be_grabbed_again(world: World, post: Recorder) -> None:
    first = grab(world, offer())
    world.qbittorrent.remove(first.release.hash)

    world.radarr.search.run(first.entry)

    assert kinds(world.radarr) == ["grabbed", "grabbed"]
    assert post.kinds("radarr").count("Grab") == 2


def test_a_title_that_comes_back_finds_the_files_that_stayed(world: World, post: Recorder) -> None:
    entry = world.radarr.add(NIGHT)
    (file,) = world.radarr.import_in_place(entry, (FILM_KEY,), offer())
    world.radarr.delete(entry, with_files=False)

    again = world.radarr.add(NIGHT)
    world.advance(20)

    found = world.radarr.file_of(again, FILM_KEY)
    assert found
    assert (found.id > file.id, again.id > entry.id) == (True, True)
    assert post.kinds("radarr") == ["MovieDelete", "MovieAdded"]
    assert post.of("radarr", "MovieDelete")[0]["deletedFiles"] is False
    assert world.jellyfin.shown(NIGHT) == {FILM_KEY}


def test_usenet_has_ids_of_its_own_and_is_repaired_with_nothing_left(world: World, post: Recorder) -> None:
    job = grab(world, offer(protocol="usenet"))
    world.advance(20)

    (row,) = queue(world)
    world.advance(20)

    assert job.release.download_id.startswith("SABnzbd_nzo_")
    assert (row["protocol"], row["status"], row["sizeleft"], row["downloadClient"]) == (
        *("usenet", "downloading", 0, "SABnzbd"),
    )
    assert post.of("radarr", "Download")[0]["downloadId"] == job.release.download_id
    assert (queue(world), world.sabnzbd.jobs, world.qbittorrent.torrents) == ([], {}, {})


def test_a_damaged_usenet_download_fails_by_itself_and_the_next_is_taken(world: World, post: Recorder) -> None:
    world.radarr.publish(NIGHT, offer(quality="WEBDL-1080p", protocol="usenet", group="B"))
    world.radarr.add(NIGHT)
    world.advance(4)
    world.sabnzbd.jobs[next(iter(world.sabnzbd.jobs))].is_damaged = True
    world.radarr.search.indexer[NIGHT.slug].append(offer(quality="Bluray-720p", group="C"))

    world.advance(40)

    failed = [row.data["message"] for row in world.radarr.history if row.kind == "downloadFailed"]
    assert failed == ["Repair failed, not enough repair blocks"]
    assert len(post.of("radarr", "Grab")) == 2


def test_the_4k_ones_use_the_same_numbers(world: World, post: Recorder) -> None:
    world.seerr.ask(NIGHT, PEOPLE["chiara"])
    world.radarr_4k.publish(NIGHT, offer(quality="Bluray-2160p"))
    world.seerr.ask(NIGHT, PEOPLE["chiara"], is_4k=True)
    world.advance(60)

    added = [payload for payload in post.webhooks if payload.payload.get("eventType") == "MovieAdded"]
    assert {webhook.payload["movie"]["id"] for webhook in added} == {11}
    assert [(webhook.receiver.url[-10:], webhook.payload["instanceName"]) for webhook in added] == [
        ("oks/radarr", "Radarr"),
        ("/radarr/4k", "Radarr 4K"),
    ]
    assert [payload["event"] for payload in post.of("seerr", "MEDIA_AVAILABLE")] == ["4K Movie Request Now Available"]
    assert [(ask.is_4k, ask.status) for ask in world.seerr.requests.values()] == [(False, 2), (True, 5)]


def test_after_a_reinstall_the_same_titles_have_other_numbers(world: World) -> None:
    films = [NIGHT, FILMS["charade"]]
    for film in films:
        world.radarr.import_in_place(world.radarr.add(film), (FILM_KEY,), offer())
    before = [(file.id, file.entry.id) for file in world.radarr.files.values()]
    moving = grab(world, offer(quality="Bluray-2160p"))

    world.radarr.reinstall()
    soon = ask(world, world.radarr, "queue/details")
    world.advance(6)

    after = [(file.id, file.entry.id) for file in world.radarr.files.values()]
    assert (before, after) == ([(61, 11), (62, 12)], [(1, 1), (2, 2)])
    assert [entry.title for entry in world.radarr.entries.values()] == films[::-1]
    assert (world.radarr.history, soon) == ([], [])
    assert [(row["movieId"], row["downloadId"]) for row in ask(world, world.radarr, "queue/details")] == [
        (2, moving.release.download_id)
    ]

"""Radarr and Sonarr answer as their pages say."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest
from flask.testing import FlaskClient

from demo.clock import to_second
from demo.releases import Offer, film_release
from demo.scenario import Play
from demo.servarr.api import API_KEY, BASE
from demo.servarr.apps import create_radarr, create_sonarr
from demo.titles import FILMS, LANTERN
from demo.world import World
from flaskapp.sources.sonarr import read_episodes
from tests.demo.lives import KEY, get
from tests.demo.recorder import NOON
from tests.demo.shapes import differences, example


@pytest.mark.parametrize("headers", [{}, {"X-Api-Key": "wrong"}, {"Authorization": "Bearer wrong"}])
def test_a_wrong_key_is_refused_without_a_word(radarr: FlaskClient, headers: dict[str, str]) -> None:
    answer = radarr.get(f"{BASE}/system/status", headers=headers)

    assert (answer.status_code, answer.data) == (401, b"")


@pytest.mark.parametrize("headers", [KEY, {"Authorization": f"Bearer {API_KEY}"}])
def test_a_key_opens_the_door(radarr: FlaskClient, headers: dict[str, str]) -> None:
    assert radarr.get(f"{BASE}/health", headers=headers).json == []


def test_the_key_in_the_address_wins(radarr: FlaskClient) -> None:
    assert radarr.get(f"{BASE}/health?apikey={API_KEY}").status_code == 200
    assert radarr.get(f"{BASE}/health?apikey=wrong", headers=KEY).status_code == 401


def test_a_ping_needs_no_key(radarr: FlaskClient) -> None:
    assert radarr.get("/ping").json == {"status": "OK"}


def test_both_say_who_they_are(radarr: FlaskClient, sonarr: FlaskClient) -> None:
    assert get(radarr, "system/status")["appName"] == "Radarr"
    assert get(sonarr, "system/status")["appName"] == "Sonarr"
    assert set(get(radarr, "system/status")) <= set(example("radarr/api-system-status"))


def test_answers_carry_the_time_of_the_world(radarr: FlaskClient) -> None:
    answer = radarr.get("/ping")

    assert answer.headers["Date"] == format_datetime(NOON + timedelta(seconds=60), usegmt=True)


@pytest.mark.parametrize(
    ("service", "resource", "name"),
    [
        ("radarr", "movie", "api-movie"),
        ("radarr", "queue/details?includeMovie=true", "api-queue-details"),
        ("radarr", "history/since?date=2026-05-04T00:00:00Z", "api-history-since"),
        ("sonarr", "series", "api-series"),
        ("sonarr", "episode?seriesId=11", "api-episode"),
        ("sonarr", "queue?includeSeries=true&includeEpisode=true&pageSize=50", "api-queue"),
        ("sonarr", "history/since?date=2026-05-04T00:00:00Z", "api-history-since"),
    ],
)
def test_rows_have_only_fields_of_upstream(
    request: pytest.FixtureRequest, service: str, resource: str, name: str
) -> None:
    rows = get(request.getfixturevalue(service), resource)

    unknown = {field for field in differences(rows, example(f"{service}/{name}"))[0] if "data." not in field}
    assert rows
    assert {field for field in unknown if ".lastSearchTime:" not in field} == set()


def test_an_unknown_film_is_an_empty_list_by_its_tmdb_id_and_404_by_its_number(radarr: FlaskClient) -> None:
    assert get(radarr, "movie?tmdbId=1") == []
    assert [row["title"] for row in get(radarr, "movie?tmdbId=19")] == ["Metropolis"]
    assert radarr.get(f"{BASE}/movie/999", headers=KEY).status_code == 404


def test_a_film_shows_its_file(radarr: FlaskClient) -> None:
    (row,) = get(radarr, "movie?tmdbId=961")

    assert row["hasFile"] is True
    assert row["movieFile"]["id"] == row["movieFileId"]
    assert row["movieFile"]["quality"]["quality"]["name"] == "Bluray-720p"
    assert get(radarr, f"movie/{row['id']}") == row


def test_the_queue_has_ten_rows_unless_asked_for_more(sonarr: FlaskClient) -> None:
    page, whole = get(sonarr, "queue?pageSize=4&page=2"), get(sonarr, "queue?pageSize=100")

    # A pack of six and three episodes: one row each.
    assert (len(whole["records"]), whole["totalRecords"], get(sonarr, "queue")["pageSize"]) == (9, 9, 10)
    assert page["records"] == whole["records"][4:8]


def test_a_queue_page_beyond_the_end_is_the_last_one(sonarr: FlaskClient) -> None:
    assert get(sonarr, "queue?pageSize=4&page=99") == get(sonarr, "queue?pageSize=4&page=3")


def test_a_pack_is_a_row_per_episode_each_of_the_whole_size(sonarr: FlaskClient) -> None:
    rows = [row for row in get(sonarr, "queue/details?seriesId=11") if "S01" in row["title"]]

    assert len(rows) == 6
    assert len({row["id"] for row in rows}) == 6
    assert {(row["size"], row["sizeleft"], row["downloadId"]) for row in rows} == {
        (rows[0]["size"], rows[0]["sizeleft"], rows[0]["downloadId"])
    }


def test_the_queue_names_the_stage(world: World) -> None:
    client = create_radarr(world).test_client()
    release = film_release(FILMS["haxan"], Offer("Bluray-1080p", 7, 10, "CRiT", clear=False))
    world.radarr.publish(FILMS["haxan"], release)
    world.radarr.add(FILMS["haxan"])

    stages = []
    for _ in range(50):
        world.advance(0.5)
        world.radarr.queue.refresh()
        stages += [(row["status"], row["trackedDownloadState"]) for row in get(client, "queue/details")]

    assert list(dict.fromkeys(stages)) == [
        ("queued", "downloading"),
        ("warning", "downloading"),
        ("downloading", "downloading"),
        ("completed", "importPending"),
        ("completed", "importBlocked"),
    ]


def test_a_row_leaves_the_queue_with_its_torrent(world: World) -> None:
    client = create_radarr(world).test_client()
    release = film_release(FILMS["haxan"], Offer("Bluray-1080p", 7, 10, "CRiT"))
    world.radarr.publish(FILMS["haxan"], release)
    world.radarr.add(FILMS["haxan"])
    world.advance(10)

    before = get(client, "queue/status")["totalCount"]
    world.qbittorrent.remove(release.hash)
    soon = get(client, "queue/status")["totalCount"]
    world.advance(60)

    assert (before, soon, get(client, "queue/details")) == (1, 1, [])


def test_history_begins_with_the_newest_and_since_with_the_oldest(moving: World, radarr: FlaskClient) -> None:
    page, since = get(radarr, "history?pageSize=100"), get(radarr, "history/since?date=2026-05-04T12:00:30Z")

    dates = [row["date"] for row in page["records"]]
    assert dates == sorted(dates, reverse=True)
    assert page["totalRecords"] == len(moving.radarr.history)
    assert [row["date"] for row in since] == sorted(date for date in dates if date >= "2026-05-04T12:00:30Z")


def test_history_is_filtered_by_number(radarr: FlaskClient) -> None:
    kinds = {row["eventType"] for row in get(radarr, "history?eventType=3")["records"]}

    assert kinds == {"downloadFolderImported"}


@pytest.mark.parametrize(
    ("service", "word", "number"), [("radarr", "movieFileDeleted", 6), ("sonarr", "episodeFileDeleted", 5)]
)
def test_deletions_are_numbered_differently(world: World, service: str, word: str, number: int) -> None:
    client = {"radarr": create_radarr, "sonarr": create_sonarr}[service](world).test_client()
    Play(world).begin()
    world.advance(110)
    arr = {"radarr": world.radarr, "sonarr": world.sonarr}[service]
    file = next(iter(arr.files.values()))

    arr.delete_file(file, "manual")

    rows = get(client, f"history?eventType={number}")["records"]
    assert [(row["eventType"], row["data"]["reason"]) for row in rows] == [(word, "Manual")]


def test_episodes_need_a_series(sonarr: FlaskClient) -> None:
    assert sonarr.get(f"{BASE}/episode", headers=KEY).status_code == 400
    assert get(sonarr, "episode?seriesId=999") == []
    assert len(get(sonarr, "episode?seriesId=11&seasonNumber=2")) == 5


def test_the_board_can_read_the_episode_list(moving: World, sonarr: FlaskClient) -> None:
    moving.advance(60)
    (series,) = get(sonarr, f"series?tvdbId={LANTERN.tvdb_id}")

    read = read_episodes(series, get(sonarr, f"episode?seriesId={series['id']}"), moving.clock.now)

    assert read.entry.media.tvdb_id == LANTERN.tvdb_id
    assert [(e.season, e.episode) for e in read.episodes if e.file_id] == [
        *((1, n) for n in range(1, 7)),
        (2, 1),
        (2, 3),
    ]
    assert [(e.season, e.episode) for e in read.episodes if not e.aired] == [(2, 5)]


def test_only_seasons_that_somebody_asked_for_are_monitored(world: World) -> None:
    client = create_sonarr(world).test_client()
    entry = world.sonarr.add(LANTERN, (1,))

    rows = get(client, f"episode?seriesId={entry.id}")

    assert [row["monitored"] for row in rows] == [True] * 6 + [False] * 5
    assert [season["monitored"] for season in get(client, "series")[0]["seasons"]] == [True, False]


def test_statistics_count_files_and_what_has_aired(sonarr: FlaskClient) -> None:
    (series,) = get(sonarr, "series")

    second = series["seasons"][1]["statistics"]
    assert (second["episodeFileCount"], second["episodeCount"], second["totalEpisodeCount"]) == (0, 4, 5)


def test_history_can_hold_its_titles(radarr: FlaskClient, sonarr: FlaskClient) -> None:
    film = get(radarr, "history/since?date=2026-05-04T00:00:00Z&includeMovie=true")[0]
    episode = get(sonarr, "history/since?date=2026-05-04T00:00:00Z&includeSeries=true&includeEpisode=true")[0]

    assert film["movie"]["tmdbId"]
    assert (episode["series"]["tvdbId"], episode["episode"]["seasonNumber"]) == (LANTERN.tvdb_id, 1)


def test_the_queue_is_looked_at_once_a_minute_and_soon_after_a_grab(world: World) -> None:
    client = create_radarr(world).test_client()
    world.radarr.publish(FILMS["haxan"], film_release(FILMS["haxan"], Offer("Bluray-1080p", 7, 200, "CRiT")))
    world.radarr.add(FILMS["haxan"])

    seen = []
    for _ in range(13):
        world.advance(10)
        seen += [row["sizeleft"] for row in get(client, "queue/details")]

    assert [seen.index(left) for left in dict.fromkeys(seen)] == [0, 5, 11]


def test_times_are_spelled_to_the_second() -> None:
    assert to_second(NOON) == "2026-05-04T12:00:00Z"

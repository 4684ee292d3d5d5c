"""Radarr and Sonarr answer as their pages say."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import Any

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
from tests.demo.recorder import NOON, Recorder
from tests.demo.shapes import differences, example

KEY = {"X-Api-Key": API_KEY}
WEBHOOK = example("radarr/api-notification-create-request")


@pytest.fixture
def moving(world: World) -> World:
    """Give a world in the middle of the play."""
    Play(world).begin()
    world.advance(60)
    return world


@pytest.fixture
def radarr(moving: World) -> FlaskClient:
    return create_radarr(moving).test_client()


@pytest.fixture
def sonarr(moving: World) -> FlaskClient:
    return create_sonarr(moving).test_client()


def get(client: FlaskClient, path: str) -> Any:
    return client.get(f"{BASE}/{path}", headers=KEY).json


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


def test_a_new_connection_is_tested_before_it_is_saved(radarr: FlaskClient, post: Recorder) -> None:
    answer = radarr.post(f"{BASE}/notification", json=WEBHOOK, headers=KEY)

    saved = answer.json
    assert answer.status_code == 201
    assert saved
    assert post.webhooks[-1].payload["eventType"] == "Test"
    assert post.webhooks[-1].receiver.headers["Authorization"].startswith("Basic ")
    assert {row["name"]: row["value"] for row in saved["fields"]}["password"] == "********"
    assert saved["id"] in {row["id"] for row in get(radarr, "notification")}


def test_a_connection_whose_receiver_refuses_is_not_saved(radarr: FlaskClient, post: Recorder) -> None:
    post.status = 401

    answer = radarr.post(f"{BASE}/notification", json=WEBHOOK, headers=KEY)

    assert answer.status_code == 400
    assert answer.json
    assert differences(answer.json, example("radarr/api-notification-error-400-receiver-rejected")) == (set(), set())
    assert len(get(radarr, "notification")) == 1


def test_a_redirect_counts_as_delivered(radarr: FlaskClient, post: Recorder) -> None:
    post.status = 302

    assert radarr.post(f"{BASE}/notification", json=WEBHOOK, headers=KEY).status_code == 201


def test_two_connections_can_not_have_one_name(radarr: FlaskClient) -> None:
    answer = radarr.post(f"{BASE}/notification", json={**WEBHOOK, "name": "ARRIVARR"}, headers=KEY)

    assert (answer.status_code, answer.json[0]["errorMessage"] if answer.json else "") == (400, "Should be unique")


def test_a_changed_connection_keeps_a_hidden_password(moving: World, radarr: FlaskClient) -> None:
    saved: Any = radarr.post(f"{BASE}/notification", json=WEBHOOK, headers=KEY).json

    answer = radarr.put(f"{BASE}/notification/{saved['id']}", json={**saved, "onGrab": False}, headers=KEY)

    kept = moving.radarr.notifications[saved["id"]]
    assert answer.status_code == 202
    assert (kept.fields["password"], "onGrab" in kept.triggers) == ("REPLACE-WITH-SECRET", False)


def test_a_forced_change_is_not_tested(radarr: FlaskClient, post: Recorder) -> None:
    post.status, (saved,) = 500, get(radarr, "notification")

    path = f"{BASE}/notification/{saved['id']}"
    statuses = [
        radarr.put(path, json=saved, headers=KEY),
        radarr.put(f"{path}?forceSave=true", json=saved, headers=KEY),
    ]

    assert [answer.status_code for answer in statuses] == [400, 202]


def test_connections_can_be_tested_and_deleted(radarr: FlaskClient, post: Recorder) -> None:
    (saved,) = get(radarr, "notification")

    tested = radarr.post(f"{BASE}/notification/test", json=saved, headers=KEY)
    post.status = 503
    all_tested = radarr.post(f"{BASE}/notification/testall", headers=KEY)
    deleted = radarr.delete(f"{BASE}/notification/{saved['id']}", headers=KEY)

    assert (tested.status_code, all_tested.status_code, deleted.status_code) == (200, 400, 200)
    assert get(radarr, "notification") == []


def test_a_good_test_of_the_saved_connection_lifts_its_block(
    moving: World, radarr: FlaskClient, post: Recorder
) -> None:
    (saved,) = get(radarr, "notification")
    post.status = 500
    moving.advance(900)
    for _ in range(3):
        moving.radarr.add(FILMS["charade"])
        moving.advance(301)
        moving.radarr.delete(moving.radarr.entry_of(FILMS["charade"]) or pytest.fail("It is there."))
    blocked, count = get(radarr, "health"), len(post.webhooks)
    moving.radarr.add(FILMS["charade"])
    moving.advance(5)
    dropped = len(post.webhooks) - count

    post.status = 200
    radarr.post(f"{BASE}/notification/test", json=saved, headers=KEY)

    assert [(row["source"], row["type"]) for row in blocked] == [("NotificationStatusCheck", "error")]
    assert differences(blocked, example("radarr/api-health")) == (set(), set())
    assert (dropped, get(radarr, "health")) == (0, [])


def test_a_silent_client_is_a_matter_of_health(moving: World, radarr: FlaskClient) -> None:
    moving.clients.torrent.is_reachable = False

    assert [(row["source"], row["type"]) for row in get(radarr, "health")] == [("DownloadClientStatusCheck", "warning")]


def test_an_order_is_carried_out_in_a_moment(world: World) -> None:
    client = create_radarr(world).test_client()
    entry = world.radarr.add(FILMS["charade"])
    world.advance(10)

    body = {"name": "MoviesSearch", "movieIds": [entry.id]}
    order: Any = client.post(f"{BASE}/command", json=body, headers=KEY).json
    world.advance(2)

    theirs = example("radarr/api-command-response")
    assert set(order) <= set(theirs)
    assert order["status"] == theirs["status"] == "queued"
    assert get(client, f"command/{order['id']}")["result"] == "successful"
    assert get(client, "movie")[0]["lastSearchTime"] == "2026-05-04T12:00:10Z"


def test_an_unknown_order_breaks(radarr: FlaskClient) -> None:
    assert radarr.post(f"{BASE}/command", json={"name": "MakeTea"}, headers=KEY).status_code == 500


@pytest.mark.parametrize(
    ("body", "numbers"),
    [
        ({"name": "SeriesSearch", "seriesId": 11}, [1, 2, 3, 4, 5, 6]),
        ({"name": "SeasonSearch", "seriesId": 11, "seasonNumber": 1}, [1, 2, 3, 4, 5, 6]),
        ({"name": "SeasonSearch", "seriesId": 11, "seasonNumber": 2}, []),
        ({"name": "EpisodeSearch", "episodeIds": [11102, 11103]}, [2, 3]),
    ],
)
def test_series_are_searched_as_a_whole_or_in_part(world: World, body: dict[str, Any], numbers: list[int]) -> None:
    client = create_sonarr(world).test_client()
    entry = world.sonarr.add(LANTERN, (1,))
    world.advance(10)
    entry.searched_at.clear()

    client.post(f"{BASE}/command", json=body, headers=KEY)
    world.advance(2)

    rows = get(client, f"episode?seriesId={entry.id}")
    assert [row["episodeNumber"] for row in rows if "lastSearchTime" in row] == numbers


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

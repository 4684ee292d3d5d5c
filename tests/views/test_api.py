"""The board for other programs: rows, pages, filters, and what changed since."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flaskapp.domain.observation import DownloadPolled, DownloadStage, Word
from flaskapp.domain.origin import Origin
from flaskapp.domain.state import State
from tests.app import Browser, Send
from tests.views.asking import ask

HASH = "f2e9199648ef75d4a9556dc1adf17338263481b4"


def poll(app: Flask, progress: float) -> None:
    stage = DownloadStage.COMPLETE if progress == 1 else DownloadStage.DOWNLOADING
    now = datetime.now(UTC)
    polled = DownloadPolled(seen_at=now, download_id=HASH, stage=stage, progress=progress, size=9, speed=5, eta=70)
    with app.app_context():
        app.extensions["pipeline"].ingest([polled], Origin("qbittorrent", "qbittorrent", is_4k=False, now=now))


def get(client: FlaskClient, query: str = "") -> dict[str, Any]:
    response = client.get(f"/api/requests{query}")
    assert (response.status_code, response.content_type) == (200, "application/json")
    answer: dict[str, Any] = response.get_json()
    return answer


def ids(answer: dict[str, Any]) -> list[int]:
    return [row["id"] for row in answer["requests"]]


def test_a_row_says_everything_about_a_film(app: Flask, client: FlaskClient, send: Send) -> None:
    send("seerr", "media-pending-movie")
    send("radarr", "grab-torrent")
    poll(app, 0.5)

    answer = get(client)

    (row,) = answer["requests"]
    assert datetime.fromisoformat(row.pop("updated_at")).utcoffset() is not None
    assert datetime.fromisoformat(row.pop("measured_at")).utcoffset() is not None
    row.pop("measured_by")
    assert row.pop("poster_url").startswith("/posters/1?k=")
    assert row == {
        "id": 1,
        "seerr_instance": "seerr",
        "seerr_request_id": 1,
        "media_type": "movie",
        "title": "Night of the Living Dead",
        "year": 1968,
        "tmdb_id": 10331,
        "tvdb_id": None,
        "is_4k": False,
        "seasons": None,
        "requested_by": "alice",
        "state": "downloading",
        "progress": 50,
        "eta": 70,
        "trouble": None,
    }
    assert (answer["cursor"], answer["next"]) == (f"{app.extensions['hub'].epoch}.3", None)


def test_a_row_says_everything_about_a_series(client: FlaskClient, send: Send) -> None:
    send("seerr", "media-approved-tv-partial-seasons")

    (row,) = get(client)["requests"]
    named = {name: row[name] for name in ("media_type", "tmdb_id", "tvdb_id", "seasons", "state", "progress", "eta")}
    assert named == {
        "media_type": "tv",
        "tmdb_id": 1930,
        "tvdb_id": 71471,
        "seasons": [1, 3],
        "state": "approved",
        "progress": 0,
        "eta": -1,
    }


def test_one_request_has_its_items_downloads_and_steps(app: Flask, client: FlaskClient, send: Send) -> None:
    series = {"media__tmdbId": "9990301", "media__tvdbId": "9990101"}
    send("seerr", "media-approved-tv-partial-seasons", **series, extra=[{"name": "Requested Seasons", "value": "2"}])
    send("sonarr", "grab-season-pack")
    send("sonarr", "download-season-pack-1-of-4")

    row = client.get("/api/requests/1").get_json()

    assert row.items() >= get(client)["requests"][0].items()
    assert [(each["season"], each["episode"], each["standing"]) for each in row["items"]] == [
        (2, 1, "imported"),
        (2, 2, "arriving"),
        (2, 3, "arriving"),
        (2, 4, "arriving"),
    ]
    assert row["items"][0]["title"] == "Cold Start"
    assert row["items"][0]["air_at"] == "2026-01-11T20:00:00Z"
    (download,) = row["downloads"]
    assert set(download) == {
        *("title", "quality", "indexer", "size", "stage", "progress", "grabbed_at", "polled_at"),
        *("items", "dropped", "dropped_at", "drop_message"),
    }
    steps = [(each["kind"], each["from"], each["to"], each["source"]) for each in row["timeline"]]
    assert steps == [
        ("created", None, "approved", "seerr"),
        ("state", "approved", "grabbed", "sonarr"),
        ("state", "grabbed", "imported", "sonarr"),
    ]


def test_what_changed_last_comes_first(app: Flask, client: FlaskClient) -> None:
    ask(app, 1, 2, 3)
    assert ids(get(client)) == [3, 2, 1]

    ask(app, 1, word=Word.APPROVED)

    assert ids(get(client)) == [1, 3, 2]


def test_pages_follow_each_other_without_a_gap_or_a_double(app: Flask, client: FlaskClient) -> None:
    ask(app, *range(1, 8))
    seen, answer = [], get(client, "?limit=3")

    while True:
        seen.append(ids(answer))
        if answer["next"] is None:
            break
        answer = get(client, f"?limit=3&after={answer['next']}")

    assert seen == [[7, 6, 5], [4, 3, 2], [1]]


def test_a_page_that_is_just_full_is_the_last(app: Flask, client: FlaskClient) -> None:
    ask(app, 1, 2, 3)

    assert get(client, "?limit=3")["next"] is None
    assert get(client, "?limit=2")["next"] is not None


def test_a_page_has_a_hundred_rows_unless_asked_otherwise(app: Flask, client: FlaskClient) -> None:
    ask(app, *range(1, 103))

    assert len(ids(get(client))) == 100
    assert len(ids(get(client, "?limit=500"))) == 102


def test_a_state_filters_and_pages_too(app: Flask, client: FlaskClient) -> None:
    ask(app, 1, 2, 3, 4, 5)
    ask(app, 2, 3, 4, word=Word.DECLINED)

    first = get(client, "?state=declined&limit=2")
    second = get(client, f"?state=declined&limit=2&after={first['next']}")

    assert (ids(first), ids(second), second["next"]) == ([4, 3], [2], None)
    assert ids(get(client, "?state=available")) == []


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_asked_for(client: FlaskClient, state: State) -> None:
    assert ids(get(client, f"?state={state}")) == []


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=-1", "limit=501", "limit=x", "limit=", "limit=1.5", "limit=1e3", "limit=%D9%A3"),
        *("limit=" + "9" * 19, "limit=" + "9" * 5000, "limit=%00", "limit=1%0A", "limit=1%20"),
        *("after=0", "after=-1", "after=x", "after=", "after=" + "9" * 19, "after=1" + "0" * 30),
        *("state=", "state=lost", "state=REQUESTED", "state=requested%00", "state=requested,approved"),
    ],
)
def test_nonsense_is_refused_in_a_sentence_that_names_it(client: FlaskClient, query: str) -> None:
    response = client.get(f"/api/requests?{query}")

    assert response.status_code == 400
    assert response.get_json()["error"].startswith(query.partition("=")[0] + " must be ")


def test_a_place_after_the_end_is_an_empty_page(app: Flask, client: FlaskClient) -> None:
    ask(app, 1, 2)

    assert ids(get(client, "?after=1")) == []
    assert ids(get(client, f"?after={2**62}")) == [2, 1]


def test_since_tells_what_changed_and_what_went(app: Flask, client: FlaskClient) -> None:
    ask(app, 1, 2, 3, 4)
    cursor = get(client)["cursor"]
    ask(app, 2, word=Word.APPROVED)
    client.delete("/api/requests/3")

    answer = get(client, f"?since={cursor}")

    assert (ids(answer), answer["deleted"], answer.get("reset")) == ([2], [3], None)
    again = get(client, f"?since={answer['cursor']}")
    assert (ids(again), again["deleted"], again["cursor"]) == ([], [], answer["cursor"])


def test_since_tells_what_moves_although_numbers_are_no_changes(app: Flask, client: FlaskClient, send: Send) -> None:
    ask(app, 7)
    send("seerr", "media-approved-movie")
    send("radarr", "grab-torrent")
    poll(app, 0.25)
    cursor = get(client)["cursor"]
    poll(app, 0.5)

    answer = get(client, f"?since={cursor}")

    assert [(row["id"], row["progress"]) for row in answer["requests"]] == [(2, 50)]
    send("radarr", "download-import")
    cursor = get(client)["cursor"]
    assert ids(get(client, f"?since={cursor}")) == []


@pytest.mark.parametrize(
    "since",
    [
        "",
        "x",
        "0000.1",
        ".1",
        "{epoch}",
        "{epoch}.",
        "{epoch}.x",
        "{epoch}.-1",
        "{epoch}.9",
        "{epoch}.%D9%A1",
        "{epoch}." + "1" * 30,
        "{epoch}.1%0A",
    ],
)
def test_since_a_place_we_do_not_know_is_everything_anew(app: Flask, client: FlaskClient, since: str) -> None:
    ask(app, 1, 2)
    client.delete("/api/requests/1")

    answer = get(client, f"?since={since.format(epoch=app.extensions['hub'].epoch)}")

    assert (ids(answer), answer["deleted"], answer["reset"]) == ([2], [], True)


def test_cursors_of_stream_and_api_are_one(client: FlaskClient, send: Send, browser: Browser) -> None:
    send("seerr", "media-pending-movie")

    (told,) = browser.hears()

    assert get(client)["cursor"] == told.id
    assert get(client, f"?since={told.id}")["requests"] == []


def test_a_list_is_not_kept_by_anybody_on_the_way(client: FlaskClient, send: Send) -> None:
    send("seerr", "media-pending-movie")

    for address in ("/api/requests", "/api/requests/1"):
        assert client.get(address).headers["Cache-Control"] == "no-store"


def test_what_changed_brings_its_cards_when_asked_for(app: Flask, client: FlaskClient, browser: Browser) -> None:
    ask(app, 1)
    cursor = get(client)["cursor"]
    ask(app, 2)

    (row,) = get(client, f"?since={cursor}&cards=yes")["requests"]

    assert row["card"] == browser.hears()[-1].event["card"]
    assert "card" not in get(client, f"?since={cursor}")["requests"][0]

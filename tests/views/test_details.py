"""Series and second attempts, told honestly on the page of a request."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from flaskapp.domain.observation import (
    DownloadPolled,
    DownloadStage,
    EntryRef,
    EpisodeRef,
    FileImported,
    Grabbed,
    MediaRef,
    MediaType,
    Observation,
    Release,
    RequestTold,
    Word,
)
from flaskapp.domain.origin import Origin
from flaskapp.domain.queue import DownloadDropped, DownloadListed, Dropping, QueueStage
from flaskapp.domain.reading import EpisodesRead, ListedEpisode
from flaskapp.extensions import writing
from flaskapp.models import Change

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
SERIES = MediaRef(MediaType.TV, tmdb_id=5, tvdb_id=6, title="The Lantern Line")
ENTRY = EntryRef(1, SERIES)
PACK = "f2e9199648ef75d4a9556dc1adf17338263481b4"


def say(app: Flask, *said: Observation, source: str = "sonarr") -> None:
    with app.app_context():
        app.extensions["pipeline"].ingest(said, Origin(source, source, is_4k=False, now=NOON))


def ask(app: Flask, *seasons: int) -> None:
    told = RequestTold(seen_at=NOON, seerr_request_id=1, media=SERIES, word=Word.APPROVED, seasons=seasons or None)
    say(app, told, source="seerr")


def read_episodes(app: Flask) -> None:
    """Let Sonarr list two seasons of three, the last one of them yet to air, and two specials."""
    listed = [
        ListedEpisode(season, number, f"Title {season}.{number}", NOON, (season, number) != (2, 3), True, None)
        for season, number in [(0, 1), (0, 2), *((s, n) for s in (1, 2) for n in (1, 2, 3))]
    ]
    say(app, EpisodesRead(seen_at=NOON, entry=ENTRY, episodes=tuple(listed)))


def grab(app: Flask, download_id: str = PACK, *numbers: int) -> None:
    items = tuple(EpisodeRef(2, number) for number in numbers or (1, 2))
    release = Release(title=f"Release {download_id[:4]}", size=9_000_000_000)
    say(app, Grabbed(seen_at=NOON, entry=ENTRY, items=items, download_id=download_id, release=release))


def page(client: FlaskClient) -> str:
    return client.get("/requests/1").text


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def rows(html: str) -> list[str]:
    return [words(row) for row in re.findall(r"<tr>(.+?)</tr>", html, re.DOTALL) if "<td" in row]


def test_an_episode_that_has_not_aired_says_when_it_does(app: Flask, client: FlaskClient) -> None:
    ask(app, 2)
    read_episodes(app)

    assert rows(page(client)) == [
        "1 Title 2.1 14 Mar 2026 Not found yet",
        "2 Title 2.2 14 Mar 2026 Not found yet",
        "3 Title 2.3 – Airs on 14 Mar 2026",  # noqa: RUF001  # the page's sign for nothing
    ]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((2,), "Not asked for: season 1 (3), specials (2)"),
        ((1, 2), "Not asked for: specials (2)"),
        ((), "Not asked for: specials (2)"),
        ((0, 1, 2), None),
    ],
)
def test_what_was_not_asked_for_is_one_line(
    app: Flask, client: FlaskClient, asked: tuple[int, ...], said: str | None
) -> None:
    ask(app, *asked)
    read_episodes(app)

    html = page(client)

    assert (said in words(html)) if said else ("Not asked for" not in html)
    assert ("Specials" in re.findall(r'season__name"[^>]*>([^<]+)<', html)) == (0 in asked)


def test_a_pack_is_one_bar_with_all_that_it_carries(app: Flask, client: FlaskClient) -> None:
    ask(app, 2)
    read_episodes(app)
    grab(app, PACK, 1, 2, 3)
    polled = DownloadPolled(seen_at=NOON, download_id=PACK, stage=DownloadStage.DOWNLOADING, progress=0.4, size=9)
    say(app, polled, source="qbittorrent")

    html = page(client)

    assert html.count("download__bar") == 1
    assert 'download__bar" value="40"' in html
    assert "Downloading S02E01, S02E02, S02E03 40%" in words(html)
    (download,) = client.get("/api/requests/1").get_json()["downloads"]
    assert [each["episode"] for each in download["items"]] == [1, 2, 3]


def test_a_usenet_download_has_the_bar_of_the_queue(app: Flask, client: FlaskClient) -> None:
    ask(app, 2)
    grab(app, "sabnzbd_nzo_1")
    listed: dict[str, Any] = {"entry": ENTRY, "items": (EpisodeRef(2, 1), EpisodeRef(2, 2)), "progress": 0.7}
    say(app, DownloadListed(seen_at=NOON, download_id="sabnzbd_nzo_1", stage=QueueStage.DOWNLOADING, size=9, **listed))

    html = page(client)

    assert 'download__bar" value="70"' in html
    assert 'data-measured-by="sonarr"' in html


def test_a_download_that_failed_keeps_its_cause_beside_the_second_attempt(app: Flask, client: FlaskClient) -> None:
    ask(app, 2)
    grab(app, "a" * 40)
    items = (EpisodeRef(2, 1), EpisodeRef(2, 2))
    failed: dict[str, Any] = {"why": Dropping.FAILED, "message": "Found <potentially> dangerous file"}
    say(app, DownloadDropped(seen_at=NOON, entry=ENTRY, items=items, download_id="a" * 40, **failed))
    grab(app, "b" * 40)

    html = page(client)

    assert "Attempt 2" in html
    assert html.count("download__bar") == 1
    assert "Release aaaa Failed" in words(html)
    assert "Found &lt;potentially&gt; dangerous file" in html
    assert "The download failed" in words(html.split("How it got here")[1])


def test_a_step_that_nobody_told_is_marked(app: Flask, client: FlaskClient) -> None:
    ask(app, 2)
    assert "reconstructed" not in page(client)
    with app.app_context(), writing() as session:
        session.get_one(Change, 1).is_reconstructed = True

    html = page(client)

    assert html.count(">reconstructed</span>") == 1
    assert 'title="No call told this board of it.' in html
    assert client.get("/api/requests/1").get_json()["timeline"][0]["reconstructed"] is True


def test_a_blocked_part_is_told_apart_on_card_and_page(app: Flask, client: FlaskClient) -> None:
    ask(app, 2)
    read_episodes(app)
    grab(app, PACK, 1)
    grab(app, "c" * 40, 2)
    say(app, FileImported(seen_at=NOON, entry=ENTRY, file_id=1, items=(EpisodeRef(2, 1),), download_id=PACK))
    blocked: dict[str, Any] = {"entry": ENTRY, "items": (EpisodeRef(2, 2),), "messages": ("Non è un miglioramento",)}
    say(app, DownloadListed(seen_at=NOON, download_id="c" * 40, stage=QueueStage.BLOCKED, **blocked))

    board = client.get("/").text

    assert "strip__mark--blocked" in board
    assert "1 blocked" in words(board)
    assert 'data-trouble="import_blocked"' in board
    assert "Needs a person" in rows(page(client))[1]
    assert "Non è un miglioramento" in page(client).split("What Sonarr says")[1]


def test_a_long_series_shows_the_blocked_in_one_bar_with_the_rest(app: Flask, client: FlaskClient) -> None:
    ask(app)
    many = tuple(EpisodeRef(1, number) for number in range(1, 71))
    say(app, Grabbed(seen_at=NOON, entry=ENTRY, items=many, download_id=PACK, release=Release()))
    say(app, DownloadListed(seen_at=NOON, entry=ENTRY, items=many, download_id=PACK, stage=QueueStage.BLOCKED))

    assert 'strip-bar__part--blocked" x="0" y="0" width="70"' in client.get("/").text
    assert "Season 1, 70 episodes" in words(page(client))

"""The play from its first request to its end, without waiting."""

from __future__ import annotations

from collections import Counter

import pytest

from demo.scenario import LENGTH, Play
from demo.seerr.model import APPROVED, COMPLETED, DECLINED, PARTIAL, PENDING
from demo.titles import FILMS, LANTERN
from demo.world import World
from flaskapp.sources import SOURCES
from tests.demo.recorder import NOON, Recorder, connected_world

Played = tuple[World, Recorder]


def test_every_webhook_of_the_play_is_understood(played: Played) -> None:
    translations = [
        SOURCES[webhook.source].parse(SOURCES[webhook.source].decode(webhook.body), NOON)
        for webhook in played[1].webhooks
    ]

    assert len(translations) > 80
    assert [translation for translation in translations if translation.notes or not translation.observations] == []


def test_webhooks_go_where_they_were_pointed(played: Played) -> None:
    receivers = {(webhook.source, webhook.receiver.url) for webhook in played[1].webhooks}
    shown = {webhook.receiver.headers["Authorization"] for webhook in played[1].webhooks}

    sources = ("seerr", "radarr", "sonarr", "jellyfin")
    assert receivers == {(source, f"http://127.0.0.1:2774/webhooks/{source}") for source in sources}
    assert shown == {"Bearer token"}


@pytest.mark.parametrize(
    ("slug", "status"),
    [
        ("trip-to-the-moon", COMPLETED),
        ("living-dead", COMPLETED),
        ("caligari", COMPLETED),
        ("sherlock-jr", COMPLETED),
        ("metropolis", COMPLETED),
        ("nosferatu", COMPLETED),
        ("general", COMPLETED),
        ("haxan", COMPLETED),
        ("safety-last", COMPLETED),
        ("charade", DECLINED),
        ("his-girl-friday", PENDING),
        ("detour", APPROVED),
    ],
)
def test_every_film_meets_its_fate(played: Played, slug: str, status: int) -> None:
    asks = [ask for ask in played[0].seerr.requests.values() if ask.title == FILMS[slug]]

    assert [ask.status for ask in asks] == [status]


def test_each_film_of_the_catalogue_has_a_part(played: Played) -> None:
    asked = Counter(ask.title.slug for ask in played[0].seerr.requests.values())

    assert asked == {**dict.fromkeys(FILMS, 1), LANTERN.slug: 2}


def test_the_first_season_is_complete_and_the_second_in_part(played: Played) -> None:
    world, _ = played
    asks = {ask.seasons: ask.status for ask in world.seerr.requests.values() if ask.title == LANTERN}

    assert asks == {(1,): COMPLETED, (2,): APPROVED}
    assert world.seerr.media_status(LANTERN, 2) == PARTIAL
    assert world.jellyfin.shown(LANTERN) == {(1, number) for number in range(1, 7)} | {(2, 1), (2, 2), (2, 3)}


def test_a_pack_arrives_episode_by_episode_and_then_as_a_whole(played: Played) -> None:
    told = [payload for payload in played[1].of("sonarr", "Download") if len(payload["release"]["releaseTitle"]) > 0]
    pack = [payload for payload in told if payload["release"]["releaseType"] == "seasonPack"]

    numbers = [[episode["episodeNumber"] for episode in payload["episodes"]] for payload in pack]
    assert numbers == [[1], [2], [3], [4], [5], [6], [1, 2, 3, 4, 5, 6]]
    assert ["episodeFile" in payload for payload in pack] == [True] * 6 + [False]


def test_a_failure_is_silent_and_followed_by_a_second_grab(played: Played) -> None:
    world, post = played
    told = [p for p in post.of("radarr") if p["movie"]["title"] == "Nosferatu"]

    grabs = [payload for payload in told if payload["eventType"] == "Grab"]
    assert [payload["eventType"] for payload in told] == ["MovieAdded", "Grab", "Grab", "Download"]
    assert told[-1]["downloadId"] == grabs[1]["downloadId"] != grabs[0]["downloadId"]
    assert "downloadFailed" in [row.kind for row in world.radarr.history]


def test_an_upgrade_deletes_the_old_file_first(played: Played) -> None:
    told = [p for p in played[1].of("radarr") if p["movie"]["title"] == "The General"]

    deletion, upgrade = told[-2:]
    assert (deletion["eventType"], deletion["deleteReason"]) == ("MovieFileDelete", "upgrade")
    assert (upgrade["eventType"], upgrade["isUpgrade"]) == ("Download", True)
    assert [gone["id"] for gone in upgrade["deletedFiles"]] == [deletion["movieFile"]["id"]]


def test_a_failed_request_is_tried_again(played: Played) -> None:
    told = [p for p in played[1].of("seerr") if p["subject"] == "Safety Last! (1923)"]

    assert [payload["notification_type"] for payload in told] == [
        *("MEDIA_PENDING", "MEDIA_APPROVED", "MEDIA_FAILED", "MEDIA_APPROVED", "MEDIA_AVAILABLE")
    ]


def test_a_blocked_import_waits_for_a_person(played: Played) -> None:
    told = [p["eventType"] for p in played[1].of("radarr") if p["movie"]["title"] == "Häxan"]

    assert told == ["MovieAdded", "Grab", "ManualInteractionRequired", "Download"]


def test_metropolis_stands_still_for_most_of_a_minute() -> None:
    world = connected_world(Recorder())
    Play(world).begin()

    world.advance(45)
    torrent = next(t for t in world.qbittorrent.torrents.values() if t.name.startswith("Metropolis"))
    before = torrent.done
    world.advance(45)

    assert 0 < before == torrent.done < torrent.size
    assert torrent.seeds == 0


def test_something_still_moves_when_the_play_is_over(played: Played) -> None:
    world, _ = played

    assert [torrent.state for torrent in world.qbittorrent.torrents.values()].count("downloading") == 1


def test_the_play_is_the_same_at_any_step() -> None:
    at_once, in_steps = Recorder(), Recorder()
    for post, step in ((at_once, LENGTH), (in_steps, 2.5)):
        world = connected_world(post)
        Play(world).begin()
        for _ in range(round(LENGTH / step)):
            world.advance(step)

    assert [webhook.payload for webhook in at_once.webhooks] == [webhook.payload for webhook in in_steps.webhooks]

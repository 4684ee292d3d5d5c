"""Every webhook of the play has the fields and types of the example of its kind."""

from __future__ import annotations

from typing import Any

import pytest

from demo.jellyfin.model import template
from demo.servarr.model import MediaFile
from demo.titles import FILMS, LANTERN
from demo.world import World
from tests.demo.recorder import NOON, Recorder
from tests.demo.shapes import differences, example

Played = tuple[World, Recorder]

NO_FORMATS = (".release.customFormats[]:", ".customFormatInfo.customFormats[].")
NO_LABELS = (".movie.tags[]:", ".series.tags[]:")
NO_FLAGS = (".release.indexerFlags[]:",)
ONE_MESSAGE = (".downloadStatusMessages[].messages[]:",)


def first(payloads: list[dict[str, Any]], **wanted: Any) -> dict[str, Any]:
    return next(payload for payload in payloads if wanted.items() <= payload.items())


@pytest.mark.parametrize(
    ("source", "wanted", "name"),
    [
        ("radarr", {"eventType": "MovieAdded"}, "movie-added-manual"),
        ("radarr", {"eventType": "Grab"}, "grab-torrent"),
        ("radarr", {"eventType": "Download", "isUpgrade": False}, "download-import"),
        ("radarr", {"eventType": "Download", "isUpgrade": True}, "download-upgrade"),
        ("radarr", {"eventType": "MovieFileDelete"}, "movie-file-delete-upgrade"),
        ("radarr", {"eventType": "ManualInteractionRequired"}, "manual-interaction-required"),
        ("sonarr", {"eventType": "SeriesAdd"}, "series-add"),
        ("sonarr", {"eventType": "Grab"}, "grab-season-pack"),
        ("sonarr", {"eventType": "Download", "isUpgrade": False}, "download-season-pack-1-of-4"),
        ("sonarr", {"eventType": "Download", "fileCount": 6}, "import-complete-season-pack"),
    ],
)
def test_radarr_and_sonarr_say_what_upstream_says(
    played: Played, source: str, wanted: dict[str, Any], name: str
) -> None:
    payload = first(played[1].of(source), **wanted)

    found = differences(payload, example(f"{source}/{name}"), absent=NO_FORMATS + NO_LABELS + NO_FLAGS + ONE_MESSAGE)

    assert found == (set(), set())


@pytest.mark.parametrize(
    ("kind", "title", "name"),
    [
        ("MEDIA_PENDING", "Metropolis (1927)", "seerr-3.3-template-media-pending-movie"),
        ("MEDIA_PENDING", "The Lantern Line (2024)", "seerr-3.3-template-media-pending-tv"),
        ("MEDIA_AVAILABLE", "Metropolis (1927)", "seerr-3.3-template-media-available-movie"),
    ],
)
def test_seerr_says_what_upstream_says(played: Played, kind: str, title: str, name: str) -> None:
    payload = first(played[1].of("seerr", kind), subject=title)

    assert differences(payload, example(f"seerr/{name}")) == (set(), set())


@pytest.mark.parametrize(("item_type", "name"), [("Movie", "movie"), ("Series", "series"), ("Season", "season")])
def test_jellyfin_says_what_the_template_says(played: Played, item_type: str, name: str) -> None:
    payload = first(played[1].of("jellyfin", "ItemAdded"), item_type=item_type)

    # The template gained a time of its own after the examples were kept.
    assert differences(payload, example(f"jellyfin/item-added-{name}")) == ({".utc: str"}, set())


def test_download_ids_are_spelled_in_upper_case(played: Played) -> None:
    ids = {payload["downloadId"] for payload in played[1].of("radarr", "Grab")}

    assert len(ids) > 8
    assert all(id_ == id_.upper() and id_.lower() in played[0].radarr.grabs for id_ in ids)


@pytest.mark.parametrize("source", ["radarr", "sonarr"])
def test_a_test_has_the_fields_of_a_test(world: World, post: Recorder, source: str) -> None:
    arr = {"radarr": world.radarr, "sonarr": world.sonarr}[source]

    arr.mail.test(arr.notifications[1])

    assert post.webhooks[-1].payload == {**example(f"{source}/test")}


@pytest.mark.parametrize("source", ["radarr", "sonarr"])
def test_a_deleted_title_has_the_fields_of_upstream(world: World, post: Recorder, source: str) -> None:
    arr, title = {"radarr": (world.radarr, FILMS["charade"]), "sonarr": (world.sonarr, LANTERN)}[source]
    entry = arr.add(title)

    arr.delete(entry)

    name = {"radarr": "movie-delete-with-files", "sonarr": "series-delete-with-files"}[source]
    assert differences(post.of(source)[-1], example(f"{source}/{name}"), absent=NO_LABELS) == (set(), set())


def test_an_episode_carries_its_own_ids_and_not_those_of_its_series(played: Played) -> None:
    world, post = played
    episode = first(post.of("jellyfin", "ItemAdded"), item_type="Episode")
    shown = world.jellyfin.items[episode["item_id"].replace("-", "")]

    assert (episode["tmdb"], episode["series_name"]) == ("", "The Lantern Line")
    assert episode["tvdb"] not in ("", str(LANTERN.tvdb_id))
    assert template(shown, "ItemAdded", NOON)["series_id"] == episode["series_id"] != ""


def test_a_file_names_itself_after_its_title(played: Played) -> None:
    files: list[MediaFile] = list(played[0].radarr.files.values())

    assert "Häxan (1922) [Bluray-1080p]-CRiT.mkv" in {file.name for file in files}

from __future__ import annotations

import json

import pytest

from flaskapp.domain.observation import LibraryItemType, MediaRef, MediaType
from flaskapp.domain.reading import LibraryItemRead
from flaskapp.sources.jellyfin import read_item
from tests.sources.samples import AT, PAYLOADS

NIGHT_ID = "d4c3b2a1908f7e6d5c4b3a2918070605"
SERIES_ID = "11aa22bb33cc44dd55ee66ff77889900"
SERVER_ID = json.loads((PAYLOADS / "jellyfin" / "rest" / "system-info-public.json").read_bytes())["Id"]
NIGHT = MediaRef(MediaType.MOVIE, tmdb_id=10331, imdb_id="tt0063350", title="Night of the Living Dead", year=1968)


def test_a_film_of_rest_is_read_like_one_of_a_webhook() -> None:
    found = json.loads((PAYLOADS / "jellyfin" / "rest" / "items-search-with-provider-ids.json").read_bytes())

    read = read_item(found["Items"][0], AT)

    assert read == LibraryItemRead(
        seen_at=AT, item_id=NIGHT_ID, item_type=LibraryItemType.MOVIE, media=NIGHT, server_id=SERVER_ID
    )


def test_an_episode_of_rest_knows_its_series_season_and_numbers() -> None:
    item: dict[str, object] = {
        "Id": "44dd55ee66ff77889900112233445566",
        "Type": "Episode",
        "Name": "A Two-Part Visit",
        "SeriesId": SERIES_ID,
        "ParentIndexNumber": 1,
        "IndexNumber": 10,
        "IndexNumberEnd": 11,
        "ProviderIds": {"Tvdb": "297150"},
        "LocationType": "FileSystem",
    }

    assert read_item(item, AT) == LibraryItemRead(
        seen_at=AT,
        item_id="44dd55ee66ff77889900112233445566",
        item_type=LibraryItemType.EPISODE,
        media=None,
        series_id=SERIES_ID,
        season=1,
        episodes=(10, 11),
    )


def test_a_season_of_rest_has_its_number_where_an_episode_has_its_own() -> None:
    item: dict[str, object] = {"Id": NIGHT_ID, "Type": "Season", "SeriesId": SERIES_ID, "IndexNumber": 0}

    read = read_item(item, AT)

    assert read is not None
    assert (read.item_type, read.season, read.episodes) == (LibraryItemType.SEASON, 0, ())


def test_provider_names_come_in_any_case() -> None:
    item: dict[str, object] = {"Id": NIGHT_ID, "Type": "Series", "ProviderIds": {"TVDB": "71471", "tmdb": 1930}}

    read = read_item(item, AT)

    assert read is not None
    assert read.media == MediaRef(MediaType.TV, tmdb_id=1930, tvdb_id=71471)


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"Id": NIGHT_ID, "Type": "BoxSet"},
        {"Id": "odd", "Type": "Movie"},
        {"Id": NIGHT_ID, "Type": "Episode", "LocationType": "Virtual"},
        {"Id": NIGHT_ID, "Type": "Series", "LocationType": "Virtual"},
        {"Id": NIGHT_ID, "Type": "Movie", "LocationType": "FileSystem", "IsFolder": True},
        {"Id": NIGHT_ID, "Type": "Movie", "LocationType": "FileSystem", "IsPlaceHolder": True},
        {"Id": NIGHT_ID, "Type": "Episode", "LocationType": "FileSystem", "MediaSources": []},
    ],
)
def test_an_item_that_is_not_really_there_is_none(item: dict[str, object]) -> None:
    assert read_item(item, AT) is None


@pytest.mark.parametrize(
    "item",
    [
        {"Id": NIGHT_ID, "Type": "Movie", "LocationType": "FileSystem", "IsFolder": False, "MediaSources": [{}]},
        {"Id": NIGHT_ID, "Type": "Movie", "LocationType": "Remote"},
        {"Id": NIGHT_ID, "Type": "Series", "LocationType": "FileSystem", "IsFolder": True, "MediaSources": []},
        {"Id": NIGHT_ID, "Type": "Season", "IsFolder": True},
    ],
)
def test_what_plays_is_there_and_so_is_the_folder_that_holds_it(item: dict[str, object]) -> None:
    assert read_item(item, AT) is not None


def test_a_server_id_comes_in_both_spellings() -> None:
    dashed = f"{SERVER_ID[:8]}-{SERVER_ID[8:12]}-{SERVER_ID[12:16]}-{SERVER_ID[16:20]}-{SERVER_ID[20:]}".upper()

    read = read_item({"Id": NIGHT_ID, "Type": "Movie", "ServerId": dashed}, AT)

    assert read is not None
    assert read.server_id == SERVER_ID

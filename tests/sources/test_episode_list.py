from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flaskapp.domain.observation import EntryRef, MediaRef, MediaType
from flaskapp.domain.reading import EpisodesRead, ListedEpisode
from flaskapp.sources.sonarr import read_episodes
from flaskapp.sources.translation import UnusablePayloadError
from tests.sources.samples import AT, PAYLOADS

SIGNAL_HOUSE = EntryRef(
    7,
    MediaRef(
        MediaType.TV,
        tmdb_id=9990301,
        tvdb_id=9990101,
        imdb_id="tt99901010",
        title="The Signal House",
        year=2022,
        poster_url="https://artworks.thetvdb.com/banners/placeholder/the-signal-house-poster.jpg",
    ),
)


def rest(name: str) -> Any:
    return json.loads((PAYLOADS / "sonarr" / name).read_bytes())


def test_the_episode_list_says_what_aired_and_what_has_a_file() -> None:
    (series,) = rest("api-series.json")
    episodes = rest("api-episode.json")

    read = read_episodes(series, episodes, AT)

    assert isinstance(read, EpisodesRead)
    assert read.seen_at == AT
    assert read.entry == SIGNAL_HOUSE
    assert read.episodes[:3] == (
        ListedEpisode(
            1, 5, "The Lamplighter", datetime(2022, 10, 2, 20, tzinfo=UTC), aired=True, monitored=True, file_id=501
        ),
        ListedEpisode(1, 6, "Dead Air", datetime(2022, 10, 9, 20, tzinfo=UTC), aired=True, monitored=True, file_id=502),
        ListedEpisode(
            2, 1, "Cold Start", datetime(2026, 1, 11, 20, tzinfo=UTC), aired=True, monitored=True, file_id=None
        ),
    )
    assert len(read.episodes) == len(episodes)


def test_an_episode_has_aired_from_its_very_second_on() -> None:
    (series,) = rest("api-series.json")
    row = {"seasonNumber": 2, "episodeNumber": 1, "airDateUtc": "2026-03-15T12:00:00Z"}

    before = read_episodes(series, [row], AT - timedelta(seconds=1))
    after = read_episodes(series, [row], AT)

    assert [episode.aired for episode in before.episodes] == [False]
    assert [episode.aired for episode in after.episodes] == [True]


def test_an_undated_episode_has_not_aired_and_odd_rows_are_left_out() -> None:
    (series,) = rest("api-series.json")
    rows: list[object] = [{"seasonNumber": 0, "episodeNumber": 1}, {"seasonNumber": 1}, "odd", None]

    read = read_episodes(series, rows, AT)

    assert read.episodes == (ListedEpisode(0, 1, None, None, aired=False, monitored=False, file_id=None),)


def test_a_long_running_series_is_read_to_its_end() -> None:
    (series,) = rest("api-series.json")
    rows: list[object] = [{"seasonNumber": 1, "episodeNumber": number} for number in range(1, 7_001)]

    assert len(read_episodes(series, rows, AT).episodes) == 7_000


def test_the_list_says_whether_and_where_the_series_is_kept() -> None:
    (series,) = rest("api-series.json")

    read = read_episodes(series, [], AT)

    assert (read.monitored, read.path) == (True, "/tv/The Signal House")
    assert read_episodes(series | {"monitored": False}, [], AT).monitored is False
    assert read_episodes({"id": 7, "tvdbId": 9990101}, [], AT).monitored is True


def test_an_episode_says_when_it_was_last_searched_for() -> None:
    (series,) = rest("api-series.json")
    row = {"seasonNumber": 2, "episodeNumber": 1, "lastSearchTime": "2026-03-14T18:02:11Z"}

    (episode,) = read_episodes(series, [row], AT).episodes

    assert episode.searched_at == datetime(2026, 3, 14, 18, 2, 11, tzinfo=UTC)


def test_a_series_row_without_its_id_is_refused() -> None:
    with pytest.raises(UnusablePayloadError, match=r"^series\.id has to be a whole number above 0\.$"):
        read_episodes({"tvdbId": 9990101}, [], AT)

"""Titles as the REST of each of the two shows them."""

from __future__ import annotations

from typing import Any

from demo.calendar import WINDOW, Dates
from demo.clock import to_second
from demo.posters import Gallery
from demo.servarr import parts, rest, sonarr
from demo.servarr.arr import Arr
from demo.servarr.model import FILM_KEY, Entry, Key, MediaFile
from demo.titles import Episode

Row = dict[str, Any]


class MovieRows:
    """Radarr's films."""

    path, id_name, file_deleted, ignored = "movie", "movieId", ("movieFileDeleted", 6), 9

    def __init__(self, arr: Arr, gallery: Gallery) -> None:
        self._arr, self._gallery = arr, gallery

    def item(self, entry: Entry, key: Key) -> Row:
        """Say nothing more: a film is its only item."""
        return {}

    def listed(self, entry: Entry, key: Key) -> Row:
        """Say nothing more."""
        return {}

    def nested(self, entry: Entry, key: Key) -> dict[str, Row]:
        """Give the film."""
        return {"movie": _without(self.title(entry), "hasFile", "movieFile", "sizeOnDisk", "statistics")}

    def title(self, entry: Entry) -> Row:
        """Show a film."""
        title, file = entry.title, self._arr.file_of(entry, FILM_KEY)
        size, is_out = file.size if file else 0, self._arr.house.calendar.is_out(title)
        return {
            "title": title.title,
            "originalTitle": title.title,
            "originalLanguage": parts.LANGUAGE,
            "sortTitle": title.title.lower(),
            "sizeOnDisk": size,
            "status": "released" if is_out else "announced",
            "overview": title.overview,
            **_dates(self._arr.house.calendar.of(title)),
            "images": parts.images(title, entry.id, self._gallery),
            "year": title.year,
            "path": entry.folder,
            "qualityProfileId": 4,
            "hasFile": file is not None,
            "movieFileId": file.id if file else 0,
            "monitored": entry.monitored,
            "minimumAvailability": "released",
            "isAvailable": is_out,
            "folderName": entry.folder,
            "runtime": title.runtime,
            "imdbId": title.imdb_id,
            "tmdbId": title.tmdb_id,
            "titleSlug": str(title.tmdb_id),
            "rootFolderPath": entry.root,
            "genres": list(title.genres),
            "tags": [],
            "added": to_second(entry.added_at),
            "statistics": {"movieFileCount": int(file is not None), "sizeOnDisk": size, "releaseGroups": []},
            "id": entry.id,
            **_searched(entry, FILM_KEY),
            **self._file(entry, file),
        }

    def _file(self, entry: Entry, file: MediaFile | None) -> Row:
        if file is None:
            return {}
        return {"movieFile": {"movieId": entry.id, **rest.media_file(file)}}


class SeriesRows:
    """Sonarr's series and episodes."""

    path, id_name, file_deleted, ignored = "series", "seriesId", ("episodeFileDeleted", 5), 7

    def __init__(self, arr: Arr, gallery: Gallery) -> None:
        self._arr, self._gallery = arr, gallery

    def item(self, entry: Entry, key: Key) -> Row:
        """Name the episode."""
        return {"episodeId": sonarr.episode_id(entry, key)}

    def listed(self, entry: Entry, key: Key) -> Row:
        """Say whether it would be an upgrade."""
        return {"episodeHasFile": self._arr.file_of(entry, key) is not None}

    def nested(self, entry: Entry, key: Key) -> dict[str, Row]:
        """Give the series and the episode."""
        series, (episode,) = (
            _without(self.title(entry), "statistics", "rootFolderPath"),
            sonarr.episodes_of(entry, [key]),
        )
        seasons = [_without(season, "statistics") for season in series["seasons"]]
        return {"series": {**series, "seasons": seasons}, "episode": self.episode(entry, episode, with_file=False)}

    def title(self, entry: Entry) -> Row:
        """Show a series."""
        title = sonarr.series_of(entry)
        return {
            "title": title.title,
            "sortTitle": title.title.lower(),
            "status": "continuing",
            "ended": False,
            "overview": title.overview,
            "images": parts.images(title, entry.id, self._gallery),
            "originalLanguage": parts.LANGUAGE,
            "seasons": [self._season(entry, season) for season in title.seasons],
            "year": title.year,
            "path": entry.folder,
            "qualityProfileId": 4,
            "seasonFolder": True,
            "monitored": entry.monitored,
            "monitorNewItems": "all",
            "runtime": title.runtime,
            "tvdbId": title.tvdb_id,
            "tvMazeId": 0,
            "tmdbId": title.tmdb_id,
            "seriesType": "standard",
            "imdbId": title.imdb_id,
            "titleSlug": title.slug,
            "rootFolderPath": f"{entry.root}/",
            "genres": list(title.genres),
            "tags": [],
            "added": to_second(entry.added_at),
            "statistics": {"seasonCount": len(title.seasons), **self._statistics(entry, title.episodes)},
            "id": entry.id,
        }

    def _season(self, entry: Entry, season: int) -> Row:
        return {
            "seasonNumber": season,
            "monitored": season in entry.seasons,
            "statistics": self._statistics(entry, sonarr.series_of(entry).of(season)),
        }

    def _statistics(self, entry: Entry, episodes: tuple[Episode, ...]) -> Row:
        files = [file for episode in episodes if (file := self._arr.file_of(entry, episode.key))]
        due = set(entry.keys(self._arr.search.today)) & {episode.key for episode in episodes}
        due |= {key for file in files for key in file.keys}
        return {
            "episodeFileCount": len(files),
            "episodeCount": len(due),
            "totalEpisodeCount": len(episodes),
            "sizeOnDisk": sum(file.size for file in files),
            "releaseGroups": sorted({file.release.group for file in files}),
            "percentOfEpisodes": round(100 * len(files) / len(due), 1) if due else 0.0,
        }

    def episode(self, entry: Entry, episode: Episode, *, with_file: bool) -> Row:
        """Show an episode."""
        file, airs = self._arr.file_of(entry, episode.key), sonarr.air_at(self._arr.clock, episode)
        row = {
            "seriesId": entry.id,
            "tvdbId": 9991000 + episode.season * 100 + episode.number,
            "episodeFileId": file.id if file else 0,
            "seasonNumber": episode.season,
            "episodeNumber": episode.number,
            "title": episode.title,
            "airDate": f"{airs:%Y-%m-%d}",
            "airDateUtc": to_second(airs),
            "runtime": entry.title.runtime,
            "hasFile": file is not None,
            "monitored": entry.is_monitored(episode.key),
            "unverifiedSceneNumbering": False,
            "id": sonarr.episode_id(entry, episode.key),
            **_searched(entry, episode.key),
        }
        if file and with_file:
            row["episodeFile"] = rest.media_file(file)
        return row


def _dates(dates: Dates) -> Row:
    """Show the dates that are known."""
    known = {"digitalRelease": dates.digital, "physicalRelease": dates.physical}
    return {
        "inCinemas": to_second(dates.in_cinemas),
        "releaseDate": to_second(dates.physical or dates.in_cinemas + WINDOW),
        **{name: to_second(date) for name, date in known.items() if date},
    }


def _searched(entry: Entry, key: Key) -> Row:
    searched_at = entry.searched_at.get(key)
    return {"lastSearchTime": to_second(searched_at)} if searched_at else {}


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}

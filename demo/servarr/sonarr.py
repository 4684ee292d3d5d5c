"""Sonarr's dialect of webhooks, as of version 4."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from demo.clock import Clock, to_second
from demo.posters import Gallery
from demo.servarr import parts
from demo.servarr.arr import Event
from demo.servarr.model import Entry, Grab, Key, MediaFile, Release
from demo.titles import Episode, Film, Series


def folder_of(title: Film) -> str:
    """Give the folder of a series."""
    return f"/tv/{title.title}"


def series_of(entry: Entry) -> Series:
    """Give the series of an entry: Sonarr keeps nothing else."""
    if not isinstance(entry.title, Series):
        raise TypeError(f"{entry.title.title} is no series.")
    return entry.title


def episodes_of(entry: Entry, keys: Iterable[Key]) -> list[Episode]:
    """Give episodes by season and number."""
    wanted = set(keys)
    return [episode for episode in series_of(entry).episodes if episode.key in wanted]


def episode_id(entry: Entry, key: Key) -> int:
    """Give Sonarr's number of an episode."""
    return entry.id * 1000 + key[0] * 100 + key[1]


def air_at(clock: Clock, episode: Episode) -> datetime:
    """Give the time at which an episode airs."""
    first = clock.started_at.replace(hour=20, minute=0, second=0, microsecond=0)
    return first + timedelta(days=episode.airs - 1)


class SonarrWords:
    """Tells events as Sonarr does."""

    name = "Sonarr"
    triggers: tuple[str, ...] = (
        *("onGrab", "onDownload", "onUpgrade", "onImportComplete", "onRename", "onSeriesAdd", "onSeriesDelete"),
        *("onEpisodeFileDelete", "onEpisodeFileDeleteForUpgrade", "onHealthIssue", "includeHealthWarnings"),
        *("onHealthRestored", "onApplicationUpdate", "onManualInteractionRequired"),
    )

    def __init__(self, gallery: Gallery, clock: Clock) -> None:
        self._gallery, self._clock = gallery, clock

    def test(self) -> Event:
        """Tell that somebody pressed Test: of a series that does not exist."""
        series = {
            "id": 1,
            "title": "Test Title",
            "path": "C:\\testpath",
            "tvdbId": 1234,
            "tvMazeId": 0,
            "tmdbId": 0,
            "type": "standard",
            "year": 0,
            "tags": ["test-tag"],
        }
        numbers = {"id": 123, "episodeNumber": 1, "seasonNumber": 1, "seriesId": 0, "tvdbId": 0}
        episode = {**numbers, "title": "Test title"}
        return self._event((), "Test", {"series": series, "episodes": [episode]})

    def added(self, entry: Entry) -> Event:
        """Tell of a new series."""
        return self._event(("onSeriesAdd",), "SeriesAdd", {"series": self._series(entry)})

    def deleted(self, entry: Entry, files: list[MediaFile]) -> Event:
        """Tell that a series went together with its files."""
        body = {"series": self._series(entry), "deletedFiles": True}
        return self._event(("onSeriesDelete",), "SeriesDelete", body)

    def grabbed(self, grab: Grab) -> Event:
        """Tell of a grab: of a pack once, with all its episodes."""
        body = {
            **self._both(grab.entry, grab.release.keys),
            "release": parts.big_release(grab.release),
            **parts.client(grab),
            "customFormatInfo": parts.NO_FORMATS,
        }
        return self._event(("onGrab",), "Grab", body)

    def imported(self, grab: Grab, file: MediaFile, replaced: list[MediaFile]) -> Event:
        """Tell of one file."""
        folder = folder_of(grab.entry.title)
        old = [parts.recycled(gone, folder) for gone in replaced]
        body = {
            **self._both(grab.entry, file.keys),
            "episodeFile": {**parts.media_file(file, folder), **parts.source_path(file)},
            "isUpgrade": bool(replaced),
            **parts.client(grab),
            **({"deletedFiles": old} if old else {}),
            "customFormatInfo": parts.NO_FORMATS,
            "release": self._small_release(grab.release),
        }
        return self._event(("onDownload", "onUpgrade") if replaced else ("onDownload",), "Download", body)

    def completed(self, grab: Grab, files: list[MediaFile]) -> Event | None:
        """Tell that a whole download is imported: an event of the same kind, in other fields."""
        folder = folder_of(grab.entry.title)
        body = {
            **self._both(grab.entry, grab.release.keys),
            "episodeFiles": [parts.media_file(file, folder) for file in files],
            **parts.client(grab),
            "release": self._small_release(grab.release),
            "fileCount": len(files),
            "sourcePath": f"/downloads/{grab.release.title}",
            "destinationPath": f"{folder}/Season {grab.release.keys[0][0]:02}",
        }
        return self._event(("onImportComplete",), "Download", body)

    def file_deleted(self, file: MediaFile, reason: str) -> Event:
        """Tell that a file went."""
        body = {
            **self._both(file.entry, file.keys),
            "episodeFile": parts.media_file(file, folder_of(file.entry.title)),
            "deleteReason": reason,
        }
        more = ("onEpisodeFileDeleteForUpgrade",) if reason == "upgrade" else ()
        return self._event(("onEpisodeFileDelete", *more), "EpisodeFileDelete", body)

    def blocked(self, grab: Grab) -> Event:
        """Tell that a person is needed."""
        body = {
            **self._both(grab.entry, grab.release.keys),
            **parts.manual_interaction(grab),
            "release": self._small_release(grab.release),
        }
        return self._event(("onManualInteractionRequired",), "ManualInteractionRequired", body)

    def _event(self, triggers: tuple[str, ...], kind: str, body: dict[str, Any]) -> Event:
        return Event(triggers, {**body, "eventType": kind, **parts.common(self.name)})

    def _series(self, entry: Entry) -> dict[str, Any]:
        title = series_of(entry)
        return {
            "id": entry.id,
            "title": title.title,
            "titleSlug": title.slug,
            "path": folder_of(title),
            "tvdbId": title.tvdb_id,
            "tvMazeId": 0,
            "tmdbId": title.tmdb_id,
            "imdbId": title.imdb_id,
            "type": "standard",
            "year": title.year,
            "genres": list(title.genres),
            "images": parts.images(title, entry.id, self._gallery),
            "tags": [],
            "originalLanguage": parts.LANGUAGE,
        }

    def _both(self, entry: Entry, keys: Iterable[Key]) -> dict[str, Any]:
        episodes = [self._episode(entry, episode) for episode in episodes_of(entry, keys)]
        return {"series": self._series(entry), "episodes": episodes}

    def _episode(self, entry: Entry, episode: Episode) -> dict[str, Any]:
        airs = air_at(self._clock, episode)
        return {
            "id": episode_id(entry, episode.key),
            "episodeNumber": episode.number,
            "seasonNumber": episode.season,
            "title": episode.title,
            "overview": "",
            "airDate": f"{airs:%Y-%m-%d}",
            "airDateUtc": to_second(airs),
            "seriesId": entry.id,
            "tvdbId": 9991000 + episode.season * 100 + episode.number,
        }

    def _small_release(self, release: Release) -> dict[str, Any]:
        kind = "seasonPack" if len(release.keys) > 1 else "singleEpisode"
        return {**parts.small_release(release), "releaseType": kind}

"""Sonarr's dialect of webhooks, as of version 4."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from demo.clock import Clock, to_second
from demo.posters import Gallery
from demo.servarr import parts
from demo.servarr.model import Entry, Grab, Key, MediaFile
from demo.servarr.words import Event
from demo.titles import Episode, Series


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

    def __init__(self, gallery: Gallery, clock: Clock, instance: str = "") -> None:
        self._gallery, self._clock = gallery, clock
        self.instance_name = f"Sonarr {instance.upper()}".strip()
        self.category = f"sonarr-{instance}" if instance else "sonarr"
        self.root = f"/tv-{instance}" if instance else "/tv"

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

    def deleted(self, entry: Entry, files: list[MediaFile], *, with_files: bool) -> Event:
        """Tell that a series went, together with its files or without them."""
        body = {"series": self._series(entry), "deletedFiles": with_files}
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

    def imported(self, file: MediaFile, replaced: list[MediaFile], grab: Grab | None) -> Event:
        """Tell of one file."""
        old = [parts.recycled(gone) for gone in replaced]
        body = {
            **self._both(file.entry, file.keys),
            "episodeFile": {**parts.media_file(file), **parts.source_path(file)},
            "isUpgrade": bool(replaced),
            **parts.client(grab),
            **({"deletedFiles": old} if old else {}),
            "customFormatInfo": parts.NO_FORMATS,
            "release": self._small_release(grab),
        }
        return self._event(("onDownload", "onUpgrade") if replaced else ("onDownload",), "Download", body)

    def completed(self, files: list[MediaFile], grab: Grab | None) -> Event | None:
        """Tell that a whole download is imported: an event of the same kind, in other fields."""
        entry, keys = files[0].entry, grab.release.keys if grab else [key for file in files for key in file.keys]
        body = {
            **self._both(entry, keys),
            "episodeFiles": [parts.media_file(file) for file in files],
            **parts.client(grab),
            "release": self._small_release(grab),
            "fileCount": len(files),
            "sourcePath": f"/downloads/{files[0].release.title}",
            "destinationPath": f"{entry.folder}/Season {files[0].keys[0][0]:02}",
        }
        return self._event(("onImportComplete",), "Download", body)

    def scanned(self, files: list[MediaFile]) -> Event | None:
        """Tell that a season was imported where it lay; of its files nothing is told."""
        return self.completed(files, None)

    def file_deleted(self, file: MediaFile, reason: str) -> Event:
        """Tell that a file went."""
        body = {
            **self._both(file.entry, file.keys),
            "episodeFile": parts.media_file(file),
            "deleteReason": reason,
        }
        more = ("onEpisodeFileDeleteForUpgrade",) if reason == "upgrade" else ()
        return self._event(("onEpisodeFileDelete", *more), "EpisodeFileDelete", body)

    def blocked(self, grab: Grab) -> Event:
        """Tell that a person is needed."""
        body = {
            **self._both(grab.entry, grab.release.keys),
            **parts.manual_interaction(grab),
            "release": self._small_release(grab),
        }
        return self._event(("onManualInteractionRequired",), "ManualInteractionRequired", body)

    def _event(self, triggers: tuple[str, ...], kind: str, body: dict[str, Any]) -> Event:
        return Event(triggers, {**body, "eventType": kind, **parts.common(self.instance_name)})

    def _series(self, entry: Entry) -> dict[str, Any]:
        title = series_of(entry)
        return {
            "id": entry.id,
            "title": title.title,
            "titleSlug": title.slug,
            "path": entry.folder,
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

    def _small_release(self, grab: Grab | None) -> dict[str, Any]:
        if grab is None:
            return {"releaseType": "unknown"}
        kind = "seasonPack" if len(grab.release.keys) > 1 else "singleEpisode"
        return {**parts.small_release(grab.release), "releaseType": kind}

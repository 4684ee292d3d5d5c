"""Radarr's dialect of webhooks, as of version 6."""

from __future__ import annotations

from typing import Any

from demo.posters import Gallery
from demo.servarr import parts
from demo.servarr.arr import Event
from demo.servarr.model import Entry, Grab, MediaFile, Release
from demo.titles import Film


def folder_of(title: Film) -> str:
    """Give the folder of a film."""
    return f"/movies/{title.title} ({title.year})"


class RadarrWords:
    """Tells events as Radarr does."""

    name = "Radarr"
    triggers: tuple[str, ...] = (
        *("onGrab", "onDownload", "onUpgrade", "onRename", "onMovieAdded", "onMovieDelete", "onMovieFileDelete"),
        *("onMovieFileDeleteForUpgrade", "onHealthIssue", "includeHealthWarnings", "onHealthRestored"),
        *("onApplicationUpdate", "onManualInteractionRequired"),
    )

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery

    def test(self) -> Event:
        """Tell that somebody pressed Test: of a film that does not exist."""
        movie = {
            "id": 1,
            "title": "Test Title",
            "year": 1970,
            "releaseDate": "1970-01-01",
            "folderPath": "C:\\testpath",
            "tmdbId": 0,
            "tags": ["test-tag"],
        }
        release = {
            "quality": "Test Quality",
            "qualityVersion": 1,
            "releaseGroup": "Test Group",
            "releaseTitle": "Test Title",
            "indexer": "Test Indexer",
            "size": 9999999,
            "customFormatScore": 0,
        }
        remote = {"tmdbId": 1234, "imdbId": "5678", "title": "Test title", "year": 1970}
        return self._event((), "Test", {"movie": movie, "remoteMovie": remote, "release": release})

    def added(self, entry: Entry) -> Event:
        """Tell of a new film."""
        body = {"movie": self._movie(entry), "addMethod": "manual"}
        return self._event(("onMovieAdded",), "MovieAdded", body)

    def deleted(self, entry: Entry, files: list[MediaFile]) -> Event:
        """Tell that a film went together with its files."""
        size = sum(file.size for file in files)
        body = {"movie": self._movie(entry), "deletedFiles": True, "movieFolderSize": size}
        return self._event(("onMovieDelete",), "MovieDelete", body)

    def grabbed(self, grab: Grab) -> Event:
        """Tell of a grab."""
        body = {
            **self._both(grab.entry),
            "release": {**parts.big_release(grab.release), "indexerFlags": []},
            **parts.client(grab),
            "customFormatInfo": parts.NO_FORMATS,
        }
        return self._event(("onGrab",), "Grab", body)

    def imported(self, grab: Grab, file: MediaFile, replaced: list[MediaFile]) -> Event:
        """Tell of a file, and of those that it took the place of."""
        folder = folder_of(grab.entry.title)
        old = [{**parts.recycled(gone, folder), "indexerFlags": "0"} for gone in replaced]
        body = {
            **self._both(grab.entry),
            "movieFile": {**self._file(file), **parts.source_path(file)},
            "isUpgrade": bool(replaced),
            **parts.client(grab),
            **({"deletedFiles": old} if old else {}),
            "customFormatInfo": parts.NO_FORMATS,
            "release": self._small_release(grab.release),
        }
        return self._event(("onDownload", "onUpgrade") if replaced else ("onDownload",), "Download", body)

    def completed(self, grab: Grab, files: list[MediaFile]) -> Event | None:
        """Keep silent: Radarr has no such event."""
        return None

    def file_deleted(self, file: MediaFile, reason: str) -> Event:
        """Tell that a file went."""
        body = {"movie": self._movie(file.entry), "movieFile": self._file(file), "deleteReason": reason}
        more = ("onMovieFileDeleteForUpgrade",) if reason == "upgrade" else ()
        return self._event(("onMovieFileDelete", *more), "MovieFileDelete", body)

    def blocked(self, grab: Grab) -> Event:
        """Tell that a person is needed."""
        body = {
            "movie": self._movie(grab.entry),
            **parts.manual_interaction(grab),
            "release": self._small_release(grab.release),
        }
        return self._event(("onManualInteractionRequired",), "ManualInteractionRequired", body)

    def _event(self, triggers: tuple[str, ...], kind: str, body: dict[str, Any]) -> Event:
        return Event(triggers, {**body, "eventType": kind, **parts.common(self.name)})

    def _movie(self, entry: Entry) -> dict[str, Any]:
        title = entry.title
        return {
            "id": entry.id,
            "title": title.title,
            "year": title.year,
            "releaseDate": f"{title.year}-10-04",
            "folderPath": folder_of(title),
            "tmdbId": title.tmdb_id,
            "imdbId": title.imdb_id,
            "overview": title.overview,
            "genres": list(title.genres),
            "images": parts.images(title, entry.id, self._gallery),
            "tags": [],
            "originalLanguage": parts.LANGUAGE,
        }

    def _both(self, entry: Entry) -> dict[str, Any]:
        title = entry.title
        remote = {"tmdbId": title.tmdb_id, "imdbId": title.imdb_id, "title": title.title, "year": title.year}
        return {"movie": self._movie(entry), "remoteMovie": remote}

    def _file(self, file: MediaFile) -> dict[str, Any]:
        return {**parts.media_file(file, folder_of(file.entry.title)), "indexerFlags": "0"}

    def _small_release(self, release: Release) -> dict[str, Any]:
        return {**parts.small_release(release), "indexerFlags": []}

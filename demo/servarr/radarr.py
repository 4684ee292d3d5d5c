"""Radarr's dialect of webhooks, as of version 6."""

from __future__ import annotations

from typing import Any

from demo.calendar import WINDOW, Calendar
from demo.posters import Gallery
from demo.servarr import parts
from demo.servarr.model import Entry, Grab, MediaFile, Release
from demo.servarr.words import Event


class RadarrWords:
    """Tells events as Radarr does."""

    name = "Radarr"
    triggers: tuple[str, ...] = (
        *("onGrab", "onDownload", "onUpgrade", "onRename", "onMovieAdded", "onMovieDelete", "onMovieFileDelete"),
        *("onMovieFileDeleteForUpgrade", "onHealthIssue", "includeHealthWarnings", "onHealthRestored"),
        *("onApplicationUpdate", "onManualInteractionRequired"),
    )

    def __init__(self, gallery: Gallery, calendar: Calendar, instance: str = "") -> None:
        self._gallery, self._calendar = gallery, calendar
        self.instance_name = f"Radarr {instance.upper()}".strip()
        self.category = f"radarr-{instance}" if instance else "radarr"
        self.root = f"/movies-{instance}" if instance else "/movies"

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

    def deleted(self, entry: Entry, files: list[MediaFile], *, with_files: bool) -> Event:
        """Tell that a film went, together with its files or without them."""
        size = sum(file.size for file in files) if with_files else 0
        body = {"movie": self._movie(entry), "deletedFiles": with_files, "movieFolderSize": size}
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

    def imported(self, file: MediaFile, replaced: list[MediaFile], grab: Grab | None) -> Event:
        """Tell of a file, and of those that it took the place of."""
        old = [{**parts.recycled(gone), "indexerFlags": "0"} for gone in replaced]
        body = {
            **self._both(file.entry),
            "movieFile": {**self._file(file), **parts.source_path(file)},
            "isUpgrade": bool(replaced),
            **parts.client(grab),
            **({"deletedFiles": old} if old else {}),
            "customFormatInfo": parts.NO_FORMATS,
            "release": self._small_release(grab.release) if grab else {"size": 0, "indexerFlags": []},
        }
        return self._event(("onDownload", "onUpgrade") if replaced else ("onDownload",), "Download", body)

    def completed(self, files: list[MediaFile], grab: Grab | None) -> Event | None:
        """Keep silent: Radarr has no such event."""
        return None

    def scanned(self, files: list[MediaFile]) -> Event | None:
        """Keep silent."""
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
        return Event(triggers, {**body, "eventType": kind, **parts.common(self.instance_name)})

    def _movie(self, entry: Entry) -> dict[str, Any]:
        title, dates = entry.title, self._calendar.of(entry.title)
        return {
            "id": entry.id,
            "title": title.title,
            "year": title.year,
            "releaseDate": f"{dates.physical or dates.in_cinemas + WINDOW:%Y-%m-%d}",
            "folderPath": entry.folder,
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
        return {**parts.media_file(file), "indexerFlags": "0"}

    def _small_release(self, release: Release) -> dict[str, Any]:
        return {**parts.small_release(release), "indexerFlags": []}

"""All that runs beside the requests: started after the worker has booted, stopped before it leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import gevent
from flask import Flask
from sqlalchemy.orm import Session

from flaskapp.clients.jellyfin import JellyfinClient
from flaskapp.clients.poster import PosterClient
from flaskapp.clients.qbittorrent import QbittorrentClient
from flaskapp.clients.radarr import RadarrClient
from flaskapp.clients.seerr import SeerrClient
from flaskapp.clients.sonarr import SonarrClient
from flaskapp.config import Settings, Upstream
from flaskapp.deliveries import Deliveries
from flaskapp.domain.observation import Observation
from flaskapp.domain.origin import Origin
from flaskapp.extensions import db
from flaskapp.models.open_questions import (
    listed_requests,
    open_downloads,
    open_films,
    open_library_items,
    open_posters,
    open_series,
    open_titles,
    unshown,
)
from flaskapp.pipeline import Pipeline
from flaskapp.polling.arrivals import Arrivals, Unshown
from flaskapp.polling.entries import OpenEntry
from flaskapp.polling.episode_lists import EpisodeLists
from flaskapp.polling.films import Films
from flaskapp.polling.library_items import LibraryItems, OpenLibraryItem
from flaskapp.polling.loop import Loop, Step
from flaskapp.polling.missing import TrackedDownload
from flaskapp.polling.outlet import Outlet
from flaskapp.polling.poller import Poller
from flaskapp.polling.posters import OpenPoster, Posters
from flaskapp.polling.reconciler import Reading, Reconciler
from flaskapp.polling.seerr_requests import SeerrRequests
from flaskapp.polling.titles import OpenTitle, Titles
from flaskapp.signals import Signals

Answer = TypeVar("Answer")
REDELIVERY = 60.0
"""Seconds between two looks for webhooks that were kept and not applied."""


class Background:
    """The loops of one app."""

    def __init__(self, app: Flask, settings: Settings, signals: Signals) -> None:
        self._app, self._settings, self._signals = app, settings, signals
        self._outlet = Outlet(self._ingest, signals, self._refresh)
        self._loops = [Loop(name, step, signals) for name, step in self._steps().items()]

    def start(self) -> None:
        """Find the place of the database in the stream, then let every loop run in a greenlet of its own."""
        with self._app.app_context():
            self._app.extensions["announcer"].open()
        for loop in self._loops:
            self._signals.ticked(loop.name, datetime.now(UTC))  # so that one which hangs in its first step is missed
            gevent.spawn(loop.run)

    def stop(self) -> None:
        """Let every loop end after the step it is in."""
        for loop in self._loops:
            loop.stop()

    def _steps(self) -> dict[str, Step]:
        settings = self._settings
        steps: dict[str, Step] = {
            "deliveries": self._redeliver,
            "reconciler": Reconciler(self._readings()).tick,
            "posters": self._posters().tick,
        }
        if settings.qbittorrent_url:
            client = QbittorrentClient(
                settings.qbittorrent_url, settings.qbittorrent_username, settings.qbittorrent_password
            )
            steps["poller"] = Poller(client, self._tracked, self._outlet, settings.poll_interval).tick
        return steps

    def _readings(self) -> Sequence[Reading]:
        readings = [self._reading_of(upstream) for upstream in self._settings.upstreams()]
        if self._settings.seerr_url:
            seerr = SeerrClient(self._settings.seerr_url, self._settings.seerr_api_key)
            history = timedelta(days=self._settings.history_days)
            readings.append(SeerrRequests(seerr, lambda: self._read(listed_requests), self._outlet, history))
            readings.append(Titles(seerr, self._titles, self._outlet))
        if self._settings.jellyfin_url:
            client = JellyfinClient(self._settings.jellyfin_url, self._settings.jellyfin_api_key)
            readings.append(LibraryItems(client, self._library_items, self._outlet))
            readings.append(Arrivals(client, self._unshown, self._outlet))
        return readings

    def _reading_of(self, upstream: Upstream) -> Reading:
        if upstream.source == "radarr":
            radarr = RadarrClient(upstream.name, upstream.url, upstream.api_key)
            return Films(upstream, radarr, self._entries_of(upstream, open_films), self._outlet)
        sonarr = SonarrClient(upstream.name, upstream.url, upstream.api_key)
        return EpisodeLists(upstream, sonarr, self._entries_of(upstream, open_series), self._outlet)

    def _posters(self) -> Posters:
        settings = self._settings
        urls = [settings.seerr_url, settings.jellyfin_url, *(upstream.url for upstream in settings.upstreams())]
        return Posters(
            PosterClient(url for url in urls if url), self._open_posters, self._outlet, settings.data_dir / "posters"
        )

    def _ingest(self, observations: Sequence[Observation], origin: Origin) -> None:
        pipeline: Pipeline = self._app.extensions["pipeline"]
        with self._app.app_context():
            pipeline.ingest(observations, origin)

    def _refresh(self) -> None:
        pipeline: Pipeline = self._app.extensions["pipeline"]
        pipeline.refresh("service")

    def _redeliver(self, now: datetime) -> float:
        deliveries: Deliveries = self._app.extensions["deliveries"]
        with self._app.app_context():
            deliveries.retry(now)
            deliveries.prune(now)
        return REDELIVERY

    def _read(self, query: Callable[[Session], Answer]) -> Answer:
        with self._app.app_context(), Session(db.engine) as session:
            return query(session)

    def _tracked(self) -> Sequence[TrackedDownload]:
        return self._read(
            lambda session: [
                TrackedDownload(row.id, tuple(alias.value for alias in row.aliases), row.stage is not None)
                for row in open_downloads(session)
            ]
        )

    def _entries_of(
        self, upstream: Upstream, query: Callable[..., Sequence[tuple[int, datetime]]]
    ) -> Callable[[], Sequence[OpenEntry]]:
        return lambda: self._read(lambda session: [OpenEntry(*row) for row in query(session, is_4k=upstream.is_4k)])

    def _library_items(self) -> Sequence[OpenLibraryItem]:
        return self._read(
            lambda session: [
                OpenLibraryItem(row.item_id, row.series_id, row.added_at)
                for row in open_library_items(session)
                if row.added_at
            ]
        )

    def _unshown(self) -> Sequence[Unshown]:
        return self._read(lambda session: [Unshown(*row) for row in unshown(session)])

    def _titles(self) -> Sequence[OpenTitle]:
        return self._read(lambda session: [OpenTitle(*row) for row in open_titles(session)])

    def _open_posters(self) -> Sequence[OpenPoster]:
        return self._read(lambda session: [OpenPoster(*row) for row in open_posters(session)])

"""qBittorrent: ask for what we follow, hand on what is new, wait, back off."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from flaskapp.clients.http import ClientError
from flaskapp.domain.observation import DownloadGone, DownloadPolled, Observation
from flaskapp.polling.backoff import Attempts, Patience
from flaskapp.polling.measurements import Measurements
from flaskapp.polling.missing import Missing, TrackedDownload
from flaskapp.polling.outlet import Outlet, origin_of
from flaskapp.polling.pace import Pace
from flaskapp.polling.torrents import Torrents
from flaskapp.polling.whereabouts import Whereabouts
from flaskapp.sources.qbittorrent import ids_of, parse
from flaskapp.upstreams import Upstream

logger = logging.getLogger(__name__)

UNWATCHED = 30.0
"""Seconds between two looks while nobody watches."""
IDLE = 60.0
"""Seconds between two signs of life while nothing is followed."""


class TorrentClient(Protocol):
    """What the poller needs of qBittorrent."""

    def version(self) -> str:
        """Give a sign of life."""

    def torrents(self, ids: Sequence[str]) -> list[dict[str, object]]:
        """Give the torrents with these ids."""

    def all_torrents(self) -> list[dict[str, object]]:
        """Give every torrent."""


class Poller:
    """Asks one qBittorrent about all open downloads; ``interval`` is POLL_INTERVAL.

    The pollers of a board share ``whereabouts``, where each tells what its client has.
    """

    def __init__(
        self,
        upstream: Upstream,
        client: TorrentClient,
        whereabouts: Whereabouts,
        outlet: Outlet,
        interval: float,
    ) -> None:
        self._upstream, self._client, self._outlet, self._interval = upstream, client, outlet, interval
        self._whereabouts, self._followed = whereabouts, whereabouts.followed
        self._attempts = Attempts(Patience(first=interval, longest=max(IDLE, interval)))
        self._torrents, self._measurements, self._missing = Torrents(), Measurements(), Missing()
        self._pace = Pace(outlet.signals)

    def tick(self, now: datetime) -> float:
        """Ask once, unless it is too early; give the seconds until the next time."""
        early = max(self._attempts.wait(self._upstream.name, now), self._pace.left(self._interval, now))
        if early > 0:
            return early
        tracked = self._followed.at(now)
        early = 0.0 if tracked else self._pace.left(IDLE, now)
        if early > 0:
            return min(early, self._followed.left(now))
        self._pace.done(now)
        try:
            with self._outlet.asking(self._upstream.name, now):
                torrents = self._ask(tracked)
        except ClientError as error:
            self._whereabouts.fell_silent(self._upstream.name)
            pause = self._attempts.fail(self._upstream.name, now)
            logger.warning("%s We ask again in %.0f s.", error, pause)
            return pause
        self._attempts.succeed(self._upstream.name)
        self._follow(tracked, torrents, now)
        return min(self._pause(tracked), self._followed.left(now))

    def _ask(self, tracked: Sequence[TrackedDownload]) -> list[dict[str, object]]:
        if not tracked:
            self._client.version()
            return []
        return self._client.torrents([id_ for download in tracked for id_ in download.aliases])

    def _follow(self, tracked: Sequence[TrackedDownload], torrents: list[dict[str, object]], now: datetime) -> None:
        name, followed = self._upstream.name, {id_: download for download in tracked for id_ in download.aliases}
        # Servers before 4.1.1 know no filter by ids.
        polled = [each for each in self._torrents.read(torrents, now) if _whose(each, followed)]
        has = self._take(polled, followed, now)
        absent = [download for download in tracked if download.pk not in has]
        self._missing.note([each for each in absent if self._whereabouts.is_missing(name, each)])
        if self._missing.is_look_due(now):
            found = self._look(now)
            polled += found
            has |= self._take(found, followed, now)
        self._measurements.keep_only({each.download_id for each in polled})
        self._whereabouts.answered(name, {each.pk for each in tracked}, has, self._missing.lost())
        gone = self._whereabouts.gone(tracked)
        self._ingest([DownloadGone(seen_at=now, download_id=each.aliases[0]) for each in gone], now)

    def _look(self, now: datetime) -> list[DownloadPolled]:
        """Go through the whole list for what is missing: it may have another id by now."""
        self._missing.looked(now)
        try:
            torrents = self._client.all_torrents()
        except ClientError as error:
            logger.warning("%s The look for missing downloads has to wait.", error)
            return []
        wanted = self._missing.wanted()
        found = list(parse([torrent for torrent in torrents if wanted.intersection(ids_of(torrent))], now))
        self._missing.found({id_ for each in found for id_ in (each.download_id, *each.aliases)})
        return found

    def _take(
        self, polled: Sequence[DownloadPolled], followed: Mapping[str, TrackedDownload], now: datetime
    ) -> set[int]:
        """Hand on what is said of downloads for which this client speaks; give our numbers of all that it has."""
        has, own = set[int](), []
        for each in polled:
            downloads = _whose(each, followed)
            has.update(download.pk for download in downloads)
            if any(self._whereabouts.speaks(self._upstream.name, download) for download in downloads):
                own.append(each)
        self._hand_over(own, now)
        return has

    def _hand_over(self, polled: Sequence[DownloadPolled], now: datetime) -> None:
        due = [each for each in polled if not self._measurements.is_settled(each, now)]
        judged = [self._measurements.judge(replace(each, seen_at=now, client=self._upstream.name)) for each in due]
        news = [each for each in judged if self._measurements.is_news(each)]
        self._ingest(news, now)
        self._measurements.keep(news)
        self._measurements.settle(due)

    def _ingest(self, observations: Sequence[Observation], now: datetime) -> None:
        if observations:
            self._outlet.ingest_in_turns(observations, origin_of(self._upstream, now))

    def _pause(self, tracked: Sequence[TrackedDownload]) -> float:
        if not tracked:
            return max(IDLE, self._interval)
        return self._interval if self._outlet.signals.watched() else max(UNWATCHED, self._interval)


def _whose(polled: DownloadPolled, followed: Mapping[str, TrackedDownload]) -> list[TrackedDownload]:
    """Give what we follow of a torrent: mostly one; none when nobody asked for it."""
    return [followed[id_] for id_ in (polled.download_id, *polled.aliases) if id_ in followed]

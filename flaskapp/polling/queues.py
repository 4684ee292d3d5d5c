"""What one Radarr or Sonarr has on the way: of usenet and other clients nobody else tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from flaskapp.domain.house import CauseKind
from flaskapp.domain.observation import EntryRef, Observation
from flaskapp.domain.queue import DownloadDropped, DownloadListed, Dropping, ReleasesHeld
from flaskapp.polling.absences import Absences, OpenGrab
from flaskapp.polling.outlet import Outlet, origin_of
from flaskapp.polling.pace import Pace
from flaskapp.sources.servarr_health import read_causes, started_at
from flaskapp.upstreams import Upstream

PACE, BUSY_PACE = 60.0, 15.0
"""Seconds between two looks, and while something is on the way. The queue is a picture, taken anew once a minute."""
REPEAT = timedelta(minutes=1)
"""What did not change is said again after this time, so that a card can tell how old its numbers are."""
WARM_UP = timedelta(minutes=5)
"""A queue is empty at first after a start."""

ReadQueue = Callable[[Sequence[dict[str, object]], datetime], tuple[tuple[DownloadListed, ...], ReleasesHeld]]


class QueueClient(Protocol):
    """What is needed of Radarr or Sonarr."""

    def queue(self) -> list[dict[str, object]]:
        """Give the whole queue."""

    def health(self) -> list[dict[str, object]]:
        """Give what it finds wrong with itself."""

    def status(self) -> dict[str, object]:
        """Give what it is and when it was started."""


class Queue:
    """Reads the queue of one Radarr or Sonarr. ``grabs()`` are the open downloads that we know of it."""

    def __init__(
        self,
        upstream: Upstream,
        client: QueueClient,
        read: ReadQueue,
        grabs: Callable[[], Sequence[OpenGrab]],
        outlet: Outlet,
    ) -> None:
        self._upstream, self._client, self._read, self._grabs, self._outlet = upstream, client, read, grabs, outlet
        self._pace, self._absences = Pace(outlet.signals, upstream.source), Absences()
        self._handed: dict[str, DownloadListed] = {}
        self._held: ReleasesHeld | None = None

    def tick(self, now: datetime) -> float:
        """Look when it is time; give the seconds until the next look."""
        grabs = self._grabs()
        pace = BUSY_PACE if grabs or self._handed else PACE
        early = self._pace.left(pace, now)
        if early > 0:
            return early
        with self._outlet.asking(self._upstream.name, now):
            rows = self._client.queue()
        listed, held = self._read(rows, now)
        self._pace.done(now)
        self._hand_on(listed, held, now)
        listed_ids = {each.download_id for each in listed}
        self._absences.note([grab for grab in grabs if listed_ids.isdisjoint(grab.aliases)], now)
        if self._absences.is_any_proven(now):
            self._drop(now)
        return BUSY_PACE if grabs or listed else PACE

    def _hand_on(self, listed: Sequence[DownloadListed], held: ReleasesHeld, now: datetime) -> None:
        news: list[Observation] = [each for each in listed if self._is_news(each)]
        if self._held is None or self._held.held != held.held:
            news.append(held)
        if news:
            self._ingest(news, now)
        kept = {each.download_id: self._handed.get(each.download_id, each) for each in listed}
        self._handed = kept | {each.download_id: each for each in news if isinstance(each, DownloadListed)}
        self._held = held

    def _is_news(self, listed: DownloadListed) -> bool:
        before = self._handed.get(listed.download_id)
        if before is None or listed.seen_at - before.seen_at >= REPEAT:
            return True
        return replace(listed, seen_at=before.seen_at) != before

    def _drop(self, now: datetime) -> None:
        """Give up what the queue lacks for long, unless its absence has another reason."""
        with self._outlet.asking(self._upstream.name, now):
            is_blind = CauseKind.CLIENT_UNREACHABLE in read_causes(self._client.health())
            begun = started_at(self._client.status())
        if is_blind or begun is None or not now - begun >= WARM_UP:
            self._absences.forget()
            return
        dropped = [
            DownloadDropped(
                seen_at=now,
                entry=EntryRef(grab.entry_id, grab.media),
                items=(),
                download_id=grab.aliases[0],
                why=Dropping.REMOVED,
            )
            for grab in self._absences.proven(now)
        ]
        self._ingest(dropped, now)

    def _ingest(self, observations: Sequence[Observation], now: datetime) -> None:
        self._outlet.ingest_in_turns(observations, origin_of(self._upstream, now))

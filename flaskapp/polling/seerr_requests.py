"""What a Seerr has: requests from before we came, decisions whose webhook was lost, deletions that send none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from flaskapp.domain.observation import Word
from flaskapp.domain.reading import RequestGone, RequestRead
from flaskapp.polling.outlet import Outlet, origin_of
from flaskapp.polling.pace import Pace
from flaskapp.sources.seerr import read_request
from flaskapp.upstreams import Upstream

PACE = 60.0
"""Seconds between two passes: Seerr looks at its own sources no more often."""
MOST_PAGES = 1000


class RequestsClient(Protocol):
    """What is needed of Seerr."""

    def requests(self, skip: int) -> tuple[list[dict[str, object]], int]:
        """Give one page of requests and how many there are."""

    def has_request(self, number: int) -> bool:
        """Tell whether a request exists."""


class SeerrRequests:
    """Reads all requests of one Seerr, one pass at a time. ``known()`` gives those numbers of it we have cards for."""

    def __init__(
        self,
        upstream: Upstream,
        client: RequestsClient,
        known: Callable[[], set[int]],
        outlet: Outlet,
        history: timedelta,
    ) -> None:
        self._upstream, self._client, self._known = upstream, client, known
        self._outlet, self._history = outlet, history
        self._pace = Pace(outlet.signals, "seerr")
        self._suspects: set[int] = set()
        self._handed_on: dict[int, RequestRead] = {}

    def tick(self, now: datetime) -> float:
        """Make a pass when it is time; give the seconds until the next."""
        early = self._pace.left(PACE, now)
        if early > 0:
            return early
        self._pass(now)
        self._pace.done(now)
        return PACE

    def _pass(self, now: datetime) -> None:
        known, listed = self._known(), set[int]()
        if self._pace.was_called():
            self._handed_on.clear()  # what was told since may have to be corrected
        for page in self._pages(now):
            listed.update(each.seerr_request_id for each in page)
            news = [each for each in page if self._is_news(each)]
            wanted = [each for each in news if each.seerr_request_id in known or self._is_recent(each, now)]
            if wanted:
                self._outlet.ingest(wanted, origin_of(self._upstream, now))
            self._handed_on.update({each.seerr_request_id: each for each in news})
        # One that is missing now would be news if it came back.
        self._handed_on = {number: self._handed_on[number] for number in listed & self._handed_on.keys()}
        self._doubt(known - listed, now)

    def _is_news(self, read: RequestRead) -> bool:
        """Tell whether a request reads otherwise than last time: a quiet pass costs the record nothing."""
        last = self._handed_on.get(read.seerr_request_id)
        return last is None or replace(read, seen_at=last.seen_at, asked_at=last.asked_at) != last

    def _pages(self, now: datetime) -> Iterator[list[RequestRead]]:
        skip = 0
        for _ in range(MOST_PAGES):
            with self._outlet.asking(self._upstream.name, now):
                rows, total = self._client.requests(skip)
            yield [read for row in rows if (read := read_request(row, now))]
            skip += len(rows)
            if not rows or skip >= total:
                return

    def _is_recent(self, read: RequestRead, now: datetime) -> bool:
        """Tell whether an unknown request is worth a card: open, or not over for long."""
        is_over = read.completed or read.word is Word.DECLINED
        return not is_over or read.asked_at >= now - self._history

    def _doubt(self, missing: set[int], now: datetime) -> None:
        """Take a request for deleted when two passes miss it and Seerr denies it: its list leaves some out."""
        if not missing:
            self._suspects = set()
            return
        with self._outlet.asking(self._upstream.name, now):
            denied = {number for number in sorted(missing) if not self._client.has_request(number)}
        gone = denied & self._suspects
        self._suspects = denied - gone
        if gone:
            ended = [RequestGone(seen_at=now, seerr_request_id=number) for number in sorted(gone)]
            self._outlet.ingest(ended, origin_of(self._upstream, now))

"""Where the loops take what they learn: observations to the record, the fate of an exchange to the health page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import gevent

from flaskapp.clients.http import ClientError
from flaskapp.domain.observation import Observation
from flaskapp.domain.origin import Origin
from flaskapp.signals import Signals
from flaskapp.upstreams import Upstream


def origin_of(upstream: Upstream, now: datetime) -> Origin:
    """Speak for one service."""
    return Origin(upstream.source, upstream.instance, upstream.is_4k, now)


Ingest = Callable[[Sequence[Observation], Origin], object]
"""The door to the record; it opens the application context, which loops need for nothing else but checkups."""

TURN = 40
"""Observations in one transaction. So many polls that only move numbers take some 5 ms, in which every stream waits; if
each brought something new, some 30 ms."""


@dataclass(frozen=True)
class Outlet:
    """What every loop needs besides its client."""

    ingest: Ingest
    signals: Signals
    on_turn: Callable[[], object] = bool
    """Called when an upstream goes away or comes back: open boards have to say so."""

    def ingest_in_turns(self, observations: Sequence[Observation], origin: Origin) -> None:
        """Hand on many observations that have nothing to do with each other, and let others work in between."""
        for start in range(0, len(observations), TURN):
            self.ingest(observations[start : start + TURN], origin)
            gevent.sleep(0)

    @contextmanager
    def asking(self, upstream: str, now: datetime) -> Iterator[None]:
        """Note how an exchange with an upstream went; its truth is as old as its beginning."""
        was_down, started = self.signals.is_down(upstream), time.monotonic()
        try:
            yield
        except ClientError as error:
            self.signals.missed(upstream, now, str(error))
            raise
        else:
            self.signals.reached(upstream, now, time.monotonic() - started)
        finally:
            if self.signals.is_down(upstream) is not was_down:
                self.on_turn()

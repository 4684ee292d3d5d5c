"""All that runs beside the requests: started after the worker has booted, stopped before it leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import gevent
from flask import Flask
from sqlalchemy.orm import Session

from flaskapp.access.open_streams import OpenStreams
from flaskapp.clients.poster import PosterClient
from flaskapp.config import Settings
from flaskapp.deliveries import Deliveries
from flaskapp.domain.house import CauseKind, CausesRead
from flaskapp.domain.observation import Observation
from flaskapp.domain.origin import Origin
from flaskapp.extensions import db, is_shared
from flaskapp.models.open_questions import open_posters
from flaskapp.models.service_questions import due_looks, seeing_upstreams
from flaskapp.pipeline import Pipeline
from flaskapp.polling.clock import Clock
from flaskapp.polling.lease import RENEW_EVERY, Keeper, LeaseLostError, refuse_after
from flaskapp.polling.loop import Loop, Step
from flaskapp.polling.outlet import Outlet
from flaskapp.polling.pace import Pace
from flaskapp.polling.posters import OpenPoster, Posters
from flaskapp.polling.readings import Readings
from flaskapp.polling.reconciler import Reconciler
from flaskapp.signals import Signals
from flaskapp.upstreams import Upstream, Upstreams

Answer = TypeVar("Answer")
PATIENCE = 70.0
"""Seconds that the step of a loop may take until its successor begins beside it; no question lasts longer."""
LOOK_AROUND = 1.0
"""Seconds after which this process sees at the latest what another one changed."""
STEP = 1.0
"""Seconds that the step of a loop may take until the lease is let go all the same."""
KEEP_HOUSE = 60.0
"""Seconds between two looks for webhooks that were kept and not applied, and for what nobody will take back."""


class Background:
    """The loops of one app: one for each service, so that a slow one holds up no other.

    Where other processes serve the same board, they run only while this one holds the lease.
    """

    def __init__(self, app: Flask, settings: Settings, signals: Signals, upstreams: Upstreams) -> None:
        self._app, self._settings, self._signals, self._upstreams = app, settings, signals, upstreams
        self._term: int | None = None
        self._known: tuple[Upstream, ...] = ()
        self._keeper = Keeper(app, self._begin, self._end) if is_shared(settings.database_url) else None
        # Every process has streams of its own; no webhook hurries this loop, and nobody waits for it.
        self._doorkeeper = Loop("doorkeeper", self._look_around, Signals())
        self._loops: tuple[Loop, ...] = ()
        self._greenlets: dict[str, gevent.Greenlet[..., None]] = {}

    @property
    def loops(self) -> tuple[Loop, ...]:
        """Give the loops, made when they are first needed: who only builds an app may have no database yet."""
        if not self._loops:
            self._make_loops(self._upstreams_now())
        return self._loops

    def start(self) -> None:
        """Find the place of the database in the stream, then let every loop run in a greenlet of its own."""
        with self._app.app_context():
            self._app.extensions["announcer"].open()
        self._app.extensions["transport"].start()
        gevent.spawn(self._doorkeeper.run)
        if self._keeper is None:
            self._begin(None)
        else:
            self._signals.is_asking = False
            gevent.spawn(self._keeper.run)

    def _begin(self, term: int | None) -> None:
        upstreams = self._upstreams_now()
        self._signals.is_asking, self._term = True, term
        self._make_loops(upstreams)
        self._run_loops()

    def _follow(self) -> None:
        """Ask the services that there are now."""
        upstreams = self._upstreams_now()
        if upstreams == self._known:
            return
        self._make_loops(upstreams)
        if self._signals.is_asking:
            self._run_loops()

    def _make_loops(self, upstreams: tuple[Upstream, ...]) -> None:
        """Put loops that remember nothing in the place of those there are: another process may have asked in between.

        Neither this nor ``_run_loops`` waits for anything, so the lease and the services can't change meanwhile.
        """
        self._stop_loops()
        self._known, self._housekeeping = upstreams, Pace(self._signals)
        steps = self._steps(Outlet(partial(self._ingest, self._term), self._signals, self._refresh))
        self._loops = tuple(Loop(name, self._gated(step, self._term), self._signals) for name, step in steps.items())
        self._signals.keep_only(steps.keys())

    def _run_loops(self) -> None:
        for loop in self._loops:
            self._signals.ticked(loop.name, datetime.now(UTC))  # so that one which hangs in its first step is missed
            before = self._greenlets.get(loop.name)
            self._greenlets[loop.name] = gevent.spawn(_run, loop, before)

    def _end(self) -> None:
        self._signals.is_asking = False
        self._stop_loops()

    def _stop_loops(self) -> None:
        for loop in self._loops:
            loop.stop()

    def stop(self) -> None:
        """Let every loop end after the step it is in, then let another process ask."""
        self._app.extensions["transport"].stop()
        self._doorkeeper.stop()
        self._stop_loops()
        if self._keeper is not None:
            gevent.joinall(list(self._greenlets.values()), timeout=STEP)
            self._keeper.stop()

    def _gated(self, step: Step, term: int | None) -> Step:
        """Let a step be taken only while nobody else can hold the lease."""
        keeper = self._keeper
        if keeper is None or term is None:
            return step

        def gated(now: datetime) -> float:
            try:
                return step(now) if keeper.is_held() else RENEW_EVERY
            except LeaseLostError:
                keeper.lose(term)
                return RENEW_EVERY

        return gated

    def _steps(self, outlet: Outlet) -> dict[str, Step]:
        services = Readings(self._settings, self._known, outlet, self._read, self._app.app_context).by_service()
        return {
            "deliveries": self._keep_house,
            "clock": Clock(lambda now: self._read(partial(due_looks, now=now)), outlet).tick,
            "posters": self._posters(outlet).tick,
            **{name: Reconciler(name, readings, self._signals).tick for name, readings in services.items()},
        }

    def _posters(self, outlet: Outlet) -> Posters:
        hosts = PosterClient(upstream.url for upstream in self._known if upstream.source != "qbittorrent")
        return Posters(hosts, self._open_posters, outlet, self._settings.data_dir / "posters")

    def _ingest(self, term: int | None, observations: Sequence[Observation], origin: Origin) -> None:
        pipeline: Pipeline = self._app.extensions["pipeline"]
        refuse = partial(refuse_after, term) if term is not None else None
        with self._app.app_context():
            pipeline.ingest(observations, origin, refuse)

    def _refresh(self) -> None:
        pipeline: Pipeline = self._app.extensions["pipeline"]
        pipeline.refresh("service")

    def _look_around(self, now: datetime) -> float:
        """See what another process changed: in who may listen, and in the services there are."""
        open_streams: OpenStreams = self._app.extensions["open_streams"]
        with self._app.app_context():
            open_streams.look(now)
            self._upstreams.look()
        self._follow()
        # The last step of a loop that has been replaced may have noted its contact since.
        self._signals.keep_only({loop.name for loop in self.loops})
        return LOOK_AROUND

    def _keep_house(self, now: datetime) -> float:
        early = self._housekeeping.left(KEEP_HOUSE, now)
        if early > 0:  # every webhook wakes all loops, and each try counts
            return early
        self._housekeeping.done(now)
        deliveries: Deliveries = self._app.extensions["deliveries"]
        with self._app.app_context():
            deliveries.retry(now)
            deliveries.prune(now)
        self._forget_others(now)
        return KEEP_HOUSE

    def _forget_others(self, now: datetime) -> None:
        """Take back what services saw that are no longer asked: nobody else would."""
        kinds, asked = frozenset(CauseKind), {loop.name for loop in self._loops}
        for upstream in self._read(seeing_upstreams) - asked:
            over = CausesRead(seen_at=now, upstream=upstream, asked=kinds, found=frozenset())
            self._ingest(self._term, [over], Origin.only("house", now))

    def _upstreams_now(self) -> tuple[Upstream, ...]:
        with self._app.app_context():
            return self._upstreams.now()

    def _read(self, query: Callable[[Session], Answer]) -> Answer:
        with self._app.app_context(), Session(db.engine) as session:
            return query(session)

    def _open_posters(self) -> Sequence[OpenPoster]:
        return self._read(lambda session: [OpenPoster(*row) for row in open_posters(session)])


def _run(loop: Loop, before: gevent.Greenlet[..., None] | None) -> None:
    """Begin when the loop before it has ended, so that a service is never asked by two."""
    if before is not None:
        before.join(PATIENCE)
    loop.run()

"""Webhook bodies: keep them before they are parsed, apply them, apply them again after a crash.

A body that was kept is never lost: what has no outcome is applied again at the next start and every minute, a few
times, and after that when ``flask replay`` says so.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Row, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from flaskapp.domain.origin import Origin
from flaskapp.extensions import db, writer, writing
from flaskapp.models import Delivery
from flaskapp.pipeline import Pipeline
from flaskapp.signals import Signals
from flaskapp.sources import SOURCES
from flaskapp.sources.translation import Translation, UnusablePayloadError
from flaskapp.upstreams import FOUR_K, Upstreams

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
KEPT_FOR = timedelta(days=30)

KEEP = insert(Delivery).returning(Delivery.id)
KEPT = select(Delivery.__table__).where(Delivery.id == bindparam("pk", type_=BigInteger))
SETTLE = update(Delivery).where(Delivery.id == bindparam("pk", type_=BigInteger), Delivery.outcome.is_(None))


class SettledError(Exception):
    """Another process has applied the same body meanwhile."""


@dataclass(frozen=True)
class Applied:
    """How a body fared: ``applied``, ``ignored``, ``rejected``, ``failed``, or ``kept`` for another try."""

    outcome: str
    reason: str | None = None


class Deliveries:
    """The bodies of one app. Needs an application context."""

    def __init__(self, pipeline: Pipeline, signals: Signals, upstreams: Upstreams) -> None:
        self._pipeline, self._signals, self._upstreams = pipeline, signals, upstreams

    def keep(self, source: str, instance: str, body: bytes, now: datetime) -> int:
        """Commit a body as it came; give its id."""
        with writing() as session:
            values = {"source": source, "instance": instance, "body": body, "received_at": now, "attempts": 0}
            delivery_id: int = session.connection().execute(KEEP, values).scalar_one()
            return delivery_id

    def apply(self, delivery_id: int, now: datetime) -> Applied:
        """Parse and ingest a kept body once; our own failure leaves it for another try."""
        with writer:  # nobody else may apply the same body meanwhile
            with db.engine.connect() as connection:
                delivery = connection.execute(KEPT, {"pk": delivery_id}).one()
            if delivery.outcome is not None:
                return Applied(delivery.outcome, delivery.reason)
            try:
                return self._apply(delivery, now)
            except SettledError:
                return self.apply(delivery_id, now)  # which finds what the other made of it
            except Exception:
                logger.exception("Could not apply delivery %s from %s", delivery.id, delivery.instance)
                return Applied("kept", "kept, to be applied again")

    def _apply(self, delivery: Row[Any], now: datetime) -> Applied:
        source = SOURCES[delivery.source]
        try:
            translation = source.parse(source.decode(delivery.body), delivery.received_at)
        except UnusablePayloadError as error:
            applied = Applied("rejected", str(error))
            with writing() as session:
                _settle(session, delivery.id, None, applied)
            _log(delivery.instance, None, applied)
            return applied
        applied = _judge(translation)
        caller = self._upstreams.find(delivery.source, delivery.instance)
        is_4k = caller.is_4k if caller else delivery.instance == FOUR_K
        origin = Origin(delivery.source, delivery.instance, is_4k, now)
        self._pipeline.ingest(
            translation.observations, origin, lambda session: _settle(session, delivery.id, translation.kind, applied)
        )
        if translation.observations or translation.is_hint:
            self._signals.called[delivery.source] = now
            self._signals.wake_all()
        _log(delivery.instance, translation.kind, applied)
        return applied

    def retry(self, now: datetime) -> int:
        """Apply what has no outcome yet; after too many attempts a body waits for ``flask replay``."""
        with writing() as session:
            open_ones = session.scalars(select(Delivery).where(Delivery.outcome.is_(None)).order_by(Delivery.id)).all()
            for delivery in open_ones:
                delivery.attempts += 1
                if delivery.attempts > MOST_ATTEMPTS:
                    delivery.outcome = "failed"
                    delivery.reason = "we failed to apply it; see the log, then flask replay"
            waiting = [delivery.id for delivery in open_ones if delivery.outcome is None]
        for delivery_id in waiting:
            self.apply(delivery_id, now)
        self._pipeline.catch_up()
        return len(waiting)

    def replay(self, ids: list[int], now: datetime) -> list[tuple[int, Applied]]:
        """Apply bodies again whatever became of them; no ids: all that failed or have no outcome."""
        with writing() as session:
            wanted = Delivery.id.in_(ids) if ids else Delivery.outcome.is_(None) | (Delivery.outcome == "failed")
            chosen = session.scalars(select(Delivery).where(wanted).order_by(Delivery.id)).all()
            for delivery in chosen:
                delivery.outcome, delivery.attempts = None, 0
            waiting = [delivery.id for delivery in chosen]
        return [(delivery_id, self.apply(delivery_id, now)) for delivery_id in waiting]

    def prune(self, now: datetime) -> int:
        """Drop bodies older than ``KEPT_FOR`` that have an outcome; give how many."""
        with writing() as session:
            old = delete(Delivery).where(Delivery.received_at < now - KEPT_FOR, Delivery.outcome.is_not(None))
            return len(session.execute(old.returning(Delivery.id)).all())


def _judge(translation: Translation) -> Applied:
    if not translation.observations:
        return Applied("ignored", translation.reason)
    return Applied("applied", "; ".join(translation.notes) or None)


def _settle(session: Session, delivery_id: int, kind: str | None, applied: Applied) -> None:
    fate = {"kind": kind, "outcome": applied.outcome, "reason": applied.reason}
    if not session.connection().execute(SETTLE, {"pk": delivery_id} | fate).rowcount:
        raise SettledError


def _log(instance: str, kind: str | None, applied: Applied) -> None:
    why = f", {applied.reason}" if applied.reason else ""
    logger.info("%s %s: %s%s", instance, kind or "unknown event", applied.outcome, why)

"""Who calls this board by webhook: when each last did, with what, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app
from sqlalchemy import Select, func, select

from flaskapp.domain.house import CauseKind
from flaskapp.extensions import db
from flaskapp.models import Cause, Delivery
from flaskapp.signals import Signals
from flaskapp.sources import SOURCES
from flaskapp.upstreams import Upstreams

MOST_REFUSED = 50
"""So many refused bodies are looked at, the newest; each caller shows a few of its own."""
CALL = (
    *(Delivery.source, Delivery.instance, Delivery.kind),
    *(Delivery.received_at, Delivery.outcome, Delivery.reason),
)
"""All of a delivery but its body, which is large and may hold secrets."""
Calls = Select[str, str, str | None, datetime, str | None, str | None]
REFUSED = ("rejected", "failed")
PAUSES = (CauseKind.WEBHOOKS_PAUSED, CauseKind.WEBHOOKS_SILENT)


@dataclass(frozen=True)
class Call:
    """One webhook without its body, which may hold secrets."""

    kind: str | None
    received_at: datetime
    outcome: str | None
    reason: str | None


@dataclass
class Caller:
    """A service that calls, or should: ``path`` is the end of its address here."""

    source: str
    instance: str
    name: str
    calls: list[Call] = field(default_factory=list)
    refused: list[Call] = field(default_factory=list)
    refused_count: int = 0
    pause: CauseKind | None = None
    knocked_at: datetime | None = None
    """When somebody last came to its address with a wrong token."""

    @property
    def path(self) -> str:
        """Give ``radarr`` or ``radarr/4k``."""
        return self.source if self.instance == self.source else f"{self.source}/{self.instance}"

    @property
    def last(self) -> Call | None:
        """Give its last call; None if it never called."""
        return max((*self.calls, *self.refused), key=lambda call: call.received_at, default=None)


def callers() -> list[Caller]:
    """Give every service that calls or should, in the order of the sources."""
    known = _expected()
    for source, instance, kind, at, outcome, reason in db.session.execute(_newest_of_each_kind()):
        _find(known, source, instance).calls.append(Call(kind, at, outcome, reason))
    for source, instance, kind, at, outcome, reason in db.session.execute(_newest_refused()):
        _find(known, source, instance).refused.append(Call(kind, at, outcome, reason))
    for source, instance, count in db.session.execute(_counted_refused()):
        _find(known, source, instance).refused_count = count
    _add_what_was_read(known.values())
    order = list(SOURCES)
    return sorted(known.values(), key=lambda caller: (order.index(caller.source), caller.instance != caller.source))


def _expected() -> dict[tuple[str, str], Caller]:
    upstreams: Upstreams = current_app.extensions["upstreams"]
    known = {(source, source): Caller(source, source, source.capitalize()) for source in SOURCES}
    for upstream in upstreams.of("radarr", "sonarr"):
        key = (upstream.source, upstream.instance)
        known[key] = Caller(*key, upstream.name)
    return known


def _find(known: dict[tuple[str, str], Caller], source: str, instance: str) -> Caller:
    """Give a caller; one that nobody expected is known by the name in its address."""
    name = f"{source.capitalize()} ({instance})"
    return known.setdefault((source, instance), Caller(source, instance, name))


def _newest_of_each_kind() -> Calls:
    newest = select(func.max(Delivery.id)).where(Delivery.kind.is_not(None))
    newest = newest.group_by(Delivery.source, Delivery.instance, Delivery.kind)
    return select(*CALL).where(Delivery.id.in_(newest)).order_by(Delivery.id.desc())


def _newest_refused() -> Calls:
    return select(*CALL).where(Delivery.outcome.in_(REFUSED)).order_by(Delivery.id.desc()).limit(MOST_REFUSED)


def _counted_refused() -> Select[str, str, int]:
    counted = select(Delivery.source, Delivery.instance, func.count()).where(Delivery.outcome.in_(REFUSED))
    return counted.group_by(Delivery.source, Delivery.instance)


def _add_what_was_read(known: Iterable[Caller]) -> None:
    signals: Signals = current_app.extensions["signals"]
    pauses = {row.upstream: row.kind for row in db.session.scalars(select(Cause).where(Cause.kind.in_(PAUSES)))}
    for caller in known:
        caller.pause, caller.knocked_at = pauses.get(caller.name), signals.refused.get(caller.source)

"""How far each service has come: does it answer us, could its call reach us, and has it really called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import func, select

from flaskapp.extensions import db
from flaskapp.models import Delivery
from flaskapp.signals import Contact, Signals
from flaskapp.upstreams import Upstream

SILENT = ("qbittorrent",)
"""Sources that are asked and never call."""
TEST = "test"
"""The reason that is kept with a call that only tries the way."""
TAKEN = ("applied", "ignored")


@dataclass(frozen=True)
class Standing:
    """One service. ``tried_at`` is its last test, ``called_at`` its first real call that is remembered."""

    upstream: Upstream
    contact: Contact
    tried_at: datetime | None = None
    called_at: datetime | None = None
    knocked_at: datetime | None = None
    """When somebody last came to the address of its source with a wrong token."""

    @property
    def calls(self) -> bool:
        """Whether it should call us at all."""
        return self.upstream.source not in SILENT

    @property
    def is_locked_out(self) -> bool:
        """Whether its key is lost, since it was sealed with another ``SECRET_KEY``."""
        return self.upstream.is_key_lost

    @property
    def word(self) -> str:
        """Say where it stands: ``green``, ``reached`` (its test came), ``waiting`` for a call, ``asking``, ``down``."""
        if self.contact.is_down or self.is_locked_out:
            return "down"
        if not self.calls:
            return "green" if self.contact.last_contact_at else "asking"
        if self.called_at:
            return "green"
        return "reached" if self.tried_at else "waiting"

    @property
    def lamp(self) -> str:
        """Say how the lamp before its name burns."""
        return {"green": "up", "down": "down"}.get(self.word, "waiting")

    @property
    def is_done(self) -> bool:
        """Whether there is nothing left to wait for."""
        return self.word == "green"


def standings(upstreams: Iterable[Upstream]) -> list[Standing]:
    """Tell of each service how far it has come."""
    signals: Signals = current_app.extensions["signals"]
    tried, called = _calls()
    return [
        Standing(
            each,
            signals.contacts.get(each.name, Contact()),
            tried.get((each.source, each.instance)),
            called.get((each.source, each.instance)),
            signals.refused.get(each.source),
        )
        for each in upstreams
    ]


Moments = dict[tuple[str, str], datetime]


def _calls() -> tuple[Moments, Moments]:
    """Give the last test and the first real call of each instance, without reading bodies."""
    tried: Moments = {}
    called: Moments = {}
    columns = (Delivery.source, Delivery.instance, Delivery.received_at, Delivery.reason)
    rows = select(*columns).where(Delivery.id.in_(_ends_of_each_kind()), Delivery.outcome.in_(TAKEN))
    for source, instance, at, reason in db.session.execute(rows.order_by(Delivery.id)):
        if reason == TEST:
            tried[source, instance] = at
        else:
            called.setdefault((source, instance), at)
    return tried, called


def _ends_of_each_kind() -> list[int]:
    """Give the oldest and the newest of each kind: its index alone answers that."""
    grouped = select(func.min(Delivery.id), func.max(Delivery.id)).where(Delivery.kind.is_not(None))
    rows = db.session.execute(grouped.group_by(Delivery.source, Delivery.instance, Delivery.kind))
    return [id_ for row in rows for id_ in row]

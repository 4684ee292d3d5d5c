"""The last look at each service, kept in the database, so that every process shows the same."""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import Delete, delete, select

from flaskapp.extensions import db, writing
from flaskapp.models import Setting
from flaskapp.setup.findings import Read, look
from flaskapp.setup.probe import Probed, ProbeError, ProbeKind
from flaskapp.setup.registered import Problem, ProblemKind, Webhook
from flaskapp.upstreams import Upstream, Upstreams

NAME = "checkup:"
"""How the names of our rows begin."""
FRESH = timedelta(minutes=10)
"""How long a look counts; what it found then is no longer held against a service."""
MOST_AT_ONCE = 8


@dataclass(frozen=True)
class Checkup:
    """What a look found, and when."""

    read: Read
    at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Tell whether what it found still counts."""
        return now - self.at < FRESH


def examine(upstreams: Iterable[Upstream]) -> None:
    """Look at services now, side by side, and keep what is found. Needs an application context."""
    chosen = list(upstreams)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # as Flask documents
    known: Upstreams = current_app.extensions["upstreams"]
    address = known.callback_url
    db.session.rollback()  # no transaction may be open while somebody else takes their time

    def look_at(upstream: Upstream) -> Read:
        with app.app_context():
            return look(upstream, address)

    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        reads = list(pool.map(look_at, chosen))
    now = datetime.now(UTC)
    with writing() as session:
        session.execute(_rows_of(chosen))
        session.add_all(
            Setting(name=_name(upstream), value=_packed(upstream, address, read, now))
            for upstream, read in zip(chosen, reads, strict=True)
        )


def forget(upstream: Upstream) -> None:
    """Forget the last look, since something changed there."""
    with writing() as session:
        session.execute(_rows_of([upstream]))


def checkups(upstreams: Iterable[Upstream]) -> dict[Upstream, Checkup]:
    """Give the last look at each, unless it or this board lives elsewhere now."""
    rows = db.session.execute(select(Setting.name, Setting.value).where(Setting.name.startswith(NAME))).all()
    kept = {name: json.loads(value) for name, value in rows}
    known: Upstreams = current_app.extensions["upstreams"]
    found = {upstream: kept.get(_name(upstream)) for upstream in upstreams}
    return {
        each: _unpacked(row)
        for each, row in found.items()
        if row is not None and (row["url"], row["address"]) == (each.url, known.callback_url)
    }


def _rows_of(upstreams: Iterable[Upstream]) -> Delete:
    return delete(Setting).where(Setting.name.in_([_name(upstream) for upstream in upstreams]))


def _name(upstream: Upstream) -> str:
    return f"{NAME}{upstream.source}/{upstream.instance}"


def _packed(upstream: Upstream, address: str, read: Read, at: datetime) -> str:
    failure = read.failure and {"kind": read.failure.kind, "sentence": read.failure.sentence}
    return json.dumps(
        {
            "at": at.isoformat(),
            "url": upstream.url,
            "address": address,
            "probed": read.probed and asdict(read.probed),
            "failure": failure,
            "webhook": read.webhook and asdict(read.webhook),
            "unread": read.unread,
        }
    )


def _unpacked(row: dict[str, object]) -> Checkup:
    probed, failure, webhook = row["probed"], row["failure"], row["webhook"]
    read = Read(
        Probed(**probed) if isinstance(probed, dict) else None,
        ProbeError(ProbeKind(failure["kind"]), failure["sentence"]) if isinstance(failure, dict) else None,
        _webhook(webhook) if isinstance(webhook, dict) else None,
        str(row["unread"]),
    )
    return Checkup(read, datetime.fromisoformat(str(row["at"])))


def _webhook(row: dict[str, object]) -> Webhook:
    problems = row["problems"] if isinstance(row["problems"], list) else []
    return Webhook(
        bool(row["is_there"]),
        tuple(Problem(ProblemKind(each["kind"]), each["sentence"], each["can_repair"]) for each in problems),
        str(row["name"]),
    )

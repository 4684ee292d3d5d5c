"""The last look at each service, kept in the database, so that every process shows the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from flask import Flask, current_app
from sqlalchemy import delete
from sqlalchemy.orm import Session

from flaskapp.extensions import db, writing
from flaskapp.models import Setting
from flaskapp.models.setting import read_setting, write_setting
from flaskapp.setup.findings import Read, look
from flaskapp.setup.probe import Probed, ProbeError, ProbeKind
from flaskapp.setup.registered import Problem, ProblemKind, Webhook
from flaskapp.upstreams import Upstream, Upstreams

FRESH = timedelta(minutes=10)
"""How long a look counts; what it found then is no longer held against a service."""
MOST_AT_ONCE = 8

Ask = Callable[[str], Read]
"""Asks a service what it is and what it knows of us, who are at this address."""


@dataclass(frozen=True)
class Checkup:
    """What a look found, and when it began."""

    read: Read
    at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Tell whether what it found still counts."""
        return now - self.at < FRESH


def examine(upstreams: Iterable[Upstream]) -> None:
    """Look at services now, side by side, and keep what is found. Needs an application context."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # as Flask documents
    db.session.rollback()  # no transaction may be open while somebody else takes their time

    def examine_one(upstream: Upstream) -> None:
        with app.app_context():
            take_look(upstream, partial(look, upstream), datetime.now(UTC))

    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        list(pool.map(examine_one, upstreams))


def take_look(upstream: Upstream, ask: Ask, now: datetime) -> Read:
    """Look at a service and keep what is found, unless a look that began later was quicker.

    Needs an application context and no open transaction.
    """
    address = _callback_url()
    read = ask(address)
    with writing() as session:
        before = last_look(session, upstream)
        # A look from before a clock was set back must not stand for ever.
        if before is None or not now < before.at <= datetime.now(UTC):
            write_setting(session, _name(upstream), _packed(upstream, address, read, now))
    return read


def forget(upstream: Upstream) -> None:
    """Forget the last look, since something changed there."""
    with writing() as session:
        session.execute(delete(Setting).filter_by(name=_name(upstream)))


def last_look(session: Session, upstream: Upstream) -> Checkup | None:
    """Give the last look at a service; None also if it or this board lived elsewhere then."""
    value = read_setting(session, _name(upstream))
    row = json.loads(value) if value else {}
    is_there = bool(row) and (row["url"], row["address"]) == (upstream.url, _callback_url())
    return _unpacked(row) if is_there else None


def _callback_url() -> str:
    known: Upstreams = current_app.extensions["upstreams"]
    return known.callback_url


def _name(upstream: Upstream) -> str:
    return f"checkup:{upstream.source}/{upstream.instance}"


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

"""``/healthz`` (alive), ``/readyz`` (database, background work and upstreams, with ages), ``/metrics``."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import Forbidden

from flaskapp.extensions import db, is_shared
from flaskapp.models import MediaRequest
from flaskapp.signals import Contact, Signals
from flaskapp.views.banner import Notice, notices
from flaskapp.views.callers import Caller, callers
from flaskapp.views.door import For, entrance, viewer
from flaskapp.views.metrics import LeaseNumbers, LinkNumbers, LoopNumbers, RecordNumbers, StreamNumbers

bp = Blueprint("health", __name__)

LATE = 180.0
"""Seconds without a step after which a background loop counts as dead; the slowest waits for one minute."""


@bp.get("/healthz")
@entrance(For.ANYBODY)
def alive() -> ResponseReturnValue:
    """Say that the process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
@entrance(For.ANYBODY)
def ready() -> ResponseReturnValue:
    """Say whether the board can be trusted: 503 when the database or a background loop is dead.

    An upstream that does not answer does not make us unready: the board says so itself. What the house consists of,
    only those hear who see all of it.
    """
    now = datetime.now(UTC)
    signals: Signals = current_app.extensions["signals"]
    loops = {name: _age(at, now) for name, at in signals.ticks.items()}
    database = _database()
    report: dict[str, Any] = {
        "database": database,
        "loops": {name: {"age": age, "ok": age is not None and age < LATE} for name, age in loops.items()},
        "upstreams": {name: _contact(contact, now) for name, contact in signals.contacts.items()},
        "webhooks": {caller.path: _caller(caller) for caller in callers()} if database == "ok" else {},
        "causes": [_cause(notice) for notice in notices()] if database == "ok" else [],
        "streams": current_app.extensions["hub"].count,
    }
    is_ready = report["database"] == "ok" and all(loop["ok"] for loop in report["loops"].values())
    details = report if _sees_all() else {}
    return {"status": "ready" if is_ready else "not ready", **details}, 200 if is_ready else 503


@bp.get("/metrics")
@entrance(For.PEOPLE)
def metrics() -> Response:
    """Give the numbers Prometheus collects."""
    if not _sees_all():
        raise Forbidden("These are numbers of the whole house.")
    process, signals = str(os.getpid()), current_app.extensions["signals"]
    registry = CollectorRegistry()
    registry.register(RecordNumbers(db.session()))
    registry.register(StreamNumbers(current_app.extensions["hub"], process))
    registry.register(LoopNumbers(signals, process, datetime.now(UTC)))
    registry.register(LinkNumbers(current_app.extensions["transport"].links, process))
    is_asking = signals.is_asking if is_shared(current_app.extensions["settings"].database_url) else None
    registry.register(LeaseNumbers(db.session(), process, is_asking=is_asking))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _sees_all() -> bool:
    found = viewer()
    return found is not None and found.audience.sees_all


def _database() -> str:
    try:
        db.session.execute(select(MediaRequest.id).limit(1))
    except SQLAlchemyError as error:
        return f"failed ({type(error).__name__})"
    return "ok"


def _contact(contact: Contact, now: datetime) -> dict[str, Any]:
    return {
        "ok": contact.last_error is None,
        "last_contact_at": contact.last_contact_at.isoformat() if contact.last_contact_at else None,
        "age": _age(contact.last_contact_at, now),
        "round_trip": contact.round_trip,
        "error": contact.last_error,
    }


def _caller(caller: Caller) -> dict[str, Any]:
    last = caller.last
    return {
        "last_at": last.received_at.isoformat() if last else None,
        "last_kind": last.kind if last else None,
        "rejected": caller.refused_count,
        "never_called": last is None,
    }


def _cause(notice: Notice) -> dict[str, Any]:
    return {"kind": notice.kind, "upstreams": notice.upstreams, "since": notice.since.isoformat()}


def _age(at: datetime | None, now: datetime) -> float | None:
    return None if at is None else round((now - at).total_seconds(), 1)

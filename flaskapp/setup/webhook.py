"""Our webhook in a service: what is wrong with it, its repair by one call, its test, and what is left to a person.

All need an application context. No transaction is open while a service is asked, since it may call us meanwhile.
"""

from __future__ import annotations

from datetime import UTC, datetime
from types import ModuleType

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.access.webhook_tokens import make_token
from flaskapp.extensions import db, writing
from flaskapp.models import Delivery
from flaskapp.setup import seerr_webhook, servarr_webhook
from flaskapp.setup.paste import Copy, Paste, paste
from flaskapp.setup.registered import Problem, ProblemKind, TakenError, Webhook, webhook_url
from flaskapp.upstreams import Upstream

__all__ = [
    "Copy",
    "Paste",
    "Problem",
    "ProblemKind",
    "TakenError",
    "Webhook",
    "by_hand",
    "connect",
    "connects",
    "inspect",
    "paste",
    "verify",
    "webhook_url",
]

_SERVICES: dict[str, ModuleType] = {"seerr": seerr_webhook, "radarr": servarr_webhook, "sonarr": servarr_webhook}


def connects(source: str) -> bool:
    """Tell whether we can register our webhook there by ourselves: qBittorrent has none, Jellyfin takes none."""
    return source in _SERVICES


def inspect(upstream: Upstream, callback_url: str) -> Webhook:
    """Read what is registered there now, and what is wrong with it; ``ClientError`` if it can't be read.

    Jellyfin can't be asked: it counts as there once it has called. qBittorrent has no webhook and needs none.
    """
    db.session.rollback()
    if connects(upstream.source):
        found: Webhook = _SERVICES[upstream.source].inspect(upstream, callback_url)
        return found
    if upstream.source == "jellyfin" and not _has_called(upstream):
        sentence = f"{upstream.name} has not called us yet. Its webhook has to be entered by hand."
        return Webhook(is_there=False, problems=(Problem(ProblemKind.ABSENT, sentence, can_repair=False),))
    return Webhook(is_there=upstream.source == "jellyfin")


def connect(upstream: Upstream, callback_url: str) -> tuple[str, ...]:
    """Register ours there or repair it, with a fresh token of this instance, and say in words what changed.

    ``TakenError``: a person has to do it (``by_hand``). ``ClientError``: it failed, and why.
    """
    if not connects(upstream.source):
        raise TakenError(f"The webhook of {upstream.name} has to be entered by hand.")
    db.session.rollback()
    changes: tuple[str, ...] = _SERVICES[upstream.source].connect(upstream, callback_url)
    return changes


def verify(upstream: Upstream, callback_url: str) -> Problem | None:
    """Let a service call us once, through what is registered there; give what went wrong. It also ends a pause."""
    if not connects(upstream.source):
        return None
    db.session.rollback()
    problem: Problem | None = _SERVICES[upstream.source].verify(upstream, callback_url)
    return problem


def by_hand(upstream: Upstream, callback_url: str) -> Paste:
    """Give what a person enters at a service, with a fresh token of this instance, which is shown only this once."""
    db.session.rollback()
    with writing() as session:
        token = make_token(session, upstream.source, upstream.instance, datetime.now(UTC))
    return paste(upstream.source, callback_url, token, upstream.instance)


def _has_called(upstream: Upstream) -> bool:
    calls = select(Delivery.id).filter_by(source=upstream.source, instance=upstream.instance).limit(1)
    with Session(db.engine) as session:
        return session.scalar(calls) is not None

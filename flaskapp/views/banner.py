"""What stands above the cards when something is wrong with the house: told once, not on forty cards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from flaskapp.domain.house import SEEN_BY_CLIENTS, CauseKind
from flaskapp.extensions import db
from flaskapp.models import Cause
from flaskapp.signals import Signals
from flaskapp.upstreams import Upstreams


@dataclass(frozen=True)
class Notice:
    """A cause that hits many, the services that name it, and since when it is true.

    ``is_everywhere``: it is no cause of one download client, beside which there is another one without it.
    """

    kind: CauseKind
    upstreams: tuple[str, ...]
    since: datetime
    is_everywhere: bool = True


def banner() -> dict[str, Any]:
    """Give what the banner of a page says, and the ``down`` sources of which all numbers are old."""
    signals: Signals = current_app.extensions["signals"]
    dead = {name: contact for name, contact in sorted(signals.contacts.items()) if contact.is_down}
    return {
        "services": [
            {"name": name, "error": contact.last_error, "last_contact_at": contact.last_contact_at}
            for name, contact in dead.items()
        ],
        "notices": notices(),
        "down": _silent_sources(dead),
    }


def notices() -> list[Notice]:
    """Give the causes that are true now, each kind once; of a service that is dead nobody knows."""
    signals: Signals = current_app.extensions["signals"]
    upstreams: Upstreams = current_app.extensions["upstreams"]
    clients = {upstream.name for upstream in upstreams.of("qbittorrent")}
    found: dict[CauseKind, list[Cause]] = defaultdict(list)
    for cause in db.session.scalars(select(Cause).order_by(Cause.since, Cause.upstream)):
        if not signals.is_down(cause.upstream):
            found[cause.kind].append(cause)
    return [_notice(kind, found[kind], clients) for kind in CauseKind if kind in found]


def _notice(kind: CauseKind, found: Sequence[Cause], clients: set[str]) -> Notice:
    names = tuple(cause.upstream for cause in found)
    is_everywhere = kind not in SEEN_BY_CLIENTS or clients.issubset(names)
    return Notice(kind, names, found[0].since, is_everywhere)


def _silent_sources(dead: Collection[str]) -> str:
    """Give the sources of numbers of which nobody answers, as cards name them: ``radarr-4k``, ``qbittorrent``.

    Where one of several is dead, each card tells by its age whether its numbers are old.
    """
    upstreams: Upstreams = current_app.extensions["upstreams"]
    is_dead: dict[str, list[bool]] = defaultdict(list)
    for upstream in upstreams.now():
        is_dead[f"{upstream.source}-4k" if upstream.is_4k else upstream.source].append(upstream.name in dead)
    return " ".join(source for source, silent in is_dead.items() if all(silent))

"""Each service of the house as the page of the services shows it: how it answers, how it calls, and what to mend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask import current_app

from flaskapp.domain.observation import LibraryItemType
from flaskapp.extensions import db
from flaskapp.models.item_calls import missed_types, told_types
from flaskapp.setup.checkup import Checkup, last_look
from flaskapp.setup.findings import Finding, Heard, Read, findings
from flaskapp.setup.problem import ProbeError, ProbeKind
from flaskapp.signals import Contact, Signals
from flaskapp.upstreams import ORDER, Upstream, Upstreams
from flaskapp.views.callers import Caller, callers

UNAWARE = timedelta(minutes=1)
"""So long Radarr and Sonarr may go on to say that they have paused what has just called."""
REMEMBERED = timedelta(days=1)
"""How long a call that could not be used asks for attention; it stays listed longer."""


@dataclass(frozen=True)
class Panel:
    """One instance. ``upstream`` lacks for one that only calls, ``caller`` for one that never calls."""

    upstream: Upstream | None
    caller: Caller | None
    contact: Contact
    checkup: Checkup | None
    findings: tuple[Finding, ...]
    told: Mapping[LibraryItemType, datetime] = field(default_factory=dict)
    """When Jellyfin last told of something new of a type."""

    @property
    def name(self) -> str:
        """Give what people call it."""
        return self.upstream.name if self.upstream else self.caller.name if self.caller else ""

    @property
    def needs_hand(self) -> bool:
        """Tell whether somebody has to act."""
        return any(each.is_loud for each in self.findings)

    @property
    def version(self) -> str:
        """Give the version that the last look found, however long ago that was."""
        return self.checkup.read.probed.version if self.checkup and self.checkup.read.probed else ""


def panels() -> list[Panel]:
    """Give all, in the order in which a request meets them."""
    upstreams: Upstreams = current_app.extensions["upstreams"]
    known = {(each.source, each.instance): each for each in upstreams.now()}
    calling = {(each.source, each.instance): each for each in callers()}
    keys = sorted({**known, **calling}, key=lambda key: (ORDER.index(key[0]), key[1] != key[0]))
    return [_panel(known.get(key), calling.get(key)) for key in keys]


def _panel(upstream: Upstream | None, caller: Caller | None) -> Panel:
    signals: Signals = current_app.extensions["signals"]
    told = told_types(db.session(), caller.instance) if caller and caller.source == "jellyfin" else {}
    if upstream is None:
        return Panel(None, caller, Contact(), None, _about_stranger(caller), told)
    contact, now = signals.contacts.get(upstream.name, Contact()), datetime.now(UTC)
    last = last_look(db.session(), upstream)
    read = last.read if last is not None and last.is_fresh(now) else Read()
    if contact.is_down and read.failure is None:
        read = Read(
            failure=ProbeError(ProbeKind.UNREACHABLE, contact.last_error or f"{upstream.name} does not answer.")
        )
    found = (each for each in findings(upstream, read, _heard(caller, last, now)) if each.kind != "never_called")
    return Panel(upstream, caller, contact, last, tuple(found), told)


def _about_stranger(caller: Caller | None) -> tuple[Finding, ...]:
    """Tell who calls without being connected, and is not let in."""
    if caller is None or caller.knocked_at is None or (caller.last and caller.last.received_at > caller.knocked_at):
        return ()
    sentence = "Somebody came to this address with a wrong token or none, and was turned away."
    return (Finding("knocked", (sentence,)),)


def _heard(caller: Caller | None, look: Checkup | None, now: datetime) -> Heard:
    if caller is None:
        return Heard()
    is_jellyfin = caller.source == "jellyfin"
    newest = next(iter(caller.refused), None)
    is_news = newest is not None and now - newest.received_at < REMEMBERED
    last_at = caller.last.received_at if caller.last else None
    return Heard(
        last_at,
        caller.knocked_at,
        caller.refused_count if is_news else 0,
        (newest.reason or "") if newest else "",
        caller.pause,
        calls_again=last_at is not None and look is not None and last_at > look.at - UNAWARE,
        missed=tuple(missed_types(db.session(), caller.instance, now)) if is_jellyfin else (),
    )

"""Each service of the house as the page of the services shows it: how it answers, how it calls, and what to mend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import current_app

from flaskapp.extensions import db
from flaskapp.setup.checkup import Checkup, last_look
from flaskapp.setup.findings import Finding, Heard, Read, findings
from flaskapp.signals import Contact, Signals
from flaskapp.upstreams import ORDER, Upstream, Upstreams
from flaskapp.views.callers import Caller, callers

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
    is_examined: bool
    """Whether a look at it counts: else what the background loops read is shown."""

    @property
    def name(self) -> str:
        """Give what people call it."""
        return self.upstream.name if self.upstream else self.caller.name if self.caller else ""

    @property
    def version(self) -> str:
        """Give the version that the last look found, however long ago."""
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
    if upstream is None:
        return Panel(None, caller, Contact(), None, (), is_examined=False)
    contact, now = signals.contacts.get(upstream.name, Contact()), datetime.now(UTC)
    checkup = last_look(db.session(), upstream)
    is_examined = checkup is not None and checkup.is_fresh(now)
    read = checkup.read if checkup is not None and is_examined else Read()
    found = tuple(each for each in findings(upstream, read, _heard(caller, now)) if each.kind != "never_called")
    return Panel(upstream, caller, contact, checkup, found, is_examined)


def _heard(caller: Caller | None, now: datetime) -> Heard:
    if caller is None:
        return Heard()
    newest = next(iter(caller.refused), None)
    is_news = newest is not None and now - newest.received_at < REMEMBERED
    return Heard(
        caller.last.received_at if caller.last else None,
        caller.knocked_at,
        caller.refused_count if is_news else 0,
        (newest.reason or "") if newest else "",
    )

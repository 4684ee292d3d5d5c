"""The look that *Examine* takes, taken by itself, so that *Services* shows what is wrong before anybody presses."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from flaskapp.clients.http import ClientError
from flaskapp.extensions import db
from flaskapp.polling.errand import LOOK_UP
from flaskapp.polling.outlet import Outlet
from flaskapp.polling.pace import Pace
from flaskapp.setup.checkup import Ask, Checkup, last_look, take_look
from flaskapp.setup.findings import Read
from flaskapp.setup.identity import LABELS
from flaskapp.setup.probe import Probed
from flaskapp.signals import Contact
from flaskapp.upstreams import Upstream

PACE, ALERT_PACE = 300.0, 60.0
"""Seconds between two looks, and where there is reason to look again soon."""

Context = Callable[[], AbstractContextManager[object]]


class VersionClient(Protocol):
    """What is needed of qBittorrent."""

    def application_version(self) -> str:
        """Give its version."""


def of_client(client: VersionClient) -> Ask:
    """Look at a qBittorrent in the session there is: a log-in of our own that fails would count towards a ban."""
    return lambda _address: Read(Probed(client.application_version(), LABELS["qbittorrent"]))


class Checkups:
    """Looks at one service. The last look, whoever took it, says when the next is due.

    ``context()`` opens the application context, which a look needs also while it asks: it compares what a service
    shows us with the tokens that we know.
    """

    def __init__(self, upstream: Upstream, ask: Ask, outlet: Outlet, context: Context) -> None:
        self._upstream, self._ask, self._signals, self._context = upstream, ask, outlet.signals, context
        self._pace = Pace(outlet.signals)

    def tick(self, now: datetime) -> float:
        """Look when it is time; give the seconds until the next look. ``ClientError``: it can't be used."""
        early = self._pace.left(LOOK_UP, now)
        if early > 0:  # every webhook wakes all loops
            return early
        self._pace.done(now)
        with self._context():
            with Session(db.engine) as session:
                last = last_look(session, self._upstream)
            left = self._left(last, now)
            if left > 0:
                return min(left, LOOK_UP)  # it may be forgotten meanwhile
            read = take_look(self._upstream, self._ask, now)
        if read.failure is not None:
            raise ClientError(read.failure.sentence)
        return LOOK_UP

    def _left(self, last: Checkup | None, now: datetime) -> float:
        if last is None or last.read.failure is not None:
            return 0.0  # what failed is asked again at the pace of the loop
        elapsed = (now - last.at).total_seconds()
        pace = ALERT_PACE if self._is_called_for(last) else PACE
        return pace - elapsed if 0 <= elapsed < pace else 0.0

    def _is_called_for(self, last: Checkup) -> bool:
        """Tell whether something happened since that may have made it well, or ill."""
        contact = self._signals.contacts.get(self._upstream.name, Contact())
        happened = [contact.last_error_at, self._signals.refused.get(self._upstream.source)]
        if not last.read.is_well:
            happened.append(self._signals.called.get(self._upstream.source))
        return any(at is not None and at > last.at for at in happened)

"""Open streams, and whether those who listen still may."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from flaskapp.access.gate import Gate
from flaskapp.domain.viewer import Viewer
from flaskapp.extensions import db
from flaskapp.live.hub import Hub
from flaskapp.models.revision import read_revision

EVERY = timedelta(seconds=15)
"""So often everybody is looked at again although nothing is known to have changed: a session can grow too old."""


class OpenStreams:
    """The streams of this process; one per app. Needs an application context.

    Whoever changes who may enter calls ``check`` when it is committed; other processes see by the revision that
    something changed.
    """

    def __init__(self, gate: Gate, hub: Hub) -> None:
        self._gate, self._hub = gate, hub
        self._revision = -1
        self._checked_at: datetime | None = None

    def look(self, now: datetime) -> None:
        """Check when something changed, or when the last check is old; in between only who came since then."""
        newcomers = self._hub.newcomers()
        with Session(db.engine) as session:
            revision = read_revision(session)
        if revision != self._revision or self._checked_at is None or now - self._checked_at >= EVERY:
            self.check(now)
        else:
            self._ask_again(newcomers, now)

    def check(self, now: datetime) -> None:
        """Ask of everybody who listens what is true by now; who may not listen any more is told bye."""
        with Session(db.engine) as session:
            self._revision, self._checked_at = read_revision(session), now
        self._ask_again(self._hub.viewers(), now)

    def _ask_again(self, viewers: Collection[Viewer], now: datetime) -> None:
        if not viewers:
            return
        with Session(db.engine) as session:
            verdicts = {viewer: self._gate.again(viewer, session, now) for viewer in viewers}
        if any(found != viewer for viewer, found in verdicts.items()):
            self._hub.look_again(verdicts)

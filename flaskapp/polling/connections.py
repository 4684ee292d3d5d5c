"""Whether our webhook in one Radarr or Sonarr is paused, and what else is wrong with that service."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from flaskapp.clients.http import ClientError
from flaskapp.domain.house import CauseKind
from flaskapp.polling.causes import Causes
from flaskapp.polling.outlet import Outlet
from flaskapp.polling.pace import Pace
from flaskapp.sources.servarr_health import CAUSES, Notification, our_notification, read_causes
from flaskapp.upstreams import Upstream

logger = logging.getLogger(__name__)

PACE, ALERT_PACE, RECOVERY_PACE = 300.0, 60.0, 10.0
"""Seconds between two looks, while something is wrong, and after a call of what counts as paused: both take seconds to
say that a pause is over."""
TRY_AGAIN = timedelta(minutes=15)
"""Between two tests of a paused connection: a receiver that is still ill makes the pause longer."""


class ConnectionClient(Protocol):
    """What is needed of Radarr or Sonarr."""

    def health(self) -> list[dict[str, object]]:
        """Give what it finds wrong with itself."""

    def notifications(self) -> list[dict[str, object]]:
        """Give its connections."""

    def test_notification(self, notification: Mapping[str, object]) -> None:
        """Let it send a test, which ends a pause."""


class Connections:
    """Reads health and connections, and ends a pause by testing our connection. ``is_silent()``: webhooks lack."""

    def __init__(
        self, upstream: Upstream, client: ConnectionClient, is_silent: Callable[[], bool], outlet: Outlet
    ) -> None:
        self._upstream, self._client, self._is_silent, self._outlet = upstream, client, is_silent, outlet
        self._causes = Causes(upstream.name, frozenset(CAUSES.values()), outlet)
        self._tested_at: datetime | None = None
        self._pace, self._every = Pace(outlet.signals), PACE

    def tick(self, now: datetime) -> float:
        """Look when it is time; give the seconds until the next look."""
        early = self._pace.left(self._every, now)
        if early > 0:
            return early
        with self._outlet.asking(self._upstream.name, now):
            health, rows = self._client.health(), self._client.notifications()
        ours = our_notification(rows, self._upstream.source, self._upstream.instance)
        found = read_causes(health, str(ours.resource.get("name")) if ours else None)
        is_paused = CauseKind.WEBHOOKS_PAUSED in found or self._is_silent()
        self._every = RECOVERY_PACE if is_paused and self._pace.was_called() else ALERT_PACE if found else PACE
        # A call of what had stopped calling tells that this is over.
        self._pace = Pace(self._outlet.signals, self._upstream.source if is_paused else None)
        self._pace.done(now)
        self._causes.tell(found, now)
        if ours is not None and is_paused:
            self._test(ours, now)
        return self._every

    def _test(self, ours: Notification, now: datetime) -> None:
        if self._tested_at is not None and timedelta() <= now - self._tested_at < TRY_AGAIN:
            return
        self._tested_at = now
        try:
            self._client.test_notification(ours.resource)
        except ClientError as error:
            logger.warning("%s Its webhooks stay paused.", error)
        else:
            logger.info("%s calls us again: a test of our connection ended its pause", self._upstream.name)

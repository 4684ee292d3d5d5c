"""The only door to the record and to the board: record, then announce.

A webhook body and a polled answer are the same thing once they are observations; nobody else commits a state and
nobody else announces one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from flaskapp.domain.observation import Observation
from flaskapp.domain.origin import Origin
from flaskapp.domain.recorded import Recorded
from flaskapp.extensions import writer
from flaskapp.live.announce import Announcer
from flaskapp.tracking.record import Rules, forget, record


class Pipeline:
    """Takes observations in; one per app. Needs an application context."""

    def __init__(self, announcer: Announcer, rules: Callable[[], Rules]) -> None:
        self._announcer, self._rules = announcer, rules

    def ingest(
        self,
        observations: Sequence[Observation],
        origin: Origin,
        settle: Callable[[Session], None] | None = None,
    ) -> Recorded:
        """Record what a source said and tell the browsers; ``settle`` writes along in the same transaction."""
        # The lock is held until all is announced: frames leave in the order of their ids.
        with writer:
            recorded = record(observations, origin, self._rules(), settle)
            self._announcer.announce(recorded)
        return recorded

    def forget(self, request_id: int, origin: Origin) -> bool:
        """Take a card off the board for good; False when there is none."""
        with writer:
            recorded = forget(request_id, origin)
            self._announcer.announce(recorded)
        return bool(recorded.change_ids)

    def refresh(self, why: str) -> None:
        """Let every open board load itself anew: something on it changed that is no fact of a request."""
        with writer:
            self._announcer.refresh(why)

    def catch_up(self) -> None:
        """Tell the browsers what another process wrote, such as ``flask replay``."""
        with writer:
            self._announcer.catch_up()

"""What an upstream sees of the house as a whole: told to the record only when it changes, and to open boards then."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flaskapp.domain.house import CauseKind, CausesRead
from flaskapp.domain.origin import Origin
from flaskapp.polling.outlet import Outlet


class Causes:
    """The causes of some kinds, as one upstream (the name people know it by) sees them."""

    def __init__(self, upstream: str, asked: Collection[CauseKind], outlet: Outlet) -> None:
        self._upstream, self._asked, self._outlet = upstream, frozenset(asked), outlet
        self._found: frozenset[CauseKind] | None = None

    def tell(self, found: Collection[CauseKind], now: datetime) -> None:
        """Take in what is true now."""
        if self._found == frozenset(found):
            return
        is_news, self._found = bool(found) or self._found is not None, frozenset(found)
        read = CausesRead(seen_at=now, upstream=self._upstream, asked=self._asked, found=self._found)
        self._outlet.ingest([read], Origin.only("house", now))
        if is_news:
            self._outlet.on_turn()

"""One possible reason why an item waits: when it is told, and from when on it waits for the admin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flaskapp.domain.trouble_kind import ESCALATION, PATIENCE, TroubleKind, Who
from flaskapp.domain.wording import Wording


@dataclass(frozen=True)
class Finding:
    """A reason that holds since a moment. ``late`` are its words once it waits for the admin, if they differ.

    ``place`` is one in a queue; ``patience`` only where it is not that of the kind.
    """

    kind: TroubleKind
    since: datetime
    wording: Wording
    who: Who = Who.NOBODY
    late: Wording | None = None
    until: datetime | None = None
    place: int | None = None
    messages: tuple[str, ...] = ()
    patience: timedelta | None = None

    def is_told(self, now: datetime) -> bool:
        """Tell whether it lasts long enough."""
        return now >= self._told_at

    def who_at(self, now: datetime) -> Who:
        """Tell who has to act by now."""
        return Who.ADMIN if self._is_late(now) else self.who

    def wording_at(self, now: datetime) -> Wording:
        """Give the words for now."""
        return self.late if self.late and self._is_late(now) else self.wording

    def turns(self) -> Iterator[datetime]:
        """Give the moments at which time alone changes it."""
        yield self._told_at
        if self.kind in ESCALATION:
            yield self.since + ESCALATION[self.kind]
        if self.until is not None:
            yield self.until

    @property
    def _told_at(self) -> datetime:
        return self.since + (PATIENCE[self.kind] if self.patience is None else self.patience)

    def _is_late(self, now: datetime) -> bool:
        return self.kind in ESCALATION and now >= self.since + ESCALATION[self.kind]

"""When films come out, as the metadata services know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from demo.clock import Clock
from demo.titles import Film, Series

WINDOW = timedelta(days=90)
"""From the cinema to the living room, where no date is known."""


@dataclass(frozen=True)
class Dates:
    """The three days of a film's life."""

    in_cinemas: datetime
    digital: datetime | None = None
    physical: datetime | None = None

    @property
    def out_at(self) -> datetime:
        """Give the day from which it can be had for home."""
        known = [date for date in (self.digital, self.physical) if date]
        return min(known) if known else self.in_cinemas + WINDOW


class Calendar:
    """Old films are out; others come out when they were announced to."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.announced: dict[str, Dates] = {}

    def of(self, title: Film) -> Dates:
        """Give the dates of a title."""
        return self.announced.get(title.slug) or Dates(datetime(title.year, 10, 4, tzinfo=UTC))

    def is_out(self, title: Film) -> bool:
        """Tell whether it may be grabbed; episodes have dates of their own."""
        return isinstance(title, Series) or self.of(title).out_at <= self._clock.now

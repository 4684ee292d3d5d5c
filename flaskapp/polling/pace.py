"""When a steady reading is due: at its own pace, and soon after its service has called."""

from __future__ import annotations

from datetime import datetime

from flaskapp.polling.errand import SETTLING
from flaskapp.signals import Signals


class Pace:
    """Keeps the time of one reading. ``source`` is whose webhooks hint at more, if any do."""

    def __init__(self, signals: Signals, source: str | None = None) -> None:
        self._signals, self._source = signals, source
        self._read_at: datetime | None = None

    def left(self, seconds: float, now: datetime) -> float:
        """Give the seconds until the next pass, of a pace of so many seconds; a clock that was set back ends them."""
        if self._read_at is None:
            return 0.0
        elapsed = (now - self._read_at).total_seconds()
        left = seconds - elapsed if 0 <= elapsed < seconds else 0.0
        called_at = self._called_at()
        if called_at is None:
            return left
        # Others may follow, and the caller may still be saving what it told.
        return min(left, max(0.0, SETTLING - (now - called_at).total_seconds()))

    def was_called(self) -> bool:
        """Tell whether a webhook came since the last pass began."""
        return self._called_at() is not None

    def _called_at(self) -> datetime | None:
        called_at = self._signals.called.get(self._source) if self._source else None
        is_news = called_at is not None and (self._read_at is None or called_at >= self._read_at)
        return called_at if is_news else None

    def done(self, now: datetime) -> None:
        """Note a pass that began at this time."""
        self._read_at = now

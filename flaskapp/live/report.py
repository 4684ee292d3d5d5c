"""What a process knows of services and viewers, so that all show the same and the one that asks knows who watches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flaskapp.signals import Contact, Held, Signals

MOMENTS = ("last_contact_at", "last_error_at", "failing_since")
HELD_MOMENTS = ("since", "told_at")


def write_report(signals: Signals) -> dict[str, Any]:
    """Give as JSON what others should know."""
    report: dict[str, Any] = {
        "viewers": signals.viewers,
        "called": _written(signals.called),
        "refused": _written(signals.refused),
        "held": [_written(vars(word)) for word in signals.held_streams.words()],
    }
    if signals.is_asking:
        report["ticks"] = _written(signals.ticks)
        report["contacts"] = {name: _written(vars(contact)) for name, contact in signals.contacts.items()}
    return report


def take_report(report: Mapping[str, Any], sender: str, signals: Signals) -> None:
    """Take what another process knows; a webhook that came there wakes the loops here."""
    signals.watch_elsewhere(sender, report["viewers"])
    is_news = _take_newer(signals.called, report["called"])
    _take_newer(signals.refused, report["refused"])
    for word in report["held"]:
        signals.held_streams.take(Held(**{**word, **_read_moments(word, HELD_MOMENTS)}))
    if "contacts" in report and not signals.is_asking:
        signals.ticks = _read(report["ticks"])
        signals.contacts = {name: _read_contact(contact) for name, contact in report["contacts"].items()}
    if is_news:
        signals.wake_all()


def _take_newer(known: dict[str, datetime], told: Mapping[str, str]) -> bool:
    newer = {name: at for name, at in _read(told).items() if name not in known or at > known[name]}
    known.update(newer)
    return bool(newer)


def _written(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _read(moments: Mapping[str, str]) -> dict[str, datetime]:
    return {name: datetime.fromisoformat(at) for name, at in moments.items()}


def _read_contact(contact: Mapping[str, Any]) -> Contact:
    return Contact(**{**contact, **_read_moments(contact, MOMENTS)})


def _read_moments(values: Mapping[str, Any], names: Sequence[str]) -> dict[str, datetime]:
    return _read({name: values[name] for name in names if values[name] is not None})

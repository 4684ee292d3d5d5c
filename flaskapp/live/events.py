"""The event types of the stream and their JSON; nothing else.

This is what browsers, scripts and other programs read: fields may be added, none may go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

VERSION = 1
"""Of this contract; it goes up when a field or a type has to go."""

Event = dict[str, Any]
Mode = Literal["live", "replay", "resync"]


TOLD_OF_A_TROUBLE = ("kind", "sentence", "since", "who", "until")
"""What the stream says of a trouble; upstream's own messages stay on the page of the request."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card as the server draws it now, None when it left the board; ``rev`` is the id of its newest change."""

    card: str | None
    rev: int
    trouble: Event | None = None


def trouble(stored: Event | None) -> Event | None:
    """Give what everybody may read of the trouble of a request, None while there is none."""
    return None if stored is None else {name: stored[name] for name in TOLD_OF_A_TROUBLE}


def connected(mode: Mode, heartbeat: float, scope: str) -> Event:
    """Greet: say what comes next, how long silence may last, and by a word who else sees the same requests."""
    return {"type": "connected", "version": VERSION, "mode": mode, "heartbeat": heartbeat, "scope": scope}


def progress_update(request_id: int, progress: int, eta: int, speed: int) -> Event:
    """Tell how far a download is; ``eta`` in seconds, -1 is unknown, ``speed`` in bytes per second."""
    return {"type": "progress_update", "request_id": request_id, "progress": progress, "eta": eta, "speed": speed}


def state_change(request_id: int, old_state: str | None, new_state: str, drawn: Drawn) -> Event:
    """Tell that a request reached another state."""
    event = {"type": "state_change", "request_id": request_id, "old_state": old_state, "new_state": new_state}
    return event | _card(drawn)


def request_updated(request_id: int, drawn: Drawn) -> Event:
    """Tell that a card shows something else although its state is the same."""
    return {"type": "request_updated", "request_id": request_id} | _card(drawn)


def request_created(request_id: int, title: str, poster_url: str | None, state: str, drawn: Drawn) -> Event:
    """Tell that somebody asked for something."""
    event = {"type": "request_created", "request_id": request_id, "title": title}
    return event | {"poster_url": poster_url, "state": state} | _card(drawn)


def request_deleted(request_id: int) -> Event:
    """Tell that a card was taken off the board."""
    return {"type": "request_deleted", "request_id": request_id}


def resync(reason: str) -> Event:
    """Ask to load the board anew."""
    return {"type": "resync", "reason": reason}


def bye(reason: str) -> Event:
    """Say that the stream ends here."""
    return {"type": "bye", "reason": reason}


def heartbeat() -> Event:
    """Break the silence."""
    return {"type": "heartbeat"}


def _card(drawn: Drawn) -> Event:
    return {"card": drawn.card, "rev": drawn.rev, "trouble": drawn.trouble}

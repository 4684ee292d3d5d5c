"""What one payload meant, or why it can't be used."""

from __future__ import annotations

from dataclasses import dataclass

from flaskapp.domain.observation import Observation


@dataclass(frozen=True)
class Translation:
    """What one payload meant: its kind in upstream's own word, the observations, and what was odd.

    ``reason`` says why nothing follows when there are no observations; ``notes`` name fields treated as absent.
    ``is_hint``: it may mean something that we can't read, so its service had better be asked.
    """

    kind: str
    observations: tuple[Observation, ...] = ()
    reason: str | None = None
    notes: tuple[str, ...] = ()
    is_hint: bool = False


class UnusablePayloadError(ValueError):
    """The payload can't be used at all: one plain sentence that names the field."""

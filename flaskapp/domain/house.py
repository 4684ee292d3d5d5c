"""Causes that hit everybody in the house at once: told once, on top of the board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flaskapp.domain.observation import Observation


class CauseKind(StrEnum):
    """What is wrong with the house."""

    SLOW_MODE = "slow_mode"
    """The download client keeps to its alternative speed limits."""
    DISCONNECTED = "disconnected"
    """The download client has no way to the internet: a VPN is down."""
    DOWNLOADS_FULL = "downloads_full"
    """No room where the download client writes."""
    LIBRARY_FULL = "library_full"
    """No room in the library folder."""
    WEBHOOKS_PAUSED = "webhooks_paused"
    """Radarr or Sonarr has stopped calling us after failures; testing its connection lifts that."""
    WEBHOOKS_SILENT = "webhooks_silent"
    """Things happened that a webhook should have told, and none came."""
    CLIENT_UNREACHABLE = "client_unreachable"
    """Radarr or Sonarr can't reach its download client."""


SEEN_BY_CLIENTS = (CauseKind.SLOW_MODE, CauseKind.DISCONNECTED, CauseKind.DOWNLOADS_FULL)
"""What a download client says of itself, and of no other one's downloads."""


@dataclass(frozen=True)
class Cause:
    """One cause, and who named it: ``upstream`` is the name people know it by (``Radarr 4K``)."""

    kind: CauseKind
    upstream: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class CausesRead(Observation):
    """What is wrong with the house as one upstream sees it: replaces what it saw before of these ``asked`` kinds."""

    upstream: str
    asked: frozenset[CauseKind]
    found: frozenset[CauseKind]

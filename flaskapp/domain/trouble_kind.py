"""The words for why a card waits, and for how long each of them is kept back."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class TroubleKind(StrEnum):
    """Why a card waits."""

    AWAITING_APPROVAL = "awaiting_approval"
    NOT_SENT = "not_sent"
    """Seerr could not hand the request on to Radarr or Sonarr."""
    NOT_RELEASED = "not_released"
    NOT_AIRED = "not_aired"
    NOT_MONITORED = "not_monitored"
    NOTHING_FOUND = "nothing_found"
    DELAYED = "delayed"
    CLIENT_UNAVAILABLE = "client_unavailable"
    QUEUED = "queued"
    METADATA = "metadata"
    STALLED = "stalled"
    PAUSED = "paused"
    CLIENT_ERROR = "client_error"
    FILES_MISSING = "files_missing"
    CHECKING = "checking"
    MOVING = "moving"
    UNPACKING = "unpacking"
    DOWNLOAD_FAILED = "download_failed"
    DOWNLOAD_REMOVED = "download_removed"
    DOWNLOAD_IGNORED = "download_ignored"
    NOT_TRACKED = "not_tracked"
    """The client is done, but neither Radarr nor Sonarr follows the download."""
    FILES_UNREACHABLE = "files_unreachable"
    IMPORT_BLOCKED = "import_blocked"
    NOT_IMPORTED = "not_imported"
    """Complete for long, without a word of why it is not imported."""
    IMPORTING = "importing"
    """Copying for long."""
    NOT_SHOWN = "not_shown"
    """In the library folder, and Jellyfin does not show it."""
    GONE = "gone"
    """It was there once, or Radarr or Sonarr does not have it (any more)."""


class Who(StrEnum):
    """Who has to act, or what has to come."""

    NOBODY = "nobody"
    ADMIN = "admin"
    RELEASE_DATE = "release_date"


PATIENCE = {
    TroubleKind.AWAITING_APPROVAL: timedelta(),
    TroubleKind.NOT_SENT: timedelta(),
    TroubleKind.NOT_RELEASED: timedelta(),
    TroubleKind.NOT_AIRED: timedelta(),
    TroubleKind.NOT_MONITORED: timedelta(),
    TroubleKind.NOTHING_FOUND: timedelta(minutes=2),  # what a search finds is grabbed within a minute
    TroubleKind.DELAYED: timedelta(),
    TroubleKind.CLIENT_UNAVAILABLE: timedelta(minutes=1),
    TroubleKind.QUEUED: timedelta(seconds=30),
    TroubleKind.METADATA: timedelta(minutes=1),
    TroubleKind.STALLED: timedelta(minutes=10),  # every download begins so, and many pause for minutes
    TroubleKind.PAUSED: timedelta(minutes=1),
    TroubleKind.CLIENT_ERROR: timedelta(minutes=1),
    TroubleKind.FILES_MISSING: timedelta(minutes=1),
    TroubleKind.CHECKING: timedelta(minutes=1),
    TroubleKind.MOVING: timedelta(minutes=1),
    TroubleKind.UNPACKING: timedelta(minutes=1),
    TroubleKind.DOWNLOAD_FAILED: timedelta(),
    TroubleKind.DOWNLOAD_REMOVED: timedelta(minutes=1),
    TroubleKind.DOWNLOAD_IGNORED: timedelta(),
    TroubleKind.NOT_TRACKED: timedelta(minutes=10),
    TroubleKind.FILES_UNREACHABLE: timedelta(minutes=5),
    TroubleKind.IMPORT_BLOCKED: timedelta(),
    TroubleKind.NOT_IMPORTED: timedelta(minutes=30),  # others may be imported before it, one after the other
    TroubleKind.IMPORTING: timedelta(minutes=5),
    TroubleKind.NOT_SHOWN: timedelta(minutes=5),
    TroubleKind.GONE: timedelta(),
}
"""How long a trouble lasts before it is told, so that what passes by itself never shows."""
HELD_PATIENCE = timedelta(minutes=5)
"""The same for an import that is held with a warning: unpacking and second tries pass through there."""
ESCALATION = {
    TroubleKind.CLIENT_UNAVAILABLE: timedelta(minutes=30),
    TroubleKind.METADATA: timedelta(minutes=30),
    TroubleKind.STALLED: timedelta(hours=24),
    TroubleKind.DOWNLOAD_REMOVED: timedelta(minutes=30),
    TroubleKind.NOT_SHOWN: timedelta(minutes=60),
}
"""How long a trouble may wait for nobody before it waits for the admin."""

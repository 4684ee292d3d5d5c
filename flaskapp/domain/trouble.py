"""Facts to the one reason why a card waits: what, since when, who has to act, what happens next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flaskapp.domain.facts import ItemKey, MediaFacts, RequestFact
from flaskapp.domain.house import Cause
from flaskapp.domain.lifecycle import Derived


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
    IMPORTING = "importing"
    """Copying for long."""
    NOT_SHOWN = "not_shown"
    """In the library folder, and Jellyfin does not show it."""
    GONE = "gone"
    """It was there once."""


class Who(StrEnum):
    """Who has to act, or what has to come."""

    NOBODY = "nobody"
    ADMIN = "admin"
    RELEASE_DATE = "release_date"


@dataclass(frozen=True)
class Trouble:
    """Why a card waits: one plain sentence that also says what happens next.

    ``until`` is the moment for which it waits, where one is known. ``items`` are the episodes concerned, empty when
    it is all of them. ``messages`` are upstream's own words, for the admin.
    """

    kind: TroubleKind
    since: datetime
    who: Who
    sentence: str
    until: datetime | None = None
    items: tuple[ItemKey, ...] = ()
    messages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outlook:
    """The trouble of a card, and when it has to be looked at again although nobody says anything new."""

    trouble: Trouble | None = None
    look_at: datetime | None = None


def find_trouble(
    request: RequestFact, facts: MediaFacts, derived: Derived, causes: Collection[Cause], now: datetime
) -> Outlook:
    """Find why a request waits, None while it moves on by itself and soon."""
    return Outlook()

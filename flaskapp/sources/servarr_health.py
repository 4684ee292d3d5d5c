"""What Radarr and Sonarr say of themselves: what is wrong, how our webhook is set up, how full their disks are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flaskapp.domain.house import CauseKind
from flaskapp.sources.fields import LONGEST_ADDRESS, Fields

CAUSES = {
    "NotificationStatusCheck": CauseKind.WEBHOOKS_PAUSED,
    "DownloadClientStatusCheck": CauseKind.CLIENT_UNREACHABLE,
    "DownloadClientCheck": CauseKind.CLIENT_UNREACHABLE,
}
"""What their checks mean to us. The names of the checks are not translated, their messages are."""
TRIGGERS = {
    "onGrab": "On Grab",
    "onDownload": "On File Import",
    "onUpgrade": "On File Upgrade",
    "onMovieDelete": "On Movie Delete",
    "onSeriesDelete": "On Series Delete",
    "onMovieFileDelete": "On Movie File Delete",
    "onEpisodeFileDelete": "On Episode File Delete",
    "onManualInteractionRequired": "On Manual Interaction Required",
}
"""The triggers that we need, with their labels. Each service and version has some of them."""


@dataclass(frozen=True)
class Notification:
    """Our webhook as it is saved there; ``missing`` are the labels of triggers that are off and that we need."""

    resource: Mapping[str, object]
    missing: tuple[str, ...]


def read_causes(rows: Iterable[Mapping[str, object]], connection: str | None = None) -> frozenset[CauseKind]:
    """Read which of the causes that we know ``/health`` names; ``connection`` is the name of ours.

    Other connections may be paused too: the names of those that are stand in the message, unless all of them are.
    """
    named = {CAUSES.get(Fields(row).text("source") or ""): Fields(row) for row in rows}
    paused = named.get(CauseKind.WEBHOOKS_PAUSED)
    if paused is not None and connection and paused.text("type") != "error":
        is_ours = connection in (paused.text("message") or "")
        named = named if is_ours else {cause: row for cause, row in named.items() if row is not paused}
    return frozenset(cause for cause in named if cause is not None)


def started_at(status: Mapping[str, object]) -> datetime | None:
    """Read from ``/system/status`` when the service was started."""
    return Fields(status).moment("startTime")


def our_notification(rows: Iterable[Mapping[str, object]], source: str, instance: str) -> Notification | None:
    """Find the connection that leads to us; of several the one that lacks the least."""
    ours = (row for row in rows if _leads_here(Fields(row), source, instance))
    found = [Notification(row, _missing(row)) for row in ours]
    return min(found, key=lambda notification: len(notification.missing), default=None)


def _leads_here(row: Fields, source: str, instance: str) -> bool:
    if row.text("implementation") != "Webhook":
        return False
    values = (field.text("value", most=LONGEST_ADDRESS) for field in row.rows("fields") if field.text("name") == "url")
    path = _path_of(next(values, None) or "")
    addresses = [f"/webhooks/{source}/{instance}", *([f"/webhooks/{source}"] if instance == source else [])]
    return path.endswith(tuple(addresses))


def _path_of(url: str) -> str:
    """Give the path of an address as we compare it: our addresses may end in a slash and have any case."""
    try:
        return urlsplit(url).path.rstrip("/").lower()
    except ValueError:
        return ""


def _missing(row: Mapping[str, object]) -> tuple[str, ...]:
    fields = Fields(row)
    # A trigger that a version does not have is absent, and nothing that anybody could tick.
    return tuple(label for name, label in TRIGGERS.items() if fields.has(name) and not fields.flag(name))


def disk_of(disks: Iterable[Mapping[str, object]], path: str) -> int | None:
    """Give the free bytes of the disk that holds a path: the one with the longest mount above it."""
    mounts = {_folder(mount): disk for disk in map(Fields, disks) if (mount := disk.text("path", most=LONGEST_ADDRESS))}
    above = [mount for mount in mounts if _folder(path).startswith(mount)]
    return mounts[max(above, key=len)].whole("freeSpace") if above else None


def _folder(path: str) -> str:
    """Spell a folder so that none is a beginning of its neighbour; Windows has the other slash."""
    return path.replace("\\", "/").rstrip("/") + "/"

"""What a card shows of one download, put together from its client and from the queue of Radarr or Sonarr."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from flaskapp.domain.facts import DownloadFact, ListingFact
from flaskapp.domain.observation import DownloadStage
from flaskapp.domain.queue import QueueStage
from flaskapp.domain.state import ORDER, State

BY_CLIENT, BY_QUEUE = "qbittorrent", "queue"
"""Whose numbers they are; which Radarr or Sonarr the queue belongs to, its entry knows."""
LISTED = {
    QueueStage.DOWNLOADING: State.DOWNLOADING,
    QueueStage.WARNED: State.DOWNLOADING,
    QueueStage.UNPACKING: State.DOWNLOADED,
    QueueStage.COMPLETE: State.DOWNLOADED,
    QueueStage.UNREACHABLE: State.DOWNLOADED,
    QueueStage.PENDING: State.DOWNLOADED,
    QueueStage.HELD: State.DOWNLOADED,
    QueueStage.BLOCKED: State.DOWNLOADED,
    QueueStage.IMPORTING: State.IMPORTING,
}
"""What is only queued or paused depends on its bytes; what failed is no longer open."""
RESOLVED = frozenset({stage for stage, state in LISTED.items() if state is not State.DOWNLOADED}) | {
    QueueStage.QUEUED,
    QueueStage.PAUSED,
    QueueStage.FAILED,
}
"""Stages that contradict a block told before: it is imported now, or it comes anew."""


@dataclass(frozen=True)
class Transfer:
    """How far one download is. ``progress`` is 0…1, ``size`` bytes, ``eta`` seconds, ``speed`` bytes/s."""

    state: State
    progress: float = 0.0
    size: int | None = None
    eta: int | None = None
    speed: int | None = None
    measured_at: datetime | None = None
    measured_by: str | None = None

    @property
    def is_active(self) -> bool:
        """Tell whether bytes are still missing."""
        return ORDER[self.state] < ORDER[State.DOWNLOADED]


def transfer(download: DownloadFact) -> Transfer:
    """Give what a download shows: the client's own numbers where it speaks of it, else those of the queue."""
    shown = _transfer(download)
    if is_blocked(download) and shown.is_active:
        # Told sooner than its client was asked again: nothing is imported before it is complete.
        return replace(shown, state=State.DOWNLOADED, progress=1.0, eta=None, speed=None)
    return shown


def _transfer(download: DownloadFact) -> Transfer:
    listing = download.listing
    if has_client_word(download):
        own = _by_client(download)
        is_importing = listing is not None and listing.stage is QueueStage.IMPORTING
        return replace(own, state=State.IMPORTING) if is_importing else own
    if listing is not None:
        return _by_queue(download, listing)
    return Transfer(State.GRABBED, size=download.size)


def has_client_word(download: DownloadFact) -> bool:
    """Tell whether the download client itself knows this download."""
    return download.stage is not None and download.gone_at is None


def is_blocked(download: DownloadFact) -> bool:
    """Tell whether the import needs a person: listed so, or told so and not denied by a later row."""
    listing = download.listing
    if listing is not None and listing.stage is QueueStage.BLOCKED:
        return True
    if download.blocked_at is None:
        return False
    return listing is None or listing.seen_at <= download.blocked_at or listing.stage not in RESOLVED


def stage_state(stage: DownloadStage | None, progress: float) -> State:
    """Give the state a download gives its items; it is only grabbed until it has bytes, and waits with them later."""
    match stage:
        case DownloadStage.QUEUED | DownloadStage.CHECKING:
            return State.DOWNLOADING if progress else State.GRABBED
        case None | DownloadStage.METADATA | DownloadStage.UNKNOWN:
            return State.GRABBED
        case DownloadStage.COMPLETE:
            return State.DOWNLOADED
        case _:
            return State.DOWNLOADING


def _by_client(download: DownloadFact) -> Transfer:
    return Transfer(
        state=stage_state(download.stage, download.progress),
        progress=download.progress,
        size=download.size,
        eta=download.eta,
        speed=download.speed,
        measured_at=download.polled_at,
        measured_by=BY_CLIENT,
    )


def _by_queue(download: DownloadFact, listing: ListingFact) -> Transfer:
    # What waits in the client has begun only when it has bytes.
    state = LISTED.get(listing.stage, State.DOWNLOADING if listing.progress else State.GRABBED)
    is_whole = ORDER[state] >= ORDER[State.DOWNLOADED]
    return Transfer(
        state=state,
        progress=1.0 if is_whole else listing.progress or 0.0,
        size=listing.size or download.size,
        eta=listing.eta,
        measured_at=listing.seen_at,
        measured_by=BY_QUEUE,
    )

"""Why a download keeps its items waiting, from what its client and the queue of Radarr or Sonarr say."""

from __future__ import annotations

from datetime import datetime, timedelta

from flaskapp.domain import wording
from flaskapp.domain.facts import DownloadFact, ListingFact
from flaskapp.domain.finding import Finding
from flaskapp.domain.observation import DownloadStage
from flaskapp.domain.queue import Dropping, Protocol, QueueStage
from flaskapp.domain.state import State
from flaskapp.domain.transfer import LISTED, has_client_word, is_blocked
from flaskapp.domain.trouble_kind import HELD_PATIENCE, TroubleKind, Who

STUCK = (QueueStage.HELD, QueueStage.BLOCKED)
BEGUN_ONLY = (None, State.DOWNLOADING)
"""What the queue says of a download that is not whole, and what its client knows better."""


def open_download(download: DownloadFact, *, read_at: datetime | None) -> Finding | None:
    """Find why an open download does not arrive; ``read_at``: when its Radarr or Sonarr last answered us."""
    listing = download.listing
    if is_blocked(download):
        return _blocked(download)
    if listing is not None and listing.stage is QueueStage.IMPORTING:
        return _by_queue(listing)
    if not has_client_word(download):
        return _by_queue(listing) if listing else None
    if download.stage is not DownloadStage.COMPLETE:
        return _by_client(download)
    done_at = _stage_since(download)
    if listing is not None and listing.seen_at >= done_at:
        return _by_queue(listing) if LISTED.get(listing.stage) not in BEGUN_ONLY else None
    # A queue that nobody could read lists nothing.
    return _not_tracked(done_at) if read_at and read_at > done_at else None


def closed_download(download: DownloadFact) -> Finding | None:
    """Find why a download that ended without a file brings nothing."""
    drop, listing = download.drop, download.listing
    if drop is None:
        if listing is not None and listing.stage is QueueStage.FAILED:
            return _failed(listing.since, listing.messages)
        return _removed(download.gone_at) if download.gone_at else None
    match drop.why:
        case Dropping.FAILED:
            return _failed(drop.at, (drop.message,) if drop.message else ())
        case Dropping.IGNORED:
            return Finding(TroubleKind.DOWNLOAD_IGNORED, drop.at, wording.DOWNLOAD_IGNORED, Who.ADMIN)
        case Dropping.REMOVED:
            if has_client_word(download) and download.stage is DownloadStage.COMPLETE:
                # That the queue lacks it was looked at for minutes.
                return _not_tracked(_stage_since(download), patience=timedelta())
            since = min(drop.at, download.gone_at or drop.at)
            return Finding(TroubleKind.DOWNLOAD_REMOVED, since, wording.LEFT_THE_QUEUE, Who.ADMIN)


def _blocked(download: DownloadFact) -> Finding:
    listing = download.listing
    begun = [download.blocked_at] if download.blocked_at else []
    if listing is not None and listing.stage in STUCK:
        begun.append(listing.since)
    messages = listing.messages if listing and listing.messages else download.blocked_messages
    return Finding(TroubleKind.IMPORT_BLOCKED, min(begun), wording.IMPORT_BLOCKED, Who.ADMIN, messages=messages)


def _stage_since(download: DownloadFact) -> datetime:
    return download.stage_since or download.grabbed_at


def _by_client(download: DownloadFact) -> Finding | None:
    since = _stage_since(download)
    match download.stage:
        case DownloadStage.QUEUED:
            place = download.place
            words = wording.QUEUED if place is None else wording.queued_at(place)
            return Finding(TroubleKind.QUEUED, since, words, place=place)
        case DownloadStage.METADATA:
            return Finding(TroubleKind.METADATA, since, wording.METADATA, late=wording.METADATA_LATE)
        case DownloadStage.STALLED:
            return _stalled(download, max(since, download.last_byte_at or since))
        case DownloadStage.PAUSED:
            return Finding(TroubleKind.PAUSED, since, wording.PAUSED, Who.ADMIN)
        case DownloadStage.ERROR:
            messages = download.listing.messages if download.listing else ()
            return Finding(TroubleKind.CLIENT_ERROR, since, wording.CLIENT_ERROR, Who.ADMIN, messages=messages)
        case DownloadStage.MISSING_FILES:
            return Finding(TroubleKind.FILES_MISSING, since, wording.FILES_MISSING, Who.ADMIN)
        case DownloadStage.CHECKING:
            return Finding(TroubleKind.CHECKING, since, wording.CHECKING)
        case DownloadStage.MOVING:
            return Finding(TroubleKind.MOVING, since, wording.MOVING)
    return None


def _by_queue(listing: ListingFact) -> Finding | None:
    since, messages = listing.since, listing.messages
    match listing.stage:
        case QueueStage.QUEUED:
            return Finding(TroubleKind.QUEUED, since, wording.QUEUED)
        case QueueStage.PAUSED:
            return Finding(TroubleKind.PAUSED, since, wording.PAUSED, Who.ADMIN)
        case QueueStage.WARNED:
            # The client warns of no peers, of errors, of much else: only that nothing comes is certain.
            return Finding(TroubleKind.STALLED, since, wording.NO_DATA, late=wording.NO_DATA_LATE)
        case QueueStage.UNPACKING:
            return Finding(TroubleKind.UNPACKING, since, wording.UNPACKING)
        case QueueStage.UNREACHABLE:
            words = wording.FILES_UNREACHABLE
            return Finding(TroubleKind.FILES_UNREACHABLE, since, words, Who.ADMIN, messages=messages)
        case QueueStage.HELD:
            words, kind = wording.IMPORT_BLOCKED, TroubleKind.IMPORT_BLOCKED
            return Finding(kind, since, words, Who.ADMIN, messages=messages, patience=HELD_PATIENCE)
        case QueueStage.COMPLETE | QueueStage.PENDING:
            return Finding(TroubleKind.NOT_IMPORTED, since, wording.NOT_IMPORTED, Who.ADMIN)
        case QueueStage.IMPORTING:
            return Finding(TroubleKind.IMPORTING, since, wording.IMPORTING)
    return None


def _stalled(download: DownloadFact, since: datetime) -> Finding:
    if download.listing is not None and download.listing.protocol is Protocol.USENET:
        return Finding(TroubleKind.STALLED, since, wording.NO_DATA, late=wording.NO_DATA_LATE)
    return Finding(TroubleKind.STALLED, since, wording.NO_PEERS, late=wording.NO_PEERS_LATE)


def _not_tracked(since: datetime, patience: timedelta | None = None) -> Finding:
    return Finding(TroubleKind.NOT_TRACKED, since, wording.NOT_TRACKED, Who.ADMIN, patience=patience)


def _failed(since: datetime, messages: tuple[str, ...]) -> Finding:
    return Finding(TroubleKind.DOWNLOAD_FAILED, since, wording.DOWNLOAD_FAILED, messages=messages)


def _removed(since: datetime) -> Finding:
    late = wording.LEFT_THE_QUEUE
    return Finding(TroubleKind.DOWNLOAD_REMOVED, since, wording.DOWNLOAD_REMOVED, late=late)

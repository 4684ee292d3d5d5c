"""What the queues and histories of Radarr and Sonarr say of downloads."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.domain.origin import Origin
from flaskapp.domain.queue import DownloadDropped, DownloadListed, Dropping, HistoryRead, QueueStage, ReleasesHeld
from flaskapp.models import Download, Entry, HeldRelease, Media
from flaskapp.models.setting import history_mark, read_setting, write_setting
from flaskapp.tracking.correlate import carry, describe, find_entry, find_items, grabbed_download

SNAPSHOT = timedelta(minutes=1)
"""A queue is a picture that may be so old: only what is listed later proves that a download lives again."""
STUCK = (QueueStage.HELD, QueueStage.BLOCKED)
"""What is blocked turns into held and back once a minute, while Radarr or Sonarr tries again."""
CLIENT_SPEAKS = (QueueStage.WARNED, QueueStage.FAILED)


def store_listing(listed: DownloadListed, session: Session, origin: Origin) -> set[int]:
    """Keep how a queue lists a download, unless a later reading is known."""
    download, media = _find(listed, listed.added_at or listed.seen_at, session, origin)
    if download.queue_read_at is not None and download.queue_read_at > listed.seen_at:
        return set()
    _put(download, listed)
    if listed.added_at and download.blocked_at and listed.added_at > download.blocked_at:
        download.blocked_at = None  # that was an earlier try: the same release was grabbed again since
    if listed.stage is not QueueStage.FAILED:
        _revive(download, listed)
    return {media.id}


def _find(
    said: DownloadListed | DownloadDropped, grabbed_at: datetime, session: Session, origin: Origin
) -> tuple[Download, Media]:
    """Give the download with all that it carries; it was grabbed, whether or not a webhook said so."""
    entry, media = find_entry(session, said.entry, origin)
    items = find_items(session, media, said.items)
    download = grabbed_download(session, said.download_id, grabbed_at)
    carry(session, entry, download, items)
    return download, media


def _put(download: Download, listed: DownloadListed) -> None:
    stage = QueueStage.BLOCKED if {download.queue_stage, listed.stage} == set(STUCK) else listed.stage
    if stage is not download.queue_stage:
        is_same_trouble = download.queue_stage in STUCK and stage in STUCK
        download.queue_stage = stage
        download.queue_since = download.queue_since if is_same_trouble else listed.seen_at
    said = (listed.client_text,) if listed.client_text and stage in CLIENT_SPEAKS else ()
    download.queue_messages = [*listed.messages, *said]
    download.queue_read_at, download.queue_eta = listed.seen_at, listed.eta
    download.queue_progress, download.queue_size = listed.progress, listed.size
    download.protocol = listed.protocol
    describe(download, listed, listed.client)


def _revive(download: Download, listed: DownloadListed) -> None:
    """Take back an end that a later picture of the queue disproves."""
    if download.drop_known_at is not None and listed.seen_at > download.drop_known_at + SNAPSHOT:
        download.take_back_drop()
    if download.gone_at is not None and listed.seen_at > download.gone_at + SNAPSHOT:
        download.gone_at = download.stage = download.speaker = None  # it may live in another client now


def store_drop(dropped: DownloadDropped, session: Session, origin: Origin) -> set[int]:
    """Keep that a download brings nothing any more; what history says of it counts more than its mere absence."""
    download, media = _find(dropped, dropped.seen_at, session, origin)
    if _is_explained(download, dropped) or _is_listed_since(download, dropped):
        return set()
    download.dropped_at, download.dropping = dropped.seen_at, dropped.why
    download.drop_message, download.drop_known_at = dropped.message, origin.now
    return {media.id}


def _is_listed_since(download: Download, dropped: DownloadDropped) -> bool:
    """Tell whether a later picture disproves an absence. A row of history has its time by another clock."""
    if dropped.from_history or download.queue_read_at is None or download.queue_stage is QueueStage.FAILED:
        return False
    return download.queue_read_at > dropped.seen_at + SNAPSHOT


def _is_explained(download: Download, dropped: DownloadDropped) -> bool:
    """Tell whether what is known of the end says more, or the same of a later time."""
    if download.dropping is None or download.dropped_at is None:
        return False
    if Dropping.REMOVED in (dropped.why, download.dropping):
        return dropped.why is Dropping.REMOVED
    return download.dropped_at > dropped.seen_at


def store_held(read: ReleasesHeld, session: Session, origin: Origin) -> set[int]:
    """Keep which releases an instance holds back, in place of what it held before."""
    query = select(HeldRelease).join(Entry).filter_by(source=origin.source, instance=origin.instance)
    before = {(row.entry_pk, row.item_pk): row for row in session.scalars(query)}
    touched = set[int]()
    for held in read.held:
        entry, media = find_entry(session, held.entry, origin)
        (item,) = find_items(session, media, [held.item])
        row = before.pop((entry.id, item.id), None)
        if row is None:
            row = HeldRelease(entry_pk=entry.id, item_pk=item.id, since=read.seen_at)
            session.add(row)
        row.hold, row.until = held.hold, held.until
        touched.add(media.id)
    for row in before.values():
        touched.add(row.entry.media_id)
        session.delete(row)
    session.flush()
    return touched


def store_history_mark(read: HistoryRead, session: Session, _origin: Origin) -> set[int]:
    """Keep how far a history was read."""
    name = history_mark(read.upstream)
    write_setting(session, name, max(read_setting(session, name) or "", read.until.isoformat()))
    return set()

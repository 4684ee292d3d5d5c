"""What a download client says."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.domain.observation import DownloadGone, DownloadPolled, DownloadStage
from flaskapp.domain.origin import Origin
from flaskapp.models import Download, Grab, Item
from flaskapp.tracking.correlate import find_download

UNSETTLED = (DownloadStage.CHECKING, DownloadStage.UNKNOWN)
"""A client that verifies data counts from 0 again: the number that was shown before stays."""


def store_poll(polled: DownloadPolled, session: Session, _origin: Origin) -> set[int]:
    """Keep the numbers of a download that was grabbed; others are not ours."""
    download = find_download(session, [polled.download_id, *polled.aliases])
    if download is None or (download.polled_at and download.polled_at > polled.seen_at):
        return set()
    download.polled_at, download.gone_at = polled.seen_at, None
    download.speed, download.eta, download.seeds = polled.speed, polled.eta, polled.seeds
    download.place, download.last_byte_at = polled.place, polled.last_byte_at or download.last_byte_at
    if download.stage is None or polled.stage not in UNSETTLED:
        download.progress = 0.0 if polled.stage in UNSETTLED else polled.progress
    stage = _stage(download.stage, polled.stage)
    if download.stage is not stage:
        download.stage, download.stage_since = stage, polled.seen_at
    download.size = polled.size or download.size
    download.size_left = polled.size_left
    return _carried(session, download)


def _stage(known: DownloadStage | None, told: DownloadStage) -> DownloadStage:
    """Give the stage by now: a client that starts checks for a moment what was complete, and it still is."""
    if known is None or told not in UNSETTLED:
        return told
    return known if told is DownloadStage.UNKNOWN or known is DownloadStage.COMPLETE else told


def store_disappearance(gone: DownloadGone, session: Session, _origin: Origin) -> set[int]:
    """Keep that the client no longer knows a download."""
    download = find_download(session, [gone.download_id])
    if download is None:
        return set()
    download.gone_at = download.gone_at or gone.seen_at
    return _carried(session, download)


def _carried(session: Session, download: Download) -> set[int]:
    return set(
        session.scalars(
            select(Item.media_id).join(Grab, Grab.item_pk == Item.id).where(Grab.download_pk == download.id)
        )
    )

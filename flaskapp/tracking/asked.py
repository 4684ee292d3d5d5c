"""What Seerr says of requests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.domain.observation import RequestTold
from flaskapp.domain.origin import Origin
from flaskapp.domain.state import State
from flaskapp.models import Media, MediaRequest
from flaskapp.tracking.correlate import find_media


def store_request(told: RequestTold, session: Session, origin: Origin) -> set[int]:
    """Keep the words of a request; the last arrival of each counts."""
    media = find_media(session, told.media, origin)
    request = session.scalar(select(MediaRequest).filter_by(seerr_request_id=told.seerr_request_id))
    if request is None:
        request = _adopt(session, media, told)
    touched = {media.id, request.media_id} if request.media_id else {media.id}
    request.media_id, request.is_4k = media.id, told.is_4k
    request.requested_by = told.requested_by or request.requested_by
    if told.seasons is not None:
        request.seasons = sorted(told.seasons)
    if told.word is not None:
        at = f"{told.word}_at"
        setattr(request, at, max(getattr(request, at) or told.seen_at, told.seen_at))
    if told.completed:
        request.completed_at = request.completed_at or told.seen_at
    return touched


def _adopt(session: Session, media: Media, told: RequestTold) -> MediaRequest:
    """Give the card of a new request: that of a title nobody had asked for, or a new one."""
    request = session.scalar(
        select(MediaRequest).filter_by(media_id=media.id, is_4k=told.is_4k, seerr_request_id=None, deleted_at=None)
    )
    if request is None:
        request = new_request(media, told.seen_at)
        session.add(request)
    else:
        request.approved_at = None
    request.seerr_request_id = told.seerr_request_id
    return request


def new_request(media: Media, now: datetime) -> MediaRequest:
    """Make a card that was not derived yet."""
    return MediaRequest(
        media_id=media.id, state=State.REQUESTED, created_at=now, updated_at=now, state_since=now, face={}
    )

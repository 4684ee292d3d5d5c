"""What Seerr says of requests."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Boolean, String, bindparam, select
from sqlalchemy.orm import Session, lazyload

from flaskapp.domain.observation import RequesterRef, RequestTold, Word
from flaskapp.domain.origin import Origin
from flaskapp.domain.reading import RequestGone, RequestRead, TitleRead
from flaskapp.domain.state import State
from flaskapp.models import Media, MediaRequest, Requester
from flaskapp.tracking.correlate import find_media, update_row
from flaskapp.tracking.requesters import find_read, find_told

LAG = timedelta(seconds=2)
"""Seerr sends a webhook while it still saves: what it answers in the next moment may be older than what it told."""
REQUEST = (
    select(MediaRequest)
    .where(MediaRequest.seerr_instance == bindparam("instance", type_=String))
    .where(MediaRequest.seerr_request_id == bindparam("number", type_=BigInteger))
    .options(lazyload(MediaRequest.media))
)
UNASKED = select(MediaRequest).where(
    MediaRequest.media_id == bindparam("media", type_=BigInteger),
    MediaRequest.is_4k == bindparam("is_4k", type_=Boolean),
    MediaRequest.seerr_request_id.is_(None),
    MediaRequest.deleted_at.is_(None),
)


def store_request(told: RequestTold, session: Session, origin: Origin) -> set[int]:
    """Keep the words of a request; the last arrival of each counts."""
    media = find_media(session, told.media, origin)
    request = _find(session, told, origin) or _adopt(session, media, told, origin, told.seen_at)
    touched = {media.id, request.media_id}
    request.media_id, request.is_4k = media.id, told.is_4k
    if told.requested_by is not None:
        _own(request, find_told(session, told.requested_by, origin.instance, request.requester_id), told.requested_by)
    if told.seasons is not None:
        request.seasons = sorted(told.seasons)
    if told.word is not None:
        at = f"{told.word}_at"
        setattr(request, at, max(getattr(request, at) or told.seen_at, told.seen_at))
    if told.completed:
        request.completed_at = request.completed_at or told.seen_at
    return touched


def store_request_reading(read: RequestRead, session: Session, origin: Origin) -> set[int]:
    """Let a reading replace the words that were told before it; touch nothing where it says nothing new."""
    media = find_media(session, read.media, origin)
    request = _find(session, read, origin) or _adopt(session, media, read, origin, read.asked_at)
    touched, before = {media.id, request.media_id}, _words(request)
    request.media_id, request.is_4k, request.gone_at = media.id, read.is_4k, None
    if read.requested_by is not None:
        _own(request, find_read(session, read.requested_by, origin.instance, request.requester_id), read.requested_by)
    request.created_at = min(request.created_at, read.asked_at)
    if read.seasons is not None:
        request.seasons = list(read.seasons)
    read_at = read.seen_at - LAG
    for word in Word:
        _read(request, f"{word}_at", read_at, holds=word is read.word)
    _read(request, "completed_at", read_at, holds=read.completed)
    _read(request, "vanished_at", read_at, holds=read.vanished)
    is_news = not request.rev or len(touched) > 1 or _words(request) != before
    return touched if is_news else set()


def _own(request: MediaRequest, requester: Requester, named: RequesterRef) -> None:
    """Let a request be theirs; whose a card was stays as it is once it is off the board."""
    if request.deleted_at is not None:
        return
    update_row(request, requester_id=requester.id, requested_by=named.name or request.requested_by)


def _read(request: MediaRequest, name: str, read_at: datetime, *, holds: bool) -> None:
    """Set or clear a time, unless something was told since."""
    told_at = getattr(request, name)
    if told_at is None or told_at <= read_at:
        setattr(request, name, (told_at or read_at) if holds else None)


def _words(request: MediaRequest) -> tuple[object, ...]:
    words = [getattr(request, f"{word}_at") for word in Word]
    seasons = None if request.seasons is None else tuple(request.seasons)
    marks = (request.created_at, request.completed_at, request.vanished_at, request.gone_at)
    return (*words, *marks, seasons, request.is_4k, request.requested_by, request.requester_id)


def store_request_end(gone: RequestGone, session: Session, origin: Origin) -> set[int]:
    """Keep that its Seerr no longer has a request."""
    request = _find(session, gone, origin)
    if request is None or request.gone_at is not None:
        return set()
    request.gone_at = gone.seen_at
    return {request.media_id}


def store_title(read: TitleRead, session: Session, origin: Origin) -> set[int]:
    """Keep how a film or series is called."""
    return {find_media(session, read.media, origin).id}


def _find(session: Session, said: RequestTold | RequestRead | RequestGone, origin: Origin) -> MediaRequest | None:
    """Give the card of a request of the Seerr that speaks: another one counts its own from 1 too."""
    return session.scalar(REQUEST, {"instance": origin.instance, "number": said.seerr_request_id})


def _adopt(
    session: Session, media: Media, said: RequestTold | RequestRead, origin: Origin, asked_at: datetime
) -> MediaRequest:
    """Give the card of a new request: that of a title nobody had asked for, or a new one."""
    request = session.scalar(UNASKED, {"media": media.id, "is_4k": said.is_4k})
    if request is None:
        request = new_request(media, asked_at)
        session.add(request)
    else:
        request.approved_at = None
    request.seerr_instance, request.seerr_request_id = origin.instance, said.seerr_request_id
    return request


def new_request(media: Media, now: datetime) -> MediaRequest:
    """Make a card that was not derived yet."""
    return MediaRequest(
        media_id=media.id, state=State.REQUESTED, created_at=now, updated_at=now, state_since=now, face={}
    )

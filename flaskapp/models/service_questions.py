"""What the loops ask the record about the services: how far they were read, whether they call, when to look again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Select, case, exists, func, select
from sqlalchemy.orm import Session

from flaskapp.domain.house import CauseKind
from flaskapp.domain.observation import DownloadStage
from flaskapp.domain.state import State
from flaskapp.models.delivery import Delivery
from flaskapp.models.house import Cause
from flaskapp.models.media import Entry, ExternalId, LibraryItem
from flaskapp.models.media_request import DONE, MediaRequest
from flaskapp.models.open_questions import open_downloads
from flaskapp.models.setting import history_mark, read_setting

SHOWN = (State.IMPORTED, State.PARTIALLY_AVAILABLE, State.AVAILABLE)


def read_history_mark(session: Session, upstream: str) -> datetime | None:
    """Give the time of the last row of history that was taken in."""
    value = read_setting(session, history_mark(upstream))
    return datetime.fromisoformat(value) if value else None


def has_heard(session: Session, source: str, instance: str, since: datetime) -> bool:
    """Tell whether an instance has called since then."""
    calls = select(Delivery.id).filter_by(source=source, instance=instance).where(Delivery.received_at >= since)
    return session.scalar(calls.limit(1)) is not None


def is_silent(session: Session, upstream: str) -> bool:
    """Tell whether things happened there of which no webhook came."""
    found = select(Cause.id).filter_by(upstream=upstream, kind=CauseKind.WEBHOOKS_SILENT)
    return session.scalar(found) is not None


def seeing_upstreams(session: Session) -> set[str]:
    """Give the services that see something wrong with the house, by the names people know them by."""
    return set(session.scalars(select(Cause.upstream)))


def missing_bytes(session: Session, client: str) -> Sequence[tuple[int | None, bool]]:
    """Give how much each open download of a client lacks, and whether it is in error."""
    rows = (row for row in open_downloads(session) if row.speaker == client)
    return [(row.size_left, row.stage is DownloadStage.ERROR) for row in rows]


def shown_items(session: Session, instance: str) -> Sequence[tuple[str, bool]]:
    """Give the ids of the items of one Jellyfin behind the cards that are in the library, and whether each was read."""
    is_carded = exists().where(
        MediaRequest.media_id == LibraryItem.media_id,
        MediaRequest.deleted_at.is_(None),
        MediaRequest.state.in_(SHOWN),
    )
    query = select(LibraryItem).where(LibraryItem.gone_at.is_(None), is_carded).order_by(LibraryItem.id)
    query = query.where(LibraryItem.instance == instance)
    return [(row.item_id, row.read_at is not None) for row in session.scalars(query)]


def longest_unasked(session: Session, source: str, instance: str) -> Sequence[tuple[int, int, datetime]]:
    """Give entry id and TMDB or TVDB id of the title that nobody waits for and that was asked for longest ago."""
    rows = session.connection().execute(_longest_unasked(source, instance))
    return [(entry_id, int(number), at) for entry_id, number, at in rows]


@cache
def _longest_unasked(source: str, instance: str) -> Select[int, str, datetime]:
    asked_at = case((Entry.doubted_at > Entry.read_at, Entry.doubted_at), else_=Entry.read_at)
    is_settled = exists().where(
        MediaRequest.media_id == Entry.media_id,
        MediaRequest.is_4k == Entry.is_4k,
        MediaRequest.deleted_at.is_(None),
        MediaRequest.state.in_(DONE),
    )
    return (
        select(Entry.entry_id, func.min(ExternalId.value), asked_at)
        .join(ExternalId, ExternalId.media_id == Entry.media_id)
        .where(Entry.source == source, Entry.instance == instance, Entry.deleted_at.is_(None))
        .where(Entry.read_at.is_not(None), is_settled)
        .where(ExternalId.provider == ("tmdb" if source == "radarr" else "tvdb"))
        .group_by(Entry.id)
        .order_by(asked_at, Entry.id)
        .limit(1)
    )


def due_looks(session: Session, now: datetime) -> Sequence[int]:
    """Give the media with a card that reads otherwise by now."""
    query = select(MediaRequest.media_id).where(MediaRequest.look_at <= now, MediaRequest.deleted_at.is_(None))
    return session.scalars(query.distinct()).all()

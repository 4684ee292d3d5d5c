"""Which types of items a Jellyfin has told of: its webhook plugin has a tick for each."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from flaskapp.domain.observation import LibraryItemType
from flaskapp.models.delivery import Delivery
from flaskapp.models.download import Download, Grab
from flaskapp.models.media import Item, LibraryItem, MediaFile, file_items

MATTER = (LibraryItemType.MOVIE, LibraryItemType.EPISODE)
"""What plays: the others only help to tell where these belong."""
LATE = timedelta(hours=1)
"""So long after a download began its arrival should have been told."""


def told_types(session: Session, instance: str) -> dict[LibraryItemType, datetime]:
    """Give when something new of each type was last told of; a type that never came is not in it."""
    newest = select(LibraryItem.item_type, func.max(LibraryItem.added_at)).where(LibraryItem.instance == instance)
    newest = newest.where(LibraryItem.added_at.is_not(None)).group_by(LibraryItem.item_type)
    return {item_type: at for item_type, at in session.execute(newest) if at is not None}


def missed_types(session: Session, instance: str, now: datetime) -> list[LibraryItemType]:
    """Give the types that never came although something of theirs arrived since the first call, and is shown."""
    ours = (Delivery.source == "jellyfin", Delivery.instance == instance)
    first = select(func.min(Delivery.id)).where(*ours).scalar_subquery()
    since = session.scalar(select(Delivery.received_at).where(Delivery.id == first))
    told = told_types(session, instance)
    untold = [each for each in MATTER if each not in told]
    return [each for each in untold if since is not None and _has_come(session, instance, each, since, now - LATE)]


def _has_come(session: Session, instance: str, item_type: LibraryItemType, since: datetime, until: datetime) -> bool:
    """Tell whether Jellyfin shows something of a type that was grabbed then, and of which there was nothing before."""
    file = exists().where(file_items.c.item_id == Item.id, file_items.c.media_file_id == MediaFile.id)
    query = select(LibraryItem.episodes, Item.episode).join(Item, Item.media_id == LibraryItem.media_id)
    query = query.join(Grab, Grab.item_pk == Item.id).join(Download, Grab.download_pk == Download.id)
    query = query.filter(LibraryItem.instance == instance, LibraryItem.item_type == item_type)
    query = query.filter(
        LibraryItem.read_at.is_not(None),
        LibraryItem.gone_at.is_(None),
        or_(LibraryItem.season == Item.season, LibraryItem.item_type == LibraryItemType.MOVIE),
        Download.grabbed_at.between(since, until),
        file.where(MediaFile.death.is_(None)),
        ~file.where(MediaFile.told_at <= Download.grabbed_at),
    )
    is_whole = item_type is LibraryItemType.MOVIE
    return any(is_whole or episode in episodes for episodes, episode in session.execute(query))

"""What Jellyfin shows, and the posters we keep."""

from __future__ import annotations

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from flaskapp.domain.observation import EpisodeRef, LibraryItemAdded, LibraryItemRemoved, LibraryItemType, PosterKept
from flaskapp.domain.origin import Origin
from flaskapp.domain.reading import LibraryItemAbsent, LibraryItemRead
from flaskapp.models import LibraryItem, Media
from flaskapp.tracking.correlate import find_items, find_media
from flaskapp.tracking.entries import doubt_entries


def store_library_item(told: LibraryItemAdded, session: Session, origin: Origin) -> set[int]:
    """Keep that Jellyfin shows an item."""
    row = _find_library_item(session, told.item_id, told.item_type, origin)
    row.title, row.series_id = row.title or told.title, row.series_id or told.series_id
    row.added_at = row.added_at or told.seen_at
    if row.read_at is not None and row.media_id is not None:
        return {row.media_id}  # where it belongs was read, and may have been told by its folder alone
    touched = _place(session, row, told, origin)
    for media_id in touched:
        doubt_entries(session, media_id, origin.now)
    return touched


def store_library_reading(read: LibraryItemRead, session: Session, origin: Origin) -> set[int]:
    """Keep what Jellyfin answered about an item."""
    row = _find_library_item(session, read.item_id, read.item_type, origin)
    row.series_id, row.server_id = read.series_id or row.series_id, read.server_id or row.server_id
    row.read_at = max(row.read_at or read.seen_at, read.seen_at)
    if row.gone_at is not None and row.gone_at < read.seen_at:
        row.gone_at = None
    return _place(session, row, read, origin)


def store_library_absence(read: LibraryItemAbsent, session: Session, origin: Origin) -> set[int]:
    """Keep that Jellyfin no longer has an item, with all that is below it."""
    same = LibraryItem.instance == origin.instance
    is_meant = or_(LibraryItem.item_id == read.item_id, LibraryItem.series_id == read.item_id)
    touched = set[int]()
    for row in session.scalars(select(LibraryItem).where(same, is_meant, LibraryItem.gone_at.is_(None))):
        if row.read_at is None or row.read_at <= read.seen_at:
            row.gone_at = read.seen_at
            touched |= {row.media_id} if row.media_id is not None else set()
    return touched


def store_library_hint(_told: LibraryItemRemoved, _session: Session, _origin: Origin) -> set[int]:
    """Keep nothing: upgrades, renames and moves say it too."""
    return set()


def _find_library_item(session: Session, item_id: str, item_type: LibraryItemType, origin: Origin) -> LibraryItem:
    row = session.scalar(select(LibraryItem).filter_by(instance=origin.instance, item_id=item_id))
    if row is None:
        row = LibraryItem(instance=origin.instance, item_id=item_id, item_type=item_type, episodes=[])
        session.add(row)
        session.flush()
    return row


def _place(session: Session, row: LibraryItem, said: LibraryItemAdded | LibraryItemRead, origin: Origin) -> set[int]:
    """Find the media a Jellyfin item belongs to; an episode belongs to that of its series, once it is known."""
    row.season = said.season if row.season is None else row.season
    row.episodes = row.episodes or list(said.episodes)
    if said.media is not None and said.media.ids():
        row.media_id = find_media(session, said.media, origin).id
    elif row.series_id is not None:
        row.media_id = row.media_id or session.scalar(
            select(LibraryItem.media_id).filter_by(instance=origin.instance, item_id=row.series_id)
        )
    if row.media_id is None:
        return set()
    placed = [row]
    if row.item_type is LibraryItemType.SERIES:
        placed += session.scalars(select(LibraryItem).filter_by(instance=origin.instance, series_id=row.item_id)).all()
    media = session.get_one(Media, row.media_id)
    for each in placed:
        each.media_id = media.id
        if each.item_type is LibraryItemType.EPISODE and each.season is not None:
            find_items(session, media, [EpisodeRef(each.season, number) for number in each.episodes])
    return {media.id}


def store_poster(kept: PosterKept, session: Session, _origin: Origin) -> set[int]:
    """Keep that a poster lies in the data folder."""
    session.execute(update(Media).where(Media.id == kept.media_id).values(poster_at=kept.seen_at))
    return {kept.media_id}

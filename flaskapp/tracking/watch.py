"""What opens in Jellyfin when somebody presses "Watch now"."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.domain.observation import LibraryItemType
from flaskapp.models import LibraryItem, Media

WHOLE = (LibraryItemType.MOVIE, LibraryItemType.SERIES)


def watchable(session: Session, media: Media) -> tuple[str, str | None] | None:
    """Give the ids of the film or series in Jellyfin and of its server; None while Jellyfin shows neither."""
    shown = select(LibraryItem).filter_by(media_id=media.id, gone_at=None).order_by(LibraryItem.item_id)
    whole = session.scalar(shown.where(LibraryItem.item_type.in_(WHOLE)).limit(1))
    if whole is not None:
        return whole.item_id, whole.server_id
    episode = session.scalar(shown.where(LibraryItem.series_id.is_not(None)).limit(1))
    return (episode.series_id, episode.server_id) if episode is not None and episode.series_id else None

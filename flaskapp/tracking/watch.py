"""What opens in Jellyfin when somebody presses "Watch now"."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.domain.observation import LibraryItemType
from flaskapp.models import LibraryItem

WHOLE = (LibraryItemType.MOVIE, LibraryItemType.SERIES)
BY_DEFAULT = "jellyfin"
"""The instance of a Jellyfin that is the only one, or the one of the environment."""


@dataclass(frozen=True)
class Watchable:
    """A film or series in one Jellyfin, by its id there; ``server_id`` is None until that was read."""

    instance: str
    item_id: str
    server_id: str | None


def watchable(session: Session, media_id: int) -> list[Watchable]:
    """Give a film or series as each Jellyfin shows it, the usual one first; a series as a whole where it is known."""
    shown = select(LibraryItem.instance).where(LibraryItem.media_id == media_id, LibraryItem.gone_at.is_(None))
    shown = shown.order_by(LibraryItem.instance != BY_DEFAULT, LibraryItem.instance)
    whole = shown.add_columns(LibraryItem.item_id, LibraryItem.server_id).order_by(LibraryItem.item_id)
    rows = session.execute(whole.where(LibraryItem.item_type.in_(WHOLE))).all()
    if not rows:
        part = shown.add_columns(LibraryItem.series_id, LibraryItem.server_id).order_by(LibraryItem.item_id)
        rows = session.execute(part.where(LibraryItem.series_id.is_not(None))).all()
    found: dict[str, Watchable] = {}
    for instance, item_id, server_id in rows:
        found.setdefault(instance, Watchable(instance, item_id, server_id))
    return list(found.values())

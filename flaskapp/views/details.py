"""What the page of a request shows below its card: the episodes by season, and what was grabbed for them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from flaskapp.domain.facts import ItemKey
from flaskapp.domain.observation import MediaType
from flaskapp.domain.transfer import Transfer, transfer
from flaskapp.extensions import db
from flaskapp.models import Download, Entry, Grab, Item, MediaFile, MediaRequest
from flaskapp.models.media import file_items
from flaskapp.tracking.gather import download_fact


@dataclass(frozen=True)
class Grabbed:
    """One download with the items of this request that it carries: a pack is one, however many these are."""

    row: Download
    items: tuple[ItemKey, ...]
    transfer: Transfer

    @property
    def is_open(self) -> bool:
        """Tell whether it may still bring something."""
        return self.row.dropping is None and self.row.gone_at is None


@dataclass(frozen=True)
class Unasked:
    """A season that exists and that this request did not ask for."""

    season: int
    count: int


def seasons(media_request: MediaRequest) -> list[dict[str, Any]]:
    """Give the asked episodes of a series by season."""
    qualities = _qualities(media_request)
    standings = _standings(media_request)
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for item in _episodes(media_request):
        standing = standings.get((item.season, item.episode))
        if standing is not None:
            rows[item.season].append(
                {
                    "episode": item.episode,
                    "title": item.title,
                    "air_at": item.air_at,
                    "standing": standing,
                    "quality": qualities.get(item.id),
                }
            )
    return [{"season": season, "rows": episodes} for season, episodes in rows.items()]


def unasked(media_request: MediaRequest) -> list[Unasked]:
    """Give the seasons that are known and were not asked for, the specials last."""
    standings = _standings(media_request)
    counts: dict[int, int] = defaultdict(int)
    for item in _episodes(media_request):
        if (item.season, item.episode) not in standings:
            counts[item.season] += 1
    return [Unasked(season, counts[season]) for season in sorted(counts, key=lambda season: (season == 0, season))]


def downloads(media_request: MediaRequest) -> list[Grabbed]:
    """Give what was grabbed for a request, the newest first."""
    query = select(Download, Item.season, Item.episode).options(selectinload(Download.aliases))
    query = query.join(Grab, Grab.download_pk == Download.id).join(Item, Item.id == Grab.item_pk)
    query = query.join(Entry, Entry.id == Grab.entry_pk).where(Entry.is_4k == media_request.is_4k)
    query = query.where(Entry.deleted_at.is_(None), Item.media_id == media_request.media_id)
    if media_request.seasons is not None:
        query = query.where(Item.season.in_(media_request.seasons))
    carried: dict[Download, set[ItemKey]] = defaultdict(set)
    for row, season, episode in db.session.execute(query.order_by(Download.grabbed_at.desc(), Download.id.desc())):
        carried[row].add((season, episode))
    return [Grabbed(row, tuple(sorted(items)), transfer(download_fact(row))) for row, items in carried.items()]


def _episodes(media_request: MediaRequest) -> list[Item]:
    if media_request.media.media_type is MediaType.MOVIE:
        return []
    query = select(Item).filter_by(media_id=media_request.media_id).order_by(Item.season, Item.episode)
    return list(db.session.scalars(query))


def _standings(media_request: MediaRequest) -> dict[ItemKey, str]:
    return {(each["season"], each["episode"]): each["standing"] for each in media_request.face.get("strip", [])}


def _qualities(media_request: MediaRequest) -> dict[int, str | None]:
    """Give the quality of the newest living file of each item."""
    query = select(file_items.c.item_id, MediaFile.quality).join(MediaFile, MediaFile.id == file_items.c.media_file_id)
    query = query.join(Entry, Entry.id == MediaFile.entry_pk).where(Entry.media_id == media_request.media_id)
    query = query.where(Entry.is_4k == media_request.is_4k, Entry.deleted_at.is_(None), MediaFile.death.is_(None))
    return dict(db.session.execute(query.order_by(MediaFile.file_id)).all())

"""The page of one request: its card, how it got there, its episodes; and taking it off the board."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import Gone, NotFound

from flaskapp.domain.observation import MediaType
from flaskapp.domain.origin import Origin
from flaskapp.extensions import db
from flaskapp.models import Change, Download, Entry, Grab, Item, MediaFile, MediaRequest
from flaskapp.models.media import file_items
from flaskapp.models.media_request import read_cursor
from flaskapp.pipeline import Pipeline
from flaskapp.views.banner import banner
from flaskapp.views.same_site import refuse_other_sites

bp = Blueprint("media_requests", __name__)


@bp.get("/requests/<int:request_id>")
def show(request_id: int) -> ResponseReturnValue:
    """Show one request."""
    cursor = read_cursor(db.session())
    media_request = find(request_id)
    page = render_template(
        "media_requests/show.html",
        cursor=str(cursor),
        media_request=media_request,
        timeline=timeline(request_id),
        episodes=seasons(media_request),
        downloads=downloads(media_request),
        **banner(),
    )
    return page, {"Cache-Control": "no-store"}


@bp.post("/requests/<int:request_id>/delete")
def delete(request_id: int) -> ResponseReturnValue:
    """Take the card off the board; no other service is touched."""
    refuse_other_sites()
    remove(request_id)
    return redirect(url_for("board.index", _external=False), code=303)


def find(request_id: int) -> MediaRequest:
    """Give a request that is on the board; 404 when it never was, 410 when it was taken off."""
    media_request = db.session.get(MediaRequest, request_id)
    if media_request is None:
        raise NotFound("There is no such request.")
    if media_request.deleted_at is not None:
        raise Gone("This request was taken off the board.")
    return media_request


def remove(request_id: int) -> None:
    """Take a card off the board and tell everybody."""
    find(request_id)
    db.session.rollback()  # nobody writes while holding a reading transaction
    pipeline: Pipeline = current_app.extensions["pipeline"]
    pipeline.forget(request_id, Origin("board", "board", is_4k=False, now=datetime.now(UTC)))


def timeline(request_id: int) -> list[Change]:
    """Give the steps, the newest last."""
    return list(db.session.scalars(select(Change).filter_by(media_request_id=request_id).order_by(Change.id)))


def seasons(media_request: MediaRequest) -> list[dict[str, Any]]:
    """Give the asked episodes of a series by season."""
    if media_request.media.media_type is MediaType.MOVIE:
        return []
    qualities = _qualities(media_request)
    standings = {(each["season"], each["episode"]): each["standing"] for each in media_request.face.get("strip", [])}
    query = select(Item).filter_by(media_id=media_request.media_id).order_by(Item.season, Item.episode)
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for item in db.session.scalars(query):
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


def _qualities(media_request: MediaRequest) -> dict[int, str | None]:
    """Give the quality of the newest living file of each item."""
    query = select(file_items.c.item_id, MediaFile.quality).join(MediaFile, MediaFile.id == file_items.c.media_file_id)
    query = query.join(Entry, Entry.id == MediaFile.entry_pk).where(Entry.media_id == media_request.media_id)
    query = query.where(Entry.is_4k == media_request.is_4k, Entry.deleted_at.is_(None), MediaFile.death.is_(None))
    return dict(db.session.execute(query.order_by(MediaFile.file_id)).all())


def downloads(media_request: MediaRequest) -> list[Download]:
    """Give what was grabbed for a request, the newest first."""
    query = select(Download).join(Grab, Grab.download_pk == Download.id).join(Item, Item.id == Grab.item_pk)
    query = query.join(Entry, Entry.id == Grab.entry_pk).where(Entry.is_4k == media_request.is_4k)
    query = query.where(Item.media_id == media_request.media_id)
    if media_request.seasons is not None:
        query = query.where(Item.season.in_(media_request.seasons))
    return list(db.session.scalars(query.distinct().order_by(Download.grabbed_at.desc())))

"""What the board and its history show: never more than a page of it at a time, however long a house has been asking."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from flaskapp.domain.audience import Audience
from flaskapp.domain.search import Order, Search
from flaskapp.domain.state import Stage
from flaskapp.models.media import Media
from flaskapp.models.media_request import MediaRequest, seen_by

MOST = {
    Stage.NEEDS_A_LOOK: 30,
    Stage.ON_THE_WAY: 40,
    Stage.ALMOST_THERE: 20,
    Stage.LOOKING: 20,
    Stage.WAITING: 20,
    Stage.READY: 18,
    Stage.CLOSED: 6,
}
"""So many cards of a section are on the board; the others are a search or the history away."""
MOST_OF_ONE = 120
"""So many, where only one section is shown."""
PAGE = 50
"""Rows of a page of history."""
OVER = (Stage.READY, Stage.CLOSED)


@dataclass(frozen=True)
class Section:
    """One section of the board; ``total`` counts also what is not shown."""

    stage: Stage
    cards: Sequence[MediaRequest]
    total: int


@dataclass(frozen=True)
class Page:
    """A page of history; ``following`` is where the next one begins, None after the last."""

    rows: Sequence[MediaRequest]
    following: int | None


def sections(session: Session, audience: Audience, search: Search, own: Collection[int]) -> list[Section]:
    """Give all sections with the cards that somebody sees and searches for; ``own``: their numbers in Seerr."""
    fits = _fits(audience, search, own)
    counts = _count(session, fits)
    return [
        Section(stage, _cards(session, fits, search, stage) if count else (), count) for stage, count in counts.items()
    ]


def totals(session: Session, audience: Audience) -> dict[Stage, int]:
    """Count what somebody sees in each section."""
    return _count(session, _fits(audience, Search(), ()))


def history(session: Session, audience: Audience, search: Search, own: Collection[int], after: int | None) -> Page:
    """Give the next page of what is over, the newest first; ``after`` is the last row of the page before."""
    query = select(MediaRequest).where(_fits(audience, search, own), MediaRequest.stage.in_(OVER))
    last = None if after is None else session.get(MediaRequest, after)
    if last is not None:
        at, number = MediaRequest.state_since, MediaRequest.id
        query = query.where(or_(at < last.state_since, and_(at == last.state_since, number < last.id)))
    newest = query.order_by(MediaRequest.state_since.desc(), MediaRequest.id.desc())
    rows = session.scalars(newest.limit(PAGE + 1)).all()
    return Page(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


def _count(session: Session, fits: ColumnElement[bool]) -> dict[Stage, int]:
    counted = select(MediaRequest.stage, func.count()).where(fits).group_by(MediaRequest.stage)
    return dict.fromkeys(Stage, 0) | dict(session.execute(counted).all())


def _cards(session: Session, fits: ColumnElement[bool], search: Search, stage: Stage) -> Sequence[MediaRequest]:
    most = MOST_OF_ONE if search.stage is stage else MOST[stage]
    query = _ordered(select(MediaRequest).where(fits, MediaRequest.stage == stage), search.order)
    rows = session.scalars(query.limit(most)).all()
    if search.order is Order.TITLE:
        return sorted(rows, key=lambda row: (row.sought, row.sort_key))
    return sorted(rows, key=lambda row: row.sort_key, reverse=search.order is Order.OLDEST)


def _ordered(query: Select[MediaRequest], order: Order) -> Select[MediaRequest]:
    since = MediaRequest.state_since
    if order is Order.TITLE:
        return query.order_by(MediaRequest.sought)
    return query.order_by(since if order is Order.OLDEST else since.desc())


def _fits(audience: Audience, search: Search, own: Collection[int]) -> ColumnElement[bool]:
    """Say of requests what a search asks for; nobody finds what they may not see."""
    wanted = [MediaRequest.deleted_at.is_(None), seen_by(audience)]
    wanted += [MediaRequest.sought.contains(word, autoescape=True) for word in search.words]
    if search.media_type is not None:
        of_type = select(Media.id).where(Media.media_type == search.media_type)
        wanted.append(MediaRequest.media_id.in_(of_type))
    if search.stage is not None:
        wanted.append(MediaRequest.stage == search.stage)
    if search.is_mine:
        wanted.append(MediaRequest.requester_id.in_(sorted(own)))
    if search.needs_attention:
        wanted.append(MediaRequest.trouble["kind"].as_string().is_not(None))
    return and_(*wanted)

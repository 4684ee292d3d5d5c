"""What is wrong with the house as a whole."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.domain.house import CausesRead
from flaskapp.domain.origin import Origin
from flaskapp.models import Cause, MediaRequest
from flaskapp.models.media_request import DONE


def store_causes(read: CausesRead, session: Session, _origin: Origin) -> set[int]:
    """Keep the causes an upstream sees; they bear on every card that is not done."""
    query = select(Cause).where(Cause.upstream == read.upstream, Cause.kind.in_(read.asked))
    before = {row.kind: row for row in session.scalars(query)}
    over, begun = before.keys() - read.found, read.found - before.keys()
    for kind in over:
        session.delete(before[kind])
    session.add_all(Cause(kind=kind, upstream=read.upstream, since=read.seen_at) for kind in begun)
    session.flush()
    if not over and not begun:
        return set()
    waiting = select(MediaRequest.media_id).where(MediaRequest.state.not_in(DONE), MediaRequest.deleted_at.is_(None))
    return set(session.scalars(waiting))

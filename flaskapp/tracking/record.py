"""Keep the facts, derive what cards show, write the Changes: one transaction.

What leaves it is ids and numbers, never a row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.domain.lifecycle import Derived, derive
from flaskapp.domain.observation import Observation
from flaskapp.domain.origin import Origin
from flaskapp.domain.recorded import Measured, Recorded
from flaskapp.domain.state import State
from flaskapp.extensions import writing
from flaskapp.models import Change, Entry, Media, MediaRequest
from flaskapp.tracking.face import face
from flaskapp.tracking.gather import completed_media, gather, has_any_library_item, request_fact, requests_of
from flaskapp.tracking.reason import reason
from flaskapp.tracking.store import new_request, store


@dataclass(frozen=True)
class Rules:
    """What the settings say about keeping: is a Jellyfin configured, do titles nobody asked for get a card."""

    has_library: bool = False
    track_unrequested: bool = False


@dataclass(frozen=True)
class Said:
    """The sentence of the timeline, and when it became true."""

    sentence: str
    at: datetime


def record(
    observations: Sequence[Observation],
    origin: Origin,
    rules: Rules,
    settle: Callable[[Session], None] | None = None,
) -> Recorded:
    """Record observations; ``settle`` writes along in the same transaction (the outcome of a delivery)."""
    recorded = Recorded()
    with writing() as session:
        had_library = has_any_library_item(session)
        said = _store(session, observations, origin)
        has_library = has_any_library_item(session)
        if has_library and not had_library and not rules.has_library:
            # The first call of a Jellyfin: Seerr's word alone no longer makes a title available.
            first_call = Said("Jellyfin has called for the first time", origin.now)
            said = dict.fromkeys(completed_media(session), first_call) | said
        if rules.track_unrequested:
            _track(session, set(said), origin)
        for request in requests_of(session, set(said)):
            facts = gather(session, request.media, has_library=has_library or rules.has_library)
            _derive(session, request, derive(request_fact(request), facts), said[request.media_id], origin, recorded)
        if settle is not None:
            settle(session)
    return recorded


def _store(session: Session, observations: Sequence[Observation], origin: Origin) -> dict[int, Said]:
    """Keep all facts; give the touched media with the last thing said of each."""
    said: dict[int, Said] = {}
    for observation in observations:
        for media_id in store(observation, session, origin):
            said[media_id] = Said(reason(observation), observation.seen_at)
    session.flush()
    session.expire_all()  # a request may have found another media
    return said


def _track(session: Session, media_ids: set[int], origin: Origin) -> None:
    """Give a card to titles that Radarr or Sonarr has and nobody asked for."""
    asked = set(session.scalars(select(MediaRequest.media_id).where(MediaRequest.media_id.in_(media_ids))))
    query = select(Entry).where(Entry.media_id.in_(media_ids - asked), Entry.deleted_at.is_(None))
    for entry in session.scalars(query.order_by(Entry.id)):
        if entry.media_id in asked:
            continue
        asked.add(entry.media_id)
        request = new_request(session.get_one(Media, entry.media_id), origin.now)
        request.is_4k, request.approved_at = entry.is_4k, origin.now
        session.add(request)
    session.flush()


def _derive(
    session: Session,
    request: MediaRequest,
    derived: Derived,
    said: Said,
    origin: Origin,
    recorded: Recorded,
) -> None:
    """Put what was derived on the request; write one Change where its card differs."""
    numbers = (derived.progress, derived.eta, derived.speed)
    is_measured = numbers != (request.progress, request.eta, request.speed) or (
        derived.measured_at is not None and derived.measured_at != request.measured_at
    )
    request.progress, request.eta, request.speed = numbers
    request.measured_at = derived.measured_at
    before = request.state if request.rev else None
    new_face = face(request, derived)
    if derived.state is not before:
        request.state, request.state_since = derived.state, said.at
        kind = "created" if before is None else "state"
    elif new_face != request.face:
        kind = "detail"
    else:
        kind = ""
    if kind:
        request.face = new_face
        recorded.change_ids.append(_write_change(session, request, kind, before, origin, said))
    if is_measured:
        recorded.measured.append(Measured(request.id, *numbers))


def _write_change(
    session: Session, request: MediaRequest, kind: str, before: State | None, origin: Origin, said: Said
) -> int:
    """Write the one row a frame stands for, and make it the revision of the card."""
    change = Change(
        media_request_id=request.id,
        kind=kind,
        from_state=before,
        to_state=request.state,
        source=origin.source if origin.instance == origin.source else f"{origin.source} {origin.instance}",
        reason=said.sentence,
        occurred_at=said.at,
        recorded_at=origin.now,
    )
    session.add(change)
    session.flush()
    request.rev, request.updated_at = change.id, origin.now
    return change.id


def forget(request_id: int, origin: Origin) -> Recorded:
    """Take a card off the board for good; nobody else's data is touched. Empty when there is none."""
    recorded = Recorded()
    with writing() as session:
        request = session.get(MediaRequest, request_id)
        if request is not None and request.deleted_at is None:
            request.deleted_at = origin.now
            said = Said("Removed from the board", origin.now)
            recorded.change_ids.append(_write_change(session, request, "deleted", request.state, origin, said))
    return recorded

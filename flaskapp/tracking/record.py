"""Keep the facts, derive what cards show, write the Changes: one transaction.

What leaves it is ids and numbers, never a row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.domain.lifecycle import Derived, derive
from flaskapp.domain.observation import Observation
from flaskapp.domain.origin import Origin
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
class Measured:
    """New numbers of a request: progress 0…100, eta seconds or -1, speed bytes/s."""

    request_id: int
    progress: int
    eta: int
    speed: int


@dataclass
class Recorded:
    """What was committed."""

    change_ids: list[int] = field(default_factory=list)
    measured: list[Measured] = field(default_factory=list)


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
        reasons = _store(session, observations, origin)
        has_library = has_any_library_item(session)
        if has_library and not had_library and not rules.has_library:
            # The first call of a Jellyfin: Seerr's word alone no longer makes a title available.
            reasons = dict.fromkeys(completed_media(session), "Jellyfin has called for the first time") | reasons
        if rules.track_unrequested:
            _track(session, set(reasons), origin)
        for request in requests_of(session, set(reasons)):
            facts = gather(session, request.media, has_library=has_library or rules.has_library)
            _derive(session, request, derive(request_fact(request), facts), reasons, origin, recorded)
        if settle is not None:
            settle(session)
    return recorded


def _store(session: Session, observations: Sequence[Observation], origin: Origin) -> dict[int, str]:
    """Keep all facts; give the touched media with the last thing said of each."""
    reasons: dict[int, str] = {}
    for observation in observations:
        for media_id in store(observation, session, origin):
            reasons[media_id] = reason(observation)
    session.flush()
    return reasons


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
    reasons: dict[int, str],
    origin: Origin,
    recorded: Recorded,
) -> None:
    """Put what was derived on the request; write one Change where its card differs."""
    numbers = (derived.progress, derived.eta, derived.speed)
    is_measured = numbers != (request.progress, request.eta, request.speed)
    request.progress, request.eta, request.speed = numbers
    request.measured_at = derived.measured_at
    before, new_face = request.state, face(request, derived)
    kind = "created" if not request.rev else "state" if derived.state is not before else "detail"
    if kind != "detail" or new_face != request.face:
        if derived.state is not before:
            request.state, request.state_since = derived.state, origin.now
        request.face = new_face
        change = write_change(session, request, kind, before, origin, reasons[request.media_id])
        recorded.change_ids.append(change.id)
    if is_measured:
        recorded.measured.append(Measured(request.id, *numbers))


def write_change(
    session: Session, request: MediaRequest, kind: str, before: object, origin: Origin, why: str
) -> Change:
    """Write the one row a frame stands for, and make it the revision of the card."""
    change = Change(
        media_request_id=request.id,
        kind=kind,
        from_state=before,
        to_state=request.state,
        source=origin.instance,
        reason=why,
        occurred_at=origin.now,
        recorded_at=origin.now,
    )
    session.add(change)
    session.flush()
    request.rev, request.updated_at = change.id, origin.now
    return change

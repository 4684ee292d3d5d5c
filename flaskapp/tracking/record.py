"""Keep the facts, derive what cards show, write the Changes: one transaction.

What leaves it is ids and numbers, never a row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from flaskapp.domain.lifecycle import Derived, Numbers, derive
from flaskapp.domain.observation import MediaType, Observation
from flaskapp.domain.origin import Origin
from flaskapp.domain.recorded import Measured, Recorded
from flaskapp.domain.search import sought
from flaskapp.domain.state import WATCHABLE, Stage, State, stage_of
from flaskapp.domain.transfer import BY_QUEUE
from flaskapp.domain.trouble import Outlook, Who, find_trouble
from flaskapp.extensions import transaction, turn_of, writing
from flaskapp.models import Change, Entry, Media, MediaRequest
from flaskapp.tracking.asked import new_request
from flaskapp.tracking.face import WHOSE, face, trouble
from flaskapp.tracking.gather import (
    causes,
    completed_media,
    gather,
    has_any_library_item,
    request_fact,
    requests_of,
)
from flaskapp.tracking.numbers import Moves, keep_moves
from flaskapp.tracking.said import GOES_ON, Said, cause_of, say
from flaskapp.tracking.store import store
from flaskapp.tracking.watch import watchable

SILENT = (State.DOWNLOADING, State.DOWNLOADED, State.IMPORTING)
"""States of which no webhook speaks."""
WRITE_CHANGE = insert(Change).returning(Change.id)


@dataclass(frozen=True)
class Rules:
    """What the settings say about keeping: is a Jellyfin configured, do titles nobody asked for get a card."""

    has_library: bool = False
    track_unrequested: bool = False


def record(
    observations: Sequence[Observation],
    origin: Origin,
    rules: Rules,
    settle: Callable[[Session], None] | None = None,
) -> Recorded:
    """Record observations; ``settle`` writes along in the same transaction (the outcome of a delivery)."""
    with transaction() as connection:
        moves = keep_moves(observations, connection)
        recorded = Recorded(measured=moves.measured, turn=turn_of(connection))
        kept = {id(polled) for polled in moves.kept.values()}
        rest = [observation for observation in observations if id(observation) not in kept]
        if rest or moves.whole or settle is not None:
            with Session(connection) as session:
                recording = _Recording(session, origin, rules, recorded)
                recording.keep(rest, moves)
                recording.derive()
                if settle is not None:
                    settle(session)
                session.flush()
    return recorded


def forget(request_id: int, origin: Origin) -> Recorded:
    """Take a card off the board for good; nobody else's data is touched. Empty when there is none."""
    with writing() as session:
        recorded = Recorded(turn=turn_of(session.connection()))
        recording = _Recording(session, origin, Rules(), recorded)
        request = session.get(MediaRequest, request_id)
        if request is not None and request.deleted_at is None:
            request.deleted_at = origin.now
            recording.write_change(request, "deleted", request.state, Said("Removed from the board", origin.now))
    return recorded


class _Recording:
    """One transaction: what was said of which media, and what came of it."""

    def __init__(self, session: Session, origin: Origin, rules: Rules, recorded: Recorded) -> None:
        self.session, self.origin, self.rules, self.recorded = session, origin, rules, recorded
        self.said: dict[int, list[Said]] = defaultdict(list)
        self.has_library = rules.has_library

    def keep(self, observations: Sequence[Observation], moves: Moves) -> None:
        """Keep all facts that are not kept yet; note the touched media with the last thing said of each."""
        for media_id, downloads in moves.whole.items():
            self.said[media_id] += [say(moves.kept[pk]) for pk in downloads]
        if observations:
            self._keep(observations)

    def _keep(self, observations: Sequence[Observation]) -> None:
        had_library = self.has_library or has_any_library_item(self.session)
        for observation in observations:
            for media_id in store(observation, self.session, self.origin):
                self.said[media_id].append(say(observation))
        self.session.flush()
        self.has_library = had_library or has_any_library_item(self.session)
        if self.has_library and not had_library:
            # From now on Seerr's word alone no longer makes a title available.
            for media_id in completed_media(self.session) - set(self.said):
                self.said[media_id].append(Said("Jellyfin has called for the first time", self.origin.now))
        if self.rules.track_unrequested:
            self._track()

    def _track(self) -> None:
        """Give a card to titles that Radarr or Sonarr has and nobody asked for."""
        touched = set(self.said)
        asked = set(self.session.scalars(select(MediaRequest.media_id).where(MediaRequest.media_id.in_(touched))))
        query = select(Entry).where(Entry.media_id.in_(touched - asked), Entry.deleted_at.is_(None))
        entries = {entry.media_id: entry for entry in self.session.scalars(query.order_by(Entry.id.desc()))}
        for media_id, entry in entries.items():
            request = new_request(self.session.get_one(Media, media_id), self.origin.now)
            request.is_4k, request.approved_at = entry.is_4k, self.origin.now
            self.session.add(request)
        self.session.flush()

    def derive(self) -> None:
        """Derive every card of the touched media again."""
        if not self.said:
            return
        known = causes(self.session)
        for request in requests_of(self.session, set(self.said)):
            facts, fact = gather(self.session, request.media, has_library=self.has_library), request_fact(request)
            derived = derive(fact, facts)
            self._put(request, derived, find_trouble(fact, facts, derived, known, self.origin.now))

    def _put(self, request: MediaRequest, derived: Derived, outlook: Outlook) -> None:
        """Put what was derived on the request; write one Change where its card differs."""
        self._measure(request, derived)
        request.look_at = outlook.look_at
        watch = watchable(self.session, request.media_id) if derived.state in WATCHABLE else []
        looks = (face(request, derived, watch), trouble(outlook.trouble))
        request.stage = _stage(derived, outlook)
        request.sought = sought(looks[0]["title"], looks[0]["year"], request.requested_by)
        before = request.state if request.rev else None
        if before is not None:
            self._hand_over(request, looks[0])
        looked = (request.face, request.trouble)
        if derived.state is before and looks == looked:
            return
        said, kind = cause_of(self.said[request.media_id], derived.state), "state"
        if before is None:
            kind = "created"
        elif derived.state is before:
            kind = "detail" if looks[0] != looked[0] else "trouble"
        if derived.state is not before:
            request.state, request.state_since = derived.state, said.at
        request.face, request.trouble = looks
        if kind == "trouble":
            said = Said(outlook.trouble.sentence if outlook.trouble else GOES_ON, self.origin.now)
        self.write_change(request, kind, before, said)

    def _hand_over(self, request: MediaRequest, look: dict[str, Any]) -> None:
        """Write a Change of its own when a request is somebody else's by now: who saw it must unlearn it."""
        if look.get("requester") != request.face.get("requester"):
            request.face = request.face | {name: look[name] for name in WHOSE}
            self.write_change(request, "owner", request.state, Said("It is somebody else's request", self.origin.now))

    def _measure(self, request: MediaRequest, derived: Derived) -> None:
        request.measured_of = list(derived.downloads)
        numbers = derived.numbers
        is_polled = numbers.measured_at is not None and numbers.measured_at != request.measured_at
        shown = (numbers.progress, numbers.eta, numbers.speed)
        if is_polled or shown != (request.progress, request.eta, request.speed):
            request.progress, request.eta, request.speed = shown
            request.measured_at, request.measured_by = numbers.measured_at, _measurer(request, numbers)
            self.recorded.measured.append(Measured(request.id, request.requester_id, *shown))

    def write_change(self, request: MediaRequest, kind: str, before: State | None, said: Said) -> None:
        """Write the one row a frame stands for, and make it the revision of the card."""
        source, instance = self.origin.source, self.origin.instance
        change = {
            "media_request_id": request.id,
            "kind": kind,
            "from_state": before,
            "to_state": request.state,
            "source": source if instance == source else f"{source} {instance}",
            "reason": said.sentence,
            "occurred_at": said.at,
            "recorded_at": self.origin.now,
            "is_reconstructed": said.is_found and kind in ("created", "state") and request.state not in SILENT,
        }
        change_id: int = self.session.connection().execute(WRITE_CHANGE, change).scalar_one()
        request.rev, request.updated_at = change_id, self.origin.now
        self.recorded.change_ids.append(change_id)


def _stage(derived: Derived, outlook: Outlook) -> Stage:
    needs_a_look = outlook.trouble is not None and outlook.trouble.who is Who.ADMIN
    return stage_of(derived.state, is_moving=bool(derived.downloads), needs_a_look=needs_a_look)


def _measurer(request: MediaRequest, numbers: Numbers) -> str | None:
    """Name the service whose numbers a card shows; a queue is that of the Radarr or Sonarr of the title."""
    if numbers.measured_by != BY_QUEUE:
        return numbers.measured_by
    name = "radarr" if request.media.media_type is MediaType.MOVIE else "sonarr"
    return f"{name} 4k" if request.is_4k else name

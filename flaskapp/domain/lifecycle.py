"""Facts to state and progress.

Nothing here guards a transition: a state is what the facts of this moment add up to, so a webhook that comes late,
twice or first changes nothing about the end (see "Facts, not transitions" in docs/design.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flaskapp.domain.facts import ItemFact, MediaFacts, RequestFact
from flaskapp.domain.own_facts import OwnFacts
from flaskapp.domain.state import HERE, ORDER, Standing, State
from flaskapp.domain.transfer import Transfer, transfer

CROSSING = timedelta(seconds=10)
"""Seerr sends APPROVED and FAILED of one click in either order; within this time they belong together."""


@dataclass(frozen=True)
class ItemStatus:
    """One item in the scope of a request; ``state`` is None while nothing is known to move."""

    item: ItemFact
    state: State | None
    is_blocked: bool = False

    @property
    def standing(self) -> Standing:
        """Give the word for the strip."""
        if self.state is State.AVAILABLE:
            return Standing.HERE
        if self.state is State.IMPORTED:
            return Standing.IMPORTED
        if self.state is not None:
            return Standing.BLOCKED if self.is_blocked else Standing.ARRIVING
        return Standing.UNAIRED if self.item.aired is False else Standing.WAITING

    @property
    def is_due(self) -> bool:
        """Tell whether it counts towards "all that is aired"."""
        return self.item.aired is not False or self.state is not None


@dataclass(frozen=True)
class Numbers:
    """How far a card is. ``progress`` is 0…100, ``eta`` seconds or -1, ``speed`` bytes/s.

    ``measured_by`` is whose the newest number is, as ``Transfer`` has it.
    """

    progress: int
    eta: int = -1
    speed: int = 0
    measured_at: datetime | None = None
    measured_by: str | None = None


@dataclass(frozen=True)
class Derived:
    """What a card shows of the facts; ``downloads`` are those whose numbers it shows."""

    state: State
    numbers: Numbers
    items: tuple[ItemStatus, ...]
    downloads: tuple[int, ...]
    attempt: int
    quality: str | None


def derive(request: RequestFact, facts: MediaFacts) -> Derived:
    """Derive everything a card shows."""
    own = OwnFacts(request, facts)
    statuses = tuple(_status(own, item) for item in own.scope())
    state = _request_state(own, statuses)
    absent = [status.item.key for status in statuses if status.state not in HERE]
    downloads = own.downloads_for(absent)
    is_whole = ORDER[State.DOWNLOADED] <= ORDER[state] <= ORDER[State.AVAILABLE]
    return Derived(
        state=state,
        numbers=add_up(map(transfer, downloads)) if downloads else Numbers(100 if is_whole else 0),
        items=statuses,
        downloads=tuple(download.pk for download in downloads),
        attempt=max((own.attempts(key) for key in absent), default=1),
        quality=own.quality([status.item.key for status in statuses]),
    )


def _status(own: OwnFacts, item: ItemFact) -> ItemStatus:
    return ItemStatus(item, own.item_state(item.key), is_blocked=own.is_blocked(item.key))


def add_up(transfers: Iterable[Transfer]) -> Numbers:
    """Give what some downloads are together: bytes done by bytes total, each pack once; the longest eta.

    The eta is -1 if that of an active one is unknown.
    """
    transfers = list(transfers)
    if not transfers:
        return Numbers(0)
    sizes = [each.size or 0 for each in transfers]
    if not all(sizes):
        sizes = [1] * len(transfers)
    done = sum(size * each.progress for size, each in zip(sizes, transfers, strict=True))
    active = [each.eta for each in transfers if each.is_active]
    measured = [(each.measured_at, each.measured_by) for each in transfers if each.measured_at and each.measured_by]
    return Numbers(
        # A whole number that reaches 100 only when every byte is there.
        min(100, int(100 * done / sum(sizes) + 1e-9)),
        -1 if None in active else max((eta for eta in active if eta is not None), default=0),
        sum(each.speed or 0 for each in transfers),
        *max(measured, default=(None, None)),
    )


def _request_state(own: OwnFacts, statuses: tuple[ItemStatus, ...]) -> State:
    request, facts, word = own.request, own.facts, seerr_word(own.request)
    if request.gone_at is not None:
        return State.REMOVED
    if word is State.DECLINED:
        return word
    states = [status.state for status in statuses if status.is_due]
    if states and own.is_all_known and all(state is State.AVAILABLE for state in states):
        return State.AVAILABLE
    if State.AVAILABLE in states:
        return State.PARTIALLY_AVAILABLE
    moving = [state for state in states if state is not None]
    if moving:
        return max(moving, key=ORDER.__getitem__)
    if request.completed_at is None:
        return word
    if request.vanished_at is not None or (statuses and own.is_lost()):
        return State.REMOVED
    # Seerr calls complete what nobody has told us of yet.
    return State.IMPORTED if facts.has_library else State.AVAILABLE


def seerr_word(request: RequestFact) -> State:
    """Give what Seerr's words alone say: the last one, with a failure that belongs to the last approval."""
    if request.failed_at and (request.approved_at is None or request.failed_at >= request.approved_at - CROSSING):
        later = [at for at in (request.declined_at, request.pending_at) if at]
        if all(at <= request.failed_at for at in later):
            return State.FAILED
    words = {
        State.REQUESTED: request.pending_at,
        State.APPROVED: request.approved_at,
        State.DECLINED: request.declined_at,
    }
    said = [(at, word) for word, at in words.items() if at]
    if not said:
        return State.APPROVED if request.completed_at else State.REQUESTED
    return max(said, key=lambda pair: (pair[0], ORDER[pair[1]]))[1]

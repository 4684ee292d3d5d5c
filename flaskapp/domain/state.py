"""The words for where something is: states in their order, sections of the board, standings of an episode."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a request is, in order; the last three stand aside."""

    REQUESTED = "requested"
    APPROVED = "approved"
    GRABBED = "grabbed"
    DOWNLOADING = "downloading"
    DOWNLOADED = "downloaded"
    IMPORTING = "importing"
    IMPORTED = "imported"
    PARTIALLY_AVAILABLE = "partially_available"
    AVAILABLE = "available"
    DECLINED = "declined"
    FAILED = "failed"
    REMOVED = "removed"


ORDER = {state: rank for rank, state in enumerate(State)}
HERE = frozenset({State.IMPORTED, State.AVAILABLE})
WATCHABLE = frozenset({State.PARTIALLY_AVAILABLE, State.AVAILABLE})


class Stage(StrEnum):
    """The sections of the board."""

    NEEDS_A_LOOK = "needs_a_look"
    ON_THE_WAY = "on_the_way"
    ALMOST_THERE = "almost_there"
    LOOKING = "looking"
    WAITING = "waiting"
    READY = "ready"
    CLOSED = "closed"


STAGES = {
    State.REQUESTED: Stage.WAITING,
    State.APPROVED: Stage.LOOKING,
    State.GRABBED: Stage.ON_THE_WAY,
    State.DOWNLOADING: Stage.ON_THE_WAY,
    State.DOWNLOADED: Stage.ALMOST_THERE,
    State.IMPORTING: Stage.ALMOST_THERE,
    State.IMPORTED: Stage.ALMOST_THERE,
    State.PARTIALLY_AVAILABLE: Stage.READY,
    State.AVAILABLE: Stage.READY,
    State.DECLINED: Stage.CLOSED,
    State.FAILED: Stage.NEEDS_A_LOOK,
    State.REMOVED: Stage.CLOSED,
}
PARTLY = frozenset({State.IMPORTED, State.PARTIALLY_AVAILABLE})


def stage_of(state: State, *, is_moving: bool, needs_a_look: bool = False) -> Stage:
    """Give the section of the board; a series that is partly here and partly arriving is on the way.

    ``needs_a_look``: somebody has to act. What waits for approval or is over has a section of its own for that.
    """
    if needs_a_look and STAGES[state] not in (Stage.WAITING, Stage.CLOSED):
        return Stage.NEEDS_A_LOOK
    if is_moving and state in PARTLY:
        return Stage.ON_THE_WAY
    return STAGES[state]


class Standing(StrEnum):
    """Where one episode is, as the strip on a card shows it."""

    HERE = "here"
    IMPORTED = "imported"
    ARRIVING = "arriving"
    BLOCKED = "blocked"
    """Downloaded, and its import needs a person."""
    WAITING = "waiting"
    UNAIRED = "unaired"

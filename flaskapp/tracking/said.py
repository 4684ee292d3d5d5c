"""What was said of a media, as the timeline will tell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flaskapp.domain.observation import DownloadPolled, Observation
from flaskapp.domain.queue import DownloadListed
from flaskapp.domain.reading import (
    EntryAbsent,
    EpisodesRead,
    LibraryItemAbsent,
    LibraryItemRead,
    MovieRead,
    RequestRead,
)
from flaskapp.domain.state import State
from flaskapp.domain.transfer import stage_state
from flaskapp.tracking.reason import reason

GOES_ON = "It goes on"
"""What is said when nothing holds a request up any more."""
FOUND = (DownloadListed, EntryAbsent, EpisodesRead, LibraryItemAbsent, LibraryItemRead, MovieRead, RequestRead)
"""Readings that bring what a webhook should have told."""


@dataclass(frozen=True)
class Said:
    """The sentence of the timeline, and when it became true."""

    sentence: str
    at: datetime
    state: State | None = None
    """The state that it brings by itself, where it does."""
    is_found: bool = False
    """It was found by asking."""


def say(observation: Observation) -> Said:
    """Put an observation into words."""
    state = stage_state(observation.stage, observation.progress) if isinstance(observation, DownloadPolled) else None
    is_found = observation.from_history or isinstance(observation, FOUND)
    return Said(reason(observation), observation.seen_at, state, is_found)


def cause_of(said: Sequence[Said], state: State) -> Said:
    """Choose among all that was said of a media at once: what brought this state, else the last."""
    return next((each for each in said if each.state is state), said[-1])

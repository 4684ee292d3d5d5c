"""Radarr and Sonarr write their histories by a clock of their own: ours decides what came after what."""

from __future__ import annotations

import pytest

from flaskapp.domain.observation import FILM, FileImported
from flaskapp.domain.origin import Origin
from flaskapp.domain.reading import MovieRead
from flaskapp.domain.state import State
from flaskapp.models import Entry
from flaskapp.tracking.record import Rules, record
from tests.tracking.house import IN_RADARR, WISH, Tell, card, later, only

BEHIND_AND_AHEAD = [-10, -0.2, 10]
"""Minutes between the clock of Radarr and ours."""


@pytest.mark.parametrize("skew", BEHIND_AND_AHEAD)
def test_an_import_from_history_counts_although_a_reading_of_the_same_minute_lacks_it(tell: Tell, skew: float) -> None:
    tell("seerr", WISH)
    tell("radarr", MovieRead(seen_at=later(20), entry=IN_RADARR, file_id=None))
    imported = FileImported(seen_at=later(20.1 + skew), from_history=True, entry=IN_RADARR, file_id=88, items=(FILM,))

    record([imported], Origin("radarr", "radarr", is_4k=False, now=later(21)), Rules(has_library=True))

    assert card().state is State.IMPORTED
    assert only(Entry).doubted_at == later(21)


@pytest.mark.parametrize(("file_id", "state"), [(88, State.IMPORTED), (None, State.APPROVED)])
def test_the_next_reading_tells_whether_it_is_still_there(tell: Tell, file_id: int | None, state: State) -> None:
    tell("seerr", WISH)
    tell("radarr", MovieRead(seen_at=later(20), entry=IN_RADARR, file_id=None))
    imported = FileImported(seen_at=later(1), from_history=True, entry=IN_RADARR, file_id=88, items=(FILM,))
    record([imported], Origin("radarr", "radarr", is_4k=False, now=later(21)), Rules(has_library=True))

    tell("radarr", MovieRead(seen_at=later(22), entry=IN_RADARR, file_id=file_id), has_library=True)

    assert card().state is state

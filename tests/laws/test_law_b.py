"""Law B: whatever becomes of webhooks, one complete pass of readings ends where perfect delivery would have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.laws import rooms
from tests.laws.lives import FILMS, SERIES, Life, lives
from tests.laws.outcome import differences
from tests.laws.play import Mangling, in_order, mangled
from tests.laws.post import IN_TIME
from tests.laws.rooms import Rooms, furnished

FATES = [IN_TIME, (), (), (1,), (15,), (90,), (400,), (0, 0), (0, 30), (5, 300)]
LAW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def cinema(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Rooms]:
    """Give rooms for a board that asks after films."""
    with furnished(tmp_path_factory.mktemp("films"), prepared, rooms.FILMS) as cinema:
        yield cinema


@pytest.fixture(scope="module")
def television(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Rooms]:
    """Give rooms for a board that asks after series."""
    with furnished(tmp_path_factory.mktemp("series"), prepared, rooms.SERIES) as television:
        yield television


def _hold(rooms: Rooms, life: Life, data: st.DataObject, *, is_reading: bool) -> None:
    mangling = Mangling(lambda name: data.draw(st.sampled_from(FATES), label=name), is_reading)
    try:
        assert differences(mangled(rooms, life, mangling), in_order(rooms, life)) == []
    finally:
        note("\n".join(mangling.transcript))


@settings(LAW, max_examples=250)
@given(life=lives(FILMS), data=st.data(), is_reading=st.booleans())
def test_films_end_alike_whatever_becomes_of_webhooks(
    cinema: Rooms, life: Life, data: st.DataObject, *, is_reading: bool
) -> None:
    _hold(cinema, life, data, is_reading=is_reading)


@settings(LAW, max_examples=250)
@given(life=lives(SERIES), data=st.data(), is_reading=st.booleans())
def test_series_end_alike_whatever_becomes_of_webhooks(
    television: Rooms, life: Life, data: st.DataObject, *, is_reading: bool
) -> None:
    _hold(television, life, data, is_reading=is_reading)

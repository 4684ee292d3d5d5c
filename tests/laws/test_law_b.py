"""Law B: whatever becomes of webhooks, one complete pass of readings ends where perfect delivery would have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.laws.lives import FILMS, FILMS_TWICE, SERIES, SERIES_TWICE, Life, lives
from tests.laws.outcome import differences
from tests.laws.play import Mangling, in_order, mangled
from tests.laws.post import IN_TIME
from tests.laws.rooms import Rooms, furnished, services

FATES = [IN_TIME, (), (), (1,), (15,), (90,), (400,), (0, 0), (0, 30), (5, 300)]
pytestmark = pytest.mark.timeout(900)  # a failing life is shortened for up to five minutes
LAW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


Build = Callable[..., Rooms]


@pytest.fixture(scope="module")
def rooms_with(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Build]:
    """Give rooms for a board that asks these of Radarr and Sonarr: ``rooms_with("radarr", "radarr_4k")``."""
    with ExitStack() as house:

        @cache
        def build(*names: str) -> Rooms:
            return house.enter_context(furnished(tmp_path_factory.mktemp("rooms"), prepared, services(*names)))

        yield build


def _hold(rooms: Rooms, life: Life, data: st.DataObject, *, is_reading: bool) -> None:
    mangling = Mangling(lambda name: data.draw(st.sampled_from(FATES), label=name), is_reading)
    try:
        assert differences(mangled(rooms, life, mangling), in_order(rooms, life)) == []
    finally:
        note("\n".join(mangling.transcript))


@settings(LAW, max_examples=150)
@given(life=lives(FILMS), data=st.data(), is_reading=st.booleans())
def test_films_end_alike_whatever_becomes_of_webhooks(
    rooms_with: Build, life: Life, data: st.DataObject, *, is_reading: bool
) -> None:
    _hold(rooms_with("radarr"), life, data, is_reading=is_reading)


@settings(LAW, max_examples=150)
@given(life=lives(SERIES), data=st.data(), is_reading=st.booleans())
def test_series_end_alike_whatever_becomes_of_webhooks(
    rooms_with: Build, life: Life, data: st.DataObject, *, is_reading: bool
) -> None:
    _hold(rooms_with("sonarr"), life, data, is_reading=is_reading)


@settings(LAW, max_examples=120)
@given(life=lives(FILMS_TWICE), data=st.data(), is_reading=st.booleans())
def test_films_in_two_qualities_end_alike_whatever_becomes_of_webhooks(
    rooms_with: Build, life: Life, data: st.DataObject, *, is_reading: bool
) -> None:
    _hold(rooms_with("radarr", "radarr_4k"), life, data, is_reading=is_reading)


@settings(LAW, max_examples=80)
@given(life=lives(SERIES_TWICE), data=st.data(), is_reading=st.booleans())
def test_series_in_two_qualities_end_alike_whatever_becomes_of_webhooks(
    rooms_with: Build, life: Life, data: st.DataObject, *, is_reading: bool
) -> None:
    _hold(rooms_with("sonarr", "sonarr_4k"), life, data, is_reading=is_reading)

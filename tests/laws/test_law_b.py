"""Law B: whatever becomes of webhooks, one complete pass of readings ends where perfect delivery would have."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from demo.titles import LANTERN
from tests.laws.lives import FILMS, Life, lives
from tests.laws.outcome import differences
from tests.laws.play import Mangling, in_order, mangled
from tests.laws.post import IN_TIME
from tests.laws.rooms import Rooms

FATES = [IN_TIME, (), (), (1,), (15,), (90,), (400,), (0, 0), (0, 30), (5, 300)]
LAW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Rooms]:
    folder = tmp_path_factory.mktemp("rooms")
    shutil.copy(prepared, folder / "arrivarr.db")
    rooms = Rooms(folder)
    yield rooms
    rooms.close()


def _hold(rooms: Rooms, life: Life, data: st.DataObject, *, is_reading: bool) -> None:
    mangling = Mangling(lambda name: data.draw(st.sampled_from(FATES), label=name), is_reading)
    try:
        assert differences(mangled(rooms, life, mangling), in_order(rooms, life)) == []
    finally:
        note("\n".join(mangling.transcript))


@settings(LAW, max_examples=250)
@given(life=lives(FILMS), data=st.data(), is_reading=st.booleans())
def test_films_end_alike_whatever_becomes_of_webhooks(
    rooms: Rooms, life: Life, data: st.DataObject, *, is_reading: bool
) -> None:
    _hold(rooms, life, data, is_reading=is_reading)


@settings(LAW, max_examples=250)
@given(life=lives([LANTERN.slug]), data=st.data(), is_reading=st.booleans())
def test_series_end_alike_whatever_becomes_of_webhooks(
    rooms: Rooms, life: Life, data: st.DataObject, *, is_reading: bool
) -> None:
    _hold(rooms, life, data, is_reading=is_reading)

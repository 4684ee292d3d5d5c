"""Law B for films: the end is that of perfect delivery, whatever becomes of webhooks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.law_b import LAW, LONGEST, Build, hold
from tests.laws.lives import FILMS, FILMS_TWICE, Life, lives

pytestmark = pytest.mark.timeout(LONGEST)


@settings(LAW, max_examples=150)
@given(life=lives(FILMS), data=st.data(), is_reading=st.booleans())
def test_films_end_alike_whatever_becomes_of_webhooks(
    rooms_with: Build, life: Life, data: st.DataObject, *, is_reading: bool
) -> None:
    hold(rooms_with("radarr"), life, data, is_reading=is_reading)


@settings(LAW, max_examples=120)
@given(life=lives(FILMS_TWICE), data=st.data(), is_reading=st.booleans())
def test_films_in_two_qualities_end_alike_whatever_becomes_of_webhooks(
    rooms_with: Build, life: Life, data: st.DataObject, *, is_reading: bool
) -> None:
    hold(rooms_with("radarr", "radarr_4k"), life, data, is_reading=is_reading)

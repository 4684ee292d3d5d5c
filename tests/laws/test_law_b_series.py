"""Law B for series: the end is that of perfect delivery, whatever becomes of webhooks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.law_b import LAW, LONGEST, Build, hold
from tests.laws.lives import SERIES, SERIES_TWICE, Life, lives

pytestmark = pytest.mark.timeout(LONGEST)


@settings(LAW, max_examples=150)
@given(life=lives(SERIES), data=st.data(), is_reading=st.booleans())
def test_series_end_alike_whatever_becomes_of_webhooks(
    rooms_with: Build, life: Life, data: st.DataObject, *, is_reading: bool
) -> None:
    hold(rooms_with("sonarr"), life, data, is_reading=is_reading)


@settings(LAW, max_examples=80)
@given(life=lives(SERIES_TWICE), data=st.data(), is_reading=st.booleans())
def test_series_in_two_qualities_end_alike_whatever_becomes_of_webhooks(
    rooms_with: Build, life: Life, data: st.DataObject, *, is_reading: bool
) -> None:
    hold(rooms_with("sonarr", "sonarr_4k"), life, data, is_reading=is_reading)

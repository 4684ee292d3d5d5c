"""Rooms for the boards of generated lives, furnished once for each choice of services."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest

from tests.laws.law_b import Build
from tests.laws.rooms import Rooms, furnished, services

GARBAGE = 50_000
"""New objects until garbage is looked for."""


@pytest.fixture(scope="module")
def rooms_with(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Build]:
    """Give rooms for a board that asks these of Radarr and Sonarr: ``rooms_with("radarr", "radarr_4k")``."""
    with ExitStack() as house, _tidying_seldom():

        @cache
        def build(*names: str) -> Rooms:
            rooms = house.enter_context(furnished(tmp_path_factory.mktemp("rooms"), prepared, services(*names)))
            gc.collect()
            gc.freeze()  # what stands here stays
            return rooms

        yield build


@contextmanager
def _tidying_seldom() -> Iterator[None]:
    """Look for garbage seldom: a board leaves little, and looking took a seventh of the time."""
    before = gc.get_threshold()
    gc.set_threshold(GARBAGE, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()

"""Rooms for the boards of generated lives, furnished once for each choice of services."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from tests.laws.law_b import Build
from tests.laws.rooms import Rooms, furnished, services


@pytest.fixture(scope="module")
def rooms_with(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Build]:
    """Give rooms for a board that asks these of Radarr and Sonarr: ``rooms_with("radarr", "radarr_4k")``."""
    with ExitStack() as house:

        @cache
        def build(*names: str) -> Rooms:
            return house.enter_context(furnished(tmp_path_factory.mktemp("rooms"), prepared, services(*names)))

        yield build

"""What the scenarios share: rooms that are furnished once, and a house of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laws.rooms import Rooms, furnished, services
from tests.scenarios.house import House


@pytest.fixture(scope="package")
def rooms(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Rooms]:
    """Give rooms for a board that asks a Radarr and a Sonarr."""
    with furnished(tmp_path_factory.mktemp("rooms"), prepared, services("radarr", "sonarr")) as rooms:
        yield rooms


@pytest.fixture
def house(rooms: Rooms) -> Iterator[House]:
    """Open a house at noon."""
    with House.inhabited(rooms) as house:
        yield house

"""The real servers are shared by several folders of tests; every test has a house of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.server.qbittorrent import leecher
from tests.setup.house import House
from tests.setup.house import house as open_house

__all__ = ["leecher"]


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    """Give a board and its services."""
    with open_house(app) as house:
        yield house

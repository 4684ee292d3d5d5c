"""What the tests of the loops share; the real servers are used by several folders of tests."""

from __future__ import annotations

import pytest

from tests.polling.record import Record
from tests.server.qbittorrent import leecher, seeder

__all__ = ["leecher", "seeder"]


@pytest.fixture
def record() -> Record:
    return Record()

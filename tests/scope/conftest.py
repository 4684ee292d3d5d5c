from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from flaskapp.config import Settings
from tests.scope.house import House


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, auth="local", read_key="a-key-for-programs")


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    house = House(app)
    yield house
    house.close()
    assert app.extensions["hub"].count == 0

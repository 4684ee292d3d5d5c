from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from demo.scenario import LENGTH, Play
from demo.servarr.apps import create_radarr, create_sonarr
from demo.world import World
from tests.demo.recorder import Recorder, connected_world


@pytest.fixture
def post() -> Recorder:
    return Recorder()


@pytest.fixture
def world(post: Recorder) -> World:
    return connected_world(post)


@pytest.fixture
def moving(world: World) -> World:
    """Give a world in the middle of the play."""
    Play(world).begin()
    world.advance(60)
    return world


@pytest.fixture
def radarr(moving: World) -> FlaskClient:
    return create_radarr(moving).test_client()


@pytest.fixture
def sonarr(moving: World) -> FlaskClient:
    return create_sonarr(moving).test_client()


@pytest.fixture(scope="session")
def played() -> tuple[World, Recorder]:
    """Give the world after the play, and all webhooks of it. Nobody may change it."""
    post = Recorder()
    world = connected_world(post)
    Play(world).begin()
    world.advance(LENGTH)
    return world, post

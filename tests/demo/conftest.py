from __future__ import annotations

import pytest

from demo.scenario import LENGTH, Play
from demo.world import World
from tests.demo.recorder import Recorder, connected_world


@pytest.fixture
def post() -> Recorder:
    return Recorder()


@pytest.fixture
def world(post: Recorder) -> World:
    return connected_world(post)


@pytest.fixture(scope="session")
def played() -> tuple[World, Recorder]:
    """Give the world after the play, and all webhooks of it. Nobody may change it."""
    post = Recorder()
    world = connected_world(post)
    Play(world).begin()
    world.advance(LENGTH)
    return world, post

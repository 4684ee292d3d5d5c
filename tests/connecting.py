"""Services that people connect while a board runs, and a qBittorrent to connect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from flaskapp import create_app
from flaskapp.config import Settings
from flaskapp.extensions import db
from flaskapp.kept_secrets import with_secrets
from flaskapp.upstreams import Upstream, Upstreams
from tests.processes.upstream import Upstream as FakeQbittorrent

CONNECTED = Upstream("qbittorrent", "qbittorrent", "qBittorrent", "")


@pytest.fixture
def qbittorrent() -> Iterator[FakeQbittorrent]:
    fake = FakeQbittorrent()
    yield fake
    fake.close()


@contextmanager
def upstreams_of(settings: Settings) -> Iterator[Upstreams]:
    """Change the services of a running board as another process does that asks nobody."""
    app = create_app(with_secrets(settings))
    with app.app_context():
        yield app.extensions["upstreams"]
        db.engine.dispose()

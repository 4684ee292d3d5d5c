"""What all tests share: laws are tried on the same lives every time, and every test has an app of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright
from werkzeug.test import TestResponse

from flaskapp import create_app
from flaskapp.config import Settings
from flaskapp.extensions import db
from tests.app import TOKEN, Browser, Send, payload, post, running
from tests.browser.chromium import launch

hypothesis.settings.register_profile("same-every-time", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.load_profile("same-every-time")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """Start one browser for all tests; Playwright runs only once in a thread."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare a database once, as `make run` does."""
    folder = tmp_path_factory.mktemp("prepared")
    app = create_app(Settings(data_dir=folder, webhook_token=TOKEN))
    result = app.test_cli_runner().invoke(args=["prepare"])
    assert result.exit_code == 0, result.output
    with app.app_context():
        db.engine.dispose()
    return folder / "arrivarr.db"


@pytest.fixture
def settings(tmp_path: Path, prepared: Path) -> Settings:
    """Give settings whose data folder holds an empty, prepared database."""
    shutil.copy(prepared, tmp_path / "arrivarr.db")
    return Settings(data_dir=tmp_path, webhook_token=TOKEN, secret_key="a-secret-for-tests")


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """Give an app whose stream is open; its background work does not run."""
    with running(settings) as app:
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """Let a service post one of its example bodies."""

    def send(source: str, name: str, instance: str | None = None, **changed: Any) -> TestResponse:
        address = f"/webhooks/{source}" if instance is None else f"/webhooks/{source}/{instance}"
        return post(client, address, payload(source, name, **changed))

    return send


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Open a board that is told what happens from now on."""
    return Browser(app.extensions["hub"])

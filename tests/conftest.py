"""What all tests share: laws are tried on the same lives every time, and every test has an app of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright
from werkzeug.test import TestResponse

from flaskapp.access.throttle import NAME
from flaskapp.config import Settings
from tests.app import TOKEN, Browser, Send, payload, post, prepare, running
from tests.browser.chromium import launch
from tests.compiled import keep_rules, same_dialects
from tests.postgresql import PostgreSQL

ON_BOTH = (
    *("tests/tracking/test_record.py", "tests/tracking/test_entries.py", "tests/tracking/test_library.py"),
    *("tests/tracking/test_open_questions.py", "tests/test_pipeline.py", "tests/test_replay.py"),
    *("tests/views/test_api.py", "tests/views/test_summary.py"),
    *("tests/views/test_find.py", "tests/views/test_history.py"),
)
"""What is tried on PostgreSQL too: whatever asks or changes the record in ways that databases may differ in."""

hypothesis.settings.register_profile("same-every-time", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.load_profile("same-every-time")
keep_rules()
same_dialects()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Spread the files of each folder evenly over a run of several workers.

    Otherwise all browsers would run at once, and then all laws: one kind waits most of its time, the other computes.
    """
    if not hasattr(config, "workerinput"):
        return
    folders: dict[Path, list[Path]] = {}
    for path in dict.fromkeys(item.path for item in items):
        folders.setdefault(path.parent, []).append(path)
    places = {
        path: (index + 0.5) / len(paths) for paths in folders.values() for index, path in enumerate(sorted(paths))
    }
    items.sort(key=lambda item: (places[item.path], item.path))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """Start one browser for all tests; Playwright runs only once in a thread."""
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        yield browser
        browser.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try a test on each database that it has to do with."""
    if "database" in metafunc.fixturenames:
        path = str(metafunc.definition.path.relative_to(metafunc.config.rootpath))
        kinds = ["sqlite", "postgresql"] if path.startswith(ON_BOTH) else ["sqlite"]
        metafunc.parametrize("database", kinds, scope="module")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """Start one PostgreSQL for all tests."""
    server = PostgreSQL()
    yield server
    server.close()


@pytest.fixture(scope="session")
def prepared_url(postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Prepare a database on PostgreSQL once."""
    url = postgresql.create()
    prepare(Settings(data_dir=tmp_path_factory.mktemp("prepared"), database_url=url))
    return url


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare a database once, as `make run` does."""
    folder = tmp_path_factory.mktemp("prepared")
    prepare(Settings(data_dir=folder))
    return folder / "arrivarr.db"


@pytest.fixture
def settings(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> Settings:
    """Give settings with an empty, prepared database."""
    settings = Settings(
        data_dir=tmp_path,
        webhook_token=TOKEN,
        secret_key="a-secret-for-tests",
        auth="none",
        auth_none_ok=True,  # boards of tests are called by many names
    )
    if database == "sqlite":
        shutil.copy(request.getfixturevalue("prepared"), tmp_path / "arrivarr.db")
        return settings
    url = request.getfixturevalue("prepared_url")
    request.getfixturevalue("postgresql").empty(url)
    return replace(settings, database_url=url)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """Give an app whose stream is open; its background work does not run."""
    with running(settings) as app:
        yield app


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let passwords cost nothing, and pauses after wrong ones be long: a test is not about time."""
    monkeypatch.setattr("flaskapp.access.password._hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    slow = replace(NAME, first=NAME.longest)
    monkeypatch.setattr("flaskapp.access.throttle.NAME", slow)


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

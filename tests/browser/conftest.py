"""A real browser before a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.board_server import BoardServer
from tests.browser.guarded import SECRET_KEY
from tests.server.process import fill
from tests.server.qbittorrent import leecher, seeder

__all__ = ["leecher", "seeder"]

PHONE = 390
PATIENCE = 15_000
"""Milliseconds: a page that heals may wait for its turn, and machines are busy."""
expect.set_options(timeout=PATIENCE)
WITHOUT_WORKER = "delete window.SharedWorker"
"""Such pages have a stream of their own, which a test can intercept, and one clock alone."""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[BoardServer]:
    """One board for all tests that neither stop it nor need it empty; each asks for films of its own."""
    yield from _served(tmp_path_factory.mktemp("board"), prepared)


@pytest.fixture
def own_server(tmp_path: Path, prepared: Path) -> Iterator[BoardServer]:
    """An empty board that a test may kill."""
    yield from _served(tmp_path, prepared)


@pytest.fixture
def guarded(tmp_path: Path, prepared: Path) -> Iterator[BoardServer]:
    """Give a board that asks who comes."""
    yield from _served(tmp_path, prepared, AUTH="local")


def _served(folder: Path, prepared: Path, **env: str) -> Iterator[BoardServer]:
    fill(folder, prepared)
    # Some call it by another name, to be no secure context.
    server = BoardServer(folder, {"AUTH_NONE_OK": "yes", **env})
    try:
        yield server
    finally:
        server.stop()
    server.assert_log_is_clean()


@pytest.fixture
def house_of_people(tmp_path: Path, prepared: Path) -> Iterator[BoardServer]:
    """Give a board where people sign in, with one film on it; tests make their accounts beside it."""
    for server in _served(tmp_path, prepared, AUTH="local", SECRET_KEY=SECRET_KEY):
        server.ask("Sunrise", 1)
        yield server


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages of separate people; a test fails when a script of ours throws in one of them.

    ``is_alone``: without the worker that the tabs of a browser share.
    """
    contexts: list[BrowserContext] = []
    thrown: list[str] = []

    def open_page(width: int = 1280, *, is_alone: bool = False, **options: object) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            timezone_id="Europe/Berlin",
            locale="de-DE",
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if is_alone:
            context.add_init_script(WITHOUT_WORKER)
        page = context.new_page()
        page.on("pageerror", lambda error: thrown.append(str(error)))
        return page

    yield open_page

    for context in contexts:
        context.close()
    assert thrown == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def lone_page(new_page: Callable[..., Page]) -> Page:
    return new_page(is_alone=True)

"""A real browser before a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.board_server import Boards, BoardServer
from tests.browser.guarded import SECRET_KEY
from tests.server.qbittorrent import leecher, seeder

__all__ = ["leecher", "seeder"]

PHONE = 390
PATIENCE = 15_000
"""Milliseconds: a page that heals may wait for its turn, and machines are busy."""
expect.set_options(timeout=PATIENCE)
OPEN = {"AUTH_NONE_OK": "yes"}
"""Some call the board by another name, to be no secure context."""
GUARDED = OPEN | {"AUTH": "local", "SECRET_KEY": SECRET_KEY}
WITHOUT_WORKER = "delete window.SharedWorker"
"""Such pages have a stream of their own, which a test can intercept, and one clock alone."""


@pytest.fixture(scope="session")
def boards(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Boards]:
    """Give boards to all tests."""
    boards = Boards(tmp_path_factory.mktemp("boards"), prepared)
    yield boards
    boards.close()


@pytest.fixture(scope="session")
def server(boards: Boards) -> Iterator[BoardServer]:
    """One board for all tests that neither stop it nor need it empty; each asks for films of its own."""
    with boards.open(OPEN) as server:
        yield server


@pytest.fixture
def own_server(boards: Boards) -> Iterator[BoardServer]:
    """An empty board that a test may kill."""
    with boards.open(OPEN) as server:
        yield server


@pytest.fixture
def guarded(boards: Boards) -> Iterator[BoardServer]:
    """Give a board that asks who comes."""
    with boards.open(GUARDED) as server:
        yield server


@pytest.fixture
def house_of_people(boards: Boards) -> Iterator[BoardServer]:
    """Give a board where people sign in, with one film on it; tests make their accounts beside it."""
    with boards.open(GUARDED) as server:
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

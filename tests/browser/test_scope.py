"""Two people before one board: each page holds what is theirs, also when that changes under their eyes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.live_page import card, expect_connection
from tests.household import Household
from tests.server.process import Server, fill

OpenAs = Callable[[str], Page]


@pytest.fixture
def shared(tmp_path: Path, prepared: Path) -> Iterator[Server]:
    """Give a board on which Alice and Bob sign in."""
    fill(tmp_path, prepared)
    server = Server(tmp_path, {"AUTH": "local"}, "tests.server.household:app")
    try:
        assert requests.post(f"{server.url}/household/people", timeout=20).ok
        yield server
    finally:
        server.stop()
    server.assert_log_is_clean()


@pytest.fixture
def open_as(shared: Server, new_page: Callable[..., Page]) -> OpenAs:
    """Open the board in a browser of somebody who is signed in."""

    def open_as(name: str) -> Page:
        page = new_page()
        assert page.request.post(f"{shared.url}/household/enter/{name}").ok
        page.goto(shared.url)
        expect_connection(page, "live")
        return page

    return open_as


def let(server: Server, step: dict[str, object]) -> None:
    assert requests.post(f"{server.url}/household/live", json=[step], timeout=20).ok


def test_a_request_that_is_handed_over_moves_to_the_other_page(shared: Server, open_as: OpenAs) -> None:
    household = Household(random.Random(1927))  # decides a game
    for number, name in ((1, "alice"), (2, "alice"), (3, "bob")):
        let(shared, household.let("ask", number, name))
    alice, bob, request_page = open_as("alice"), open_as("bob"), open_as("alice")
    card(request_page, "Film 1").get_by_role("link").click()
    expect(request_page.get_by_role("heading", name="How it got here")).to_be_visible()
    expect_connection(request_page, "live")
    expect(alice.locator(".card")).to_have_count(2)
    expect(bob.locator(".card")).to_have_count(1)

    let(shared, household.let("give", 1, "bob"))

    expect(card(bob, "Film 1")).to_have_count(1)
    expect(card(alice, "Film 1")).to_have_count(0)
    expect(card(alice, "Film 2")).to_have_count(1)
    expect(request_page.get_by_text("This card is not on this board any more.")).to_be_visible()


def test_who_has_asked_for_nothing_sees_whose_requests_would_be_here(shared: Server, open_as: OpenAs) -> None:
    household = Household(random.Random(1927))  # decides a game
    let(shared, household.let("ask", 1, "bob"))

    page = open_as("alice")
    expect(page.get_by_role("heading", name="Your requests will be here")).to_be_visible()
    expect(page.locator(".card")).to_have_count(0)

    let(shared, household.let("ask", 2, "alice"))

    expect(card(page, "Film 2")).to_be_visible()
    expect(page.locator(".welcome")).to_be_hidden()

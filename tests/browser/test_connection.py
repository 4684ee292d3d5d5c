"""The page says truthfully how it is connected, and comes back by itself."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.board_server import BoardServer
from tests.browser.live_page import card, expect_connection, lost_place, open_board
from tests.server.process import wait_until

BROKEN = {
    "busy": {"status": 503, "headers": {"Retry-After": "10"}, "body": "busy"},
    "broken": {"status": 500, "body": "broken"},
    "refused": {"status": 429, "body": "too many"},
    "a sign-in page": {"status": 200, "content_type": "text/html", "body": "<form>Sign in</form>"},
    "nothing": {"status": 204},
}


@pytest.fixture
def page(lone_page: Page) -> Page:
    """Give a page with a stream of its own, which can be intercepted; tabs that share one run the same module."""
    return lone_page


def test_page_waits_until_the_server_has_greeted(server: BoardServer, page: Page) -> None:
    page.route("**/events?*", lambda route: None)
    page.route("**/api/**", lambda route: route.abort())

    page.goto(server.url)

    expect_connection(page, "waiting")
    expect(page.locator(".connection")).to_contain_text("Connecting")
    expect_connection(page, "offline")
    expect(page.get_by_text("The connection to the server is lost.")).to_be_visible()


def test_page_says_lost_and_comes_back_with_what_it_missed(own_server: BoardServer, page: Page) -> None:
    own_server.ask("Metropolis", 1)
    open_board(page, own_server)
    page.evaluate("window.sameVisit = true")
    expect(page.get_by_text("The connection to the server is lost.")).to_be_hidden()

    own_server.kill()

    expect_connection(page, "waiting", within=2_000)
    expect_connection(page, "offline", within=7_000)
    expect(page.locator("[data-announcements]")).to_have_text("The connection is lost. Trying again.")

    own_server.restart()
    own_server.ask("Nosferatu", 2)

    expect_connection(page, "live", within=20_000)
    expect(card(page, "Nosferatu")).to_be_visible()
    expect(page.get_by_text("The connection to the server is lost.")).to_be_hidden()
    assert page.evaluate("window.sameVisit")


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_page_becomes_live_after_an_answer_that_ends_an_event_source(
    server: BoardServer, page: Page, answer: dict[str, Any]
) -> None:
    page.route("**/events?*", lambda route: route.fulfill(**answer), times=2)

    page.goto(server.url)

    expect_connection(page, "live")


def test_silence_is_noticed_after_three_heartbeats(server: BoardServer, page: Page) -> None:
    page.clock.install()
    opened: list[str] = []
    page.on("request", lambda request: opened.append(request.url) if "/events?" in request.url else None)
    page.goto(server.url)
    expect_connection(page, "live")

    page.clock.run_for(44_000)
    before = len(opened)
    page.clock.run_for(6_000)

    assert before == 1
    assert len(opened) > 1


def test_cursor_that_the_server_does_not_know_reloads_the_board(server: BoardServer, page: Page) -> None:
    server.ask("The Phantom", 401)
    page.goto(server.url)
    with lost_place(page, server):
        card(page, "The Phantom").evaluate("element => element.remove()")

    expect_connection(page, "live")

    expect(card(page, "The Phantom")).to_be_visible()


def test_resync_reloads_the_board_also_when_the_first_try_fails(server: BoardServer, page: Page) -> None:
    server.ask("The Ghost", 402)
    page.goto(server.url)
    page.route("**/board", lambda route: route.fulfill(status=503, body=""), times=1)
    with lost_place(page, server):
        card(page, "The Ghost").evaluate("element => element.remove()")

    expect(card(page, "The Ghost")).to_be_visible()


def test_frame_that_comes_while_the_board_is_fetched_is_not_lost(server: BoardServer, page: Page) -> None:
    server.ask("The Navigator", 403)
    page.goto(server.url)

    def fetch_then_change(route: Route) -> None:
        stale = route.fetch()
        server.ask("The Saphead", 404)
        page.wait_for_timeout(300)
        route.fulfill(response=stale)

    page.route("**/board", fetch_then_change, times=1)
    with lost_place(page, server):
        pass

    expect(card(page, "The Navigator")).to_be_visible()
    expect(card(page, "The Saphead")).to_be_visible()
    page.wait_for_timeout(500)
    expect(card(page, "The Saphead")).to_be_visible()


def test_page_that_left_closes_its_stream(server: BoardServer, page: Page) -> None:
    open_board(page, server)
    assert server.streams == 1

    page.goto("about:blank")

    wait_until(lambda: server.streams == 0)

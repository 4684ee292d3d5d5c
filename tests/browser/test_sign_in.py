"""A newcomer is on the board within a minute; who is signed out is told so, and asked to come back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.board_server import BoardServer
from tests.browser.conftest import PHONE
from tests.browser.live_page import card, expect_connection, overflow
from tests.browser.newcomer import PASSWORD, first_visit, printed, way_in
from tests.server.process import wait_until

SIGNED_OUT = "You are signed out, so there is nothing to see here any more."
NEVER_LEAVES = """() => {
    const post = MessagePort.prototype.postMessage;
    MessagePort.prototype.postMessage = function (word) { if (!word.hasLeft) post.call(this, word); };
}"""
"""Such a tab does not tell the worker that it goes, like one that a phone has put to sleep."""
QUIET = 6_000
"""Milliseconds in which a page that tries again would have tried."""


def sign_in(page: Page, server: BoardServer, path: str = "/", name: str = "Eve") -> None:
    page.goto(f"{server.url}{path}")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def streams(server: BoardServer) -> int:
    key = (server.data_dir / "read_key").read_text().strip()
    count: int = requests.get(f"{server.url}/readyz", timeout=10, headers={"X-Api-Key": key}).json()["streams"]
    return count


def menu(page: Page, item: str) -> None:
    page.locator(".menu__name").click()
    page.locator(".menu__item", has_text=item).click()


def another_tab(page: Page) -> Page:
    tab = page.context.new_page()
    tab.goto(page.url)
    return tab


def test_a_newcomer_clicks_the_printed_address_and_fills_in_one_form(guarded: BoardServer, page: Page) -> None:
    guarded.ask("Metropolis", 1)

    first_visit(page, guarded, address=printed(guarded))

    expect(card(page, "Metropolis")).to_be_visible()


def test_a_stranger_who_types_the_address_alone_is_told_where_the_code_is(guarded: BoardServer, page: Page) -> None:
    guarded.ask("Metropolis", 1)

    page.goto(guarded.url)

    expect(page.get_by_role("heading")).to_have_text("Welcome to Arrivarr")
    expect(page.get_by_text("The code is in the terminal or the log")).to_be_visible()
    expect(page.get_by_text("Metropolis")).to_have_count(0)


def test_everything_works_without_javascript(guarded: BoardServer, new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(way_in(guarded))
    page.get_by_label("Name").fill("Eve")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    menu(page, "People")
    page.get_by_label("Let somebody in").fill("Ada")
    page.get_by_role("button", name="Make a link").click()
    link = page.locator("#made-line").inner_text()
    menu(page, "Sign out")
    expect(page.get_by_role("heading")).to_have_text("Sign in")

    page.goto(link)
    expect(page.get_by_role("heading")).to_have_text("Welcome, Ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Show me the board").click()

    expect(page.locator(".menu__name")).to_contain_text("Ada")


def test_signed_out_everywhere_an_open_page_says_so_and_asks_no_more(
    guarded: BoardServer, new_page: Callable[..., Page]
) -> None:
    guarded.ask("Metropolis", 1)
    left, elsewhere = new_page(is_alone=True), new_page()
    first_visit(elsewhere, guarded)
    sign_in(left, guarded)
    expect_connection(left, "live")
    asked: list[str] = []
    left.on("request", lambda request: asked.append(request.url))

    menu(elsewhere, "Your account")
    elsewhere.get_by_role("button", name="Sign out everywhere").click()

    expect_connection(left, "signed-out", within=5_000)
    expect(left.get_by_text("You are signed out, so there is nothing to see here any more.")).to_be_visible()
    expect(card(left, "Metropolis")).to_be_hidden()
    left.wait_for_timeout(QUIET)
    assert asked == []
    assert streams(guarded) == 0
    left.get_by_role("link", name="Sign in").click()
    expect(left.get_by_role("heading")).to_have_text("Sign in")


def test_all_tabs_of_a_browser_stop_together_and_a_new_page_begins_anew(guarded: BoardServer, page: Page) -> None:
    guarded.ask("Metropolis", 1)
    first_visit(page, guarded)
    tab = another_tab(page)
    expect_connection(tab, "live")
    assert streams(guarded) == 1

    menu(page, "Sign out")

    expect_connection(tab, "signed-out", within=5_000)
    expect(tab.locator("[data-announcements]")).to_have_text("You are signed out.")
    wait_until(lambda: streams(guarded) == 0)
    tab.wait_for_timeout(QUIET)
    assert streams(guarded) == 0

    sign_in(page, guarded)

    expect_connection(page, "live")
    expect_connection(tab, "signed-out")
    expect(card(tab, "Metropolis")).to_be_hidden()
    expect(card(page, "Metropolis")).to_be_visible()


def test_a_tab_that_is_frozen_keeps_nobody_out(guarded: BoardServer, page: Page) -> None:
    first_visit(page, guarded)
    frozen = another_tab(page)
    expect_connection(frozen, "live")
    frozen.evaluate(NEVER_LEAVES)
    menu(page, "Sign out")
    expect_connection(frozen, "signed-out")

    sign_in(page, guarded)

    expect_connection(page, "live")
    expect_connection(frozen, "signed-out")


def test_a_page_that_comes_back_to_a_closed_door_says_so(guarded: BoardServer, lone_page: Page) -> None:
    guarded.ask("Metropolis", 1)
    first_visit(lone_page, guarded)
    lone_page.context.clear_cookies()
    asked: list[str] = []

    guarded.restart()

    expect_connection(lone_page, "signed-out", within=30_000)
    lone_page.on("request", lambda request: asked.append(request.url))
    lone_page.wait_for_timeout(QUIET)
    assert asked == []


@pytest.mark.parametrize("path", ["/requests/1", "/services"])
def test_the_other_pages_say_so_too(guarded: BoardServer, lone_page: Page, path: str) -> None:
    guarded.ask("Metropolis", 1)
    first_visit(lone_page, guarded)
    lone_page.clock.install()
    lone_page.goto(f"{guarded.url}{path}")
    expect_connection(lone_page, "live")

    sign_out(lone_page.context, guarded)
    lone_page.clock.run_for(20_000)

    expect_connection(lone_page, "signed-out")
    expect(lone_page.get_by_text(SIGNED_OUT)).to_be_visible()


def sign_out(context: BrowserContext, server: BoardServer) -> None:
    """Sign the browser out in a page of its own."""
    other = context.new_page()
    other.goto(f"{server.url}/account")
    menu(other, "Sign out")
    expect(other.get_by_role("heading")).to_have_text("Sign in")  # a page that is closed sends nothing any more
    other.close()


@pytest.mark.parametrize("path", ["/sign-in", "/join?code=XXXX", "/", "/account", "/people"])
def test_pages_fit_a_phone(guarded: BoardServer, new_page: Callable[..., Page], path: str) -> None:
    page = new_page(width=PHONE)
    first_visit(page, guarded, name="Evangeline of the Very Long Name Indeed")
    if path in ("/sign-in", "/join?code=XXXX"):
        page.context.clear_cookies()
    page.goto(f"{guarded.url}{path}")

    assert overflow(page) <= 0
    if page.locator(".menu").count():
        page.locator(".menu__name").click()
        assert overflow(page) <= 0


def test_one_person_after_the_other_in_one_browser_never_see_each_others_page(guarded: BoardServer, page: Page) -> None:
    guarded.ask("Metropolis", 1)
    first_visit(page, guarded)
    menu(page, "People")
    page.get_by_label("Let somebody in").fill("Ada")
    page.get_by_role("button", name="Make a link").click()
    link = page.locator("#made-line").inner_text()
    page.goto(guarded.url)
    tab = another_tab(page)
    expect_connection(tab, "live")

    page.goto(link)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Show me the board").click()

    expect_connection(page, "live")
    expect_connection(tab, "signed-out")
    expect(card(page, "Metropolis")).to_have_count(0)

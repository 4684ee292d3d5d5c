"""The page of one request, and taking its card off the board."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.board_server import BoardServer
from tests.browser.live_page import card, expect_connection, lost_place, open_board


def open_request(page: Page, server: BoardServer, title: str) -> None:
    page.goto(server.url)
    card(page, title).get_by_role("link").click()
    expect(page.get_by_role("heading", name="How it got here")).to_be_visible()


def test_timeline_grows_without_reload(server: BoardServer, page: Page) -> None:
    server.ask("Metropolis of steps", 501, requestedBy_username="alice")
    open_request(page, server, "Metropolis of steps")
    expect_connection(page, "live")
    expect(page.locator(".timeline__step")).to_have_count(1)

    server.ask("Metropolis of steps", 501, "media-approved-movie")

    expect(page.locator(".timeline__step")).to_have_count(2)
    newest = page.locator(".timeline__step").first
    expect(newest).to_contain_text("Looking")
    expect(newest).to_contain_text("Seerr")
    expect(page.locator(".card .state")).to_have_text("Looking")


def test_page_is_not_moved_by_other_requests(server: BoardServer, page: Page) -> None:
    server.ask("Nosferatu alone", 502)
    open_request(page, server, "Nosferatu alone")
    expect_connection(page, "live")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))

    server.ask("Somebody else's film", 503)

    page.wait_for_timeout(1_000)
    expect(page.locator(".card")).to_have_count(1)
    assert fetched == []


def test_delete_asks_first_and_then_takes_the_card_off_everywhere(
    server: BoardServer, new_page: Callable[..., Page]
) -> None:
    server.ask("Charade to go", 504)
    server.ask("Charade to stay", 505)
    board, other, page = new_page(), new_page(), new_page()
    open_board(board, server)
    open_request(other, server, "Charade to go")
    expect_connection(other, "live")
    open_request(page, server, "Charade to go")
    expect_connection(page, "live")  # before its script runs, the question opens in the page

    page.get_by_text("Take off the board …").click()
    dialog = page.get_by_role("dialog", name="Take this card off the board?")
    expect(dialog).to_contain_text("Charade to go")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_be_hidden()
    expect(card(board, "Charade to go")).to_be_visible()

    page.get_by_text("Take off the board …").press("Enter")
    dialog.get_by_role("button", name="Take it off").click()

    expect(page).to_have_url(f"{server.url}/")
    expect(card(page, "Charade to go")).to_have_count(0)
    expect(card(board, "Charade to go")).to_have_count(0)
    expect(card(board, "Charade to stay")).to_have_count(1)
    expect(other.get_by_text("This card is not on this board any more.")).to_be_visible()
    other.reload()
    expect(other.get_by_role("heading", name="Taken off the board")).to_be_visible()


def test_delete_works_without_javascript(server: BoardServer, new_page: Callable[..., Page]) -> None:
    server.ask("The Kid", 506)
    page = new_page(java_script_enabled=False)
    open_request(page, server, "The Kid")
    expect(page.get_by_role("button", name="Take it off")).to_be_hidden()

    page.get_by_text("Take off the board …").click()
    page.get_by_role("button", name="Take it off").click()

    expect(page).to_have_url(f"{server.url}/")
    expect(card(page, "The Kid")).to_have_count(0)


def test_page_heals_after_a_resync(server: BoardServer, lone_page: Page) -> None:
    server.ask("The Wind", 507)
    open_request(lone_page, server, "The Wind")
    with lost_place(lone_page, server):
        lone_page.locator(".card .state").evaluate("element => { element.textContent = '' }")

    expect(lone_page.locator(".card .state")).to_have_text("Asked")

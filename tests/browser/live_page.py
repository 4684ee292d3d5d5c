"""What the tests read from a live page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.board_server import BoardServer
from tests.server.process import Server


def open_board(page: Page, server: BoardServer) -> None:
    """Open the board and wait until its stream is open."""
    page.goto(server.url)
    expect_connection(page, "live")


def expect_connection(page: Page, state: str, within: float = 8_000) -> None:
    """Wait until the page says how it is connected."""
    expect(page.locator("html")).to_have_attribute("data-connection", state, timeout=within)


def look(page: Page, *, is_hidden: bool) -> None:
    """Put the page into the background, or before somebody's eyes again."""
    page.evaluate(
        """isHidden => {
            Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        is_hidden,
    )


def card(page: Page, title: str) -> Locator:
    """Find a card by its title."""
    return page.locator(".card").filter(has_text=title)


def take_off(page: Page, server: Server, request_id: str | int) -> None:
    """Take a card off the board as this page could, past its dialog."""
    token = page.locator("[data-form-token]").get_attribute("data-form-token") or ""
    answer = page.request.delete(f"{server.url}/api/requests/{request_id}", headers={"X-CSRFToken": token})
    assert answer.status == 204


def overflow(page: Page) -> int:
    """Give by how many pixels the page is wider than its window."""
    page.wait_for_load_state()  # style sheets decide
    pixels: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return pixels


@contextmanager
def lost_place(page: Page, server: BoardServer) -> Iterator[None]:
    """Reload the page and hold its stream back; at the end let it connect with a cursor no server knows."""
    expect_connection(page, "live")  # else the stream of the page before the reload could be the one that is held
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/events?*", hold, times=1)
    page.reload()
    while not held:
        page.wait_for_timeout(20)
    yield
    held[0].continue_(url=f"{server.url}/events?since=elsewhere.7")

"""A board that moves without jumping: for eyes, and under a finger."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.board_server import BoardServer
from tests.browser.live_page import card, open_board

MOVES = 30
COUNT_SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(entry.value);
  }).observe({ type: "layout-shift", buffered: true });
}"""
SHIFTED = "window.shifts.reduce((sum, shift) => sum + shift, 0)"


def test_thirty_cards_that_move_shift_nothing(own_server: BoardServer, page: Page) -> None:
    for number in range(1, MOVES + 1):
        own_server.ask(f"Film {number}", number)
    open_board(page, own_server)
    page.evaluate(COUNT_SHIFTS)

    for number in range(1, MOVES + 1):
        own_server.ask(f"Film {number}", number, "media-approved-movie")

    expect(page.locator('.card[data-stage="looking"]')).to_have_count(20 + 10)
    page.wait_for_timeout(1_000)  # the last glide ends
    assert page.evaluate(SHIFTED) < 0.02


def test_the_measure_notices_what_jumps(own_server: BoardServer, page: Page) -> None:
    own_server.ask("Metropolis", 1)
    open_board(page, own_server)
    page.evaluate(COUNT_SHIFTS)

    page.evaluate("document.querySelector('.board__inside').style.marginTop = '200px'")

    page.wait_for_function(f"{SHIFTED} > 0.02")


def test_nothing_moves_under_a_finger(own_server: BoardServer, new_page: Callable[..., Page]) -> None:
    own_server.ask("Metropolis", 1)
    own_server.ask("Nosferatu", 2)
    page = new_page(width=390, has_touch=True)
    open_board(page, own_server)
    touch = page.context.new_cdp_session(page)
    box = card(page, "Metropolis").bounding_box()
    assert box
    point = {"x": box["x"] + 40, "y": box["y"] + 40}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})

    own_server.ask("Sunrise", 3)
    page.wait_for_timeout(700)

    assert card(page, "Sunrise").count() == 0
    assert card(page, "Metropolis").bounding_box() == box
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page).to_have_url(own_server.url + "/requests/1")  # what the finger meant


def test_what_waited_comes_when_the_finger_is_lifted(own_server: BoardServer, new_page: Callable[..., Page]) -> None:
    own_server.ask("Metropolis", 1)
    page = new_page(width=390, has_touch=True)
    open_board(page, own_server)
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": 200, "y": 800}]})
    own_server.ask("Sunrise", 3)
    page.wait_for_timeout(700)
    assert card(page, "Sunrise").count() == 0

    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    expect(card(page, "Sunrise")).to_be_visible()

"""The wall in a real browser: it fits every screen, turns its letters over, and looks after itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.board_server import BoardServer
from tests.browser.chromium import NAME
from tests.browser.live_page import expect_connection, look

SCREENS = [(1024, 600), (1280, 800), (1920, 1080), (800, 1280), (3840, 2160)]
TITLES = ("Metropolis", "Nosferatu", "Faust", "The Cabinet of Dr. Caligari and a title that is far longer than a wall")
TURNED = """
    window.turned = [];
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (...how) {
      window.turned.push(this.textContent);
      return animate.apply(this, how);
    };
"""
WAKE_LOCK = """
    window.asked = 0;
    Object.defineProperty(navigator, "wakeLock", { value: { request: async () => {
      window.asked += 1;
      return window.lock = new EventTarget();
    } } });
"""


@pytest.fixture
def wall(own_server: BoardServer) -> BoardServer:
    """Give a board with more on it than fits one screen."""
    for number in range(1, 25):
        title = TITLES[number % len(TITLES)]
        own_server.ask(f"{title} {number}", number)
    return own_server


def open_wall(page: Page, server: BoardServer, query: str = "") -> None:
    page.goto(f"{server.url}/wall{query}")
    expect_connection(page, "live")


def shown(page: Page) -> Locator:
    return page.locator(".row:not([hidden])")


def boxes(page: Page) -> list[dict[str, float]]:
    """Give where the visible rows are on the screen."""
    found: list[dict[str, float]] = shown(page).evaluate_all("rows => rows.map(row => row.getBoundingClientRect())")
    return found


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: f"{screen[0]}x{screen[1]}")
def test_it_fits_every_screen_without_scrolling(page: Page, wall: BoardServer, screen: tuple[int, int]) -> None:
    width, height = screen
    page.set_viewport_size({"width": width, "height": height})
    open_wall(page, wall)

    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [*screen]
    rows = boxes(page)
    assert 4 <= len(rows) < 24
    assert all(row["height"] > 60 and row["bottom"] <= height and row["right"] <= width for row in rows)
    cut_off = "elements => elements.filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.className)"
    assert page.locator(".row, .row__time, .row__percent, .wall__top").evaluate_all(cut_off) == []


def test_the_pages_turn_until_all_was_seen(lone_page: Page, wall: BoardServer) -> None:
    lone_page.clock.install()
    open_wall(lone_page, wall)
    first = shown(lone_page).locator(".row__title").all_text_contents()
    word = lone_page.locator("[data-page]")
    pages = -(-24 // len(first))
    expect(word).to_have_text(f"Page 1 of {pages}")
    seen = set(first)

    for number in range(2, pages + 1):
        lone_page.clock.run_for(15_000)
        expect(word).to_have_text(f"Page {number} of {pages}")
        seen |= set(shown(lone_page).locator(".row__title").all_text_contents())

    assert len(seen) == 24
    lone_page.clock.run_for(15_000)
    expect(word).to_have_text(f"Page 1 of {pages}")


def test_what_changes_turns_over_letter_by_letter(page: Page, own_server: BoardServer) -> None:
    own_server.ask("Metropolis", 1)
    page.add_init_script(TURNED)
    open_wall(page, own_server)
    row = page.locator(".row")
    expect(row.locator(".row__state")).to_have_text("Asked")

    own_server.ask("Metropolis", 1, "media-approved-movie")

    expect(row.locator(".row__state [data-flip]")).to_have_text("Looking")
    assert row.locator(".flap__letters").count() == 0
    assert len(page.evaluate("window.turned")) >= 6


def test_a_word_that_turns_over_is_whole_for_a_screen_reader(page: Page, own_server: BoardServer) -> None:
    own_server.ask("Metropolis", 1)
    page.add_init_script("Element.prototype.animate = () => ({ finished: new Promise(() => {}) })")
    open_wall(page, own_server)

    own_server.ask("Metropolis", 1, "media-approved-movie")

    state = page.locator(".row__state [data-flip]")
    expect(state.locator(".flap__letters")).to_have_attribute("aria-hidden", "true")
    expect(state.locator(".visually-hidden")).to_have_text("Looking")


def test_nothing_turns_for_who_asked_for_less_motion(new_page: Callable[..., Page], own_server: BoardServer) -> None:
    page = new_page(reduced_motion="reduce")
    own_server.ask("Metropolis", 1)
    page.add_init_script(TURNED)
    open_wall(page, own_server)

    own_server.ask("Metropolis", 1, "media-approved-movie")

    expect(page.locator(".row__state")).to_have_text("Looking")
    assert page.evaluate("window.turned") == []


def test_a_new_request_comes_by_itself(page: Page, own_server: BoardServer) -> None:
    open_wall(page, own_server)
    expect(page.get_by_text("Nothing is on its way.")).to_be_visible()

    own_server.ask("Metropolis", 1)

    expect(page.locator(".row__title")).to_have_text("Metropolis")
    expect(page.get_by_text("Nothing is on its way.")).to_be_hidden()


def test_it_says_and_shows_that_it_is_old(page: Page, own_server: BoardServer) -> None:
    own_server.ask("Metropolis", 1)
    open_wall(page, own_server)
    light = "() => getComputedStyle(document.querySelector('[data-rows]')).opacity"
    assert page.evaluate(light) == "1"

    own_server.kill()

    expect(page.get_by_text("The connection to the server is lost.")).to_be_visible(timeout=15_000)
    assert float(page.evaluate(light)) < 1
    expect(page.locator(".connection")).to_contain_text("as of")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")

    own_server.restart()
    expect_connection(page, "live", within=60_000)
    assert page.evaluate(light) == "1"


def test_it_asks_to_keep_the_screen_on_again_and_again(page: Page, server: BoardServer) -> None:
    page.add_init_script(WAKE_LOCK)
    open_wall(page, server)
    assert page.evaluate("window.asked") == 1
    expect(page.locator("[data-awake]")).to_be_hidden()

    look(page, is_hidden=True)
    look(page, is_hidden=False)

    page.wait_for_function("window.asked === 2")


def test_where_it_can_t_it_says_what_to_do(page: Page, server: BoardServer) -> None:
    page.goto(f"{server.url.replace('127.0.0.1', NAME)}/wall")

    assert not page.evaluate("isSecureContext")
    expect(page.get_by_text("can't keep the screen on here")).to_be_visible()


def test_the_pointer_goes_away_and_comes_back(page: Page, server: BoardServer) -> None:
    open_wall(page, server)
    expect(page.locator("html")).to_have_attribute("data-is-idle", "")
    assert page.evaluate("getComputedStyle(document.documentElement).cursor") == "none"

    page.mouse.move(200, 200)

    expect(page.locator("html")).not_to_have_attribute("data-is-idle", "")


def test_it_begins_anew_after_half_a_day(lone_page: Page, server: BoardServer) -> None:
    lone_page.clock.install()
    open_wall(lone_page, server)
    lone_page.evaluate("window.sameVisit = true")
    lone_page.clock.run_for(3_600_000)
    assert lone_page.evaluate("window.sameVisit")

    with lone_page.expect_navigation():
        lone_page.clock.fast_forward(12 * 3_600_000)

    expect_connection(lone_page, "live")


def test_a_new_version_of_the_server_brings_its_own_page(page: Page, own_server: BoardServer) -> None:
    open_wall(page, own_server)
    page.evaluate("document.querySelector('[data-wall]').dataset.version = 'an older one'")

    with page.expect_navigation():
        own_server.ask("Metropolis", 1)

    expect(page.locator(".row__title")).to_have_text("Metropolis")


def test_without_scripts_everything_is_there(new_page: Callable[..., Page], wall: BoardServer) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{wall.url}/wall")

    assert len(page.locator(".row").all()) == 24
    last = page.locator(".row").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_its_theme_is_that_of_its_address(
    new_page: Callable[..., Page], server: BoardServer, theme: str, scheme: Any
) -> None:
    page = new_page(color_scheme=scheme)
    open_wall(page, server, f"?theme={theme}")

    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert ground == {"dark": "oklch(0 0 0)", "light": "oklch(1 0 0)"}[theme]

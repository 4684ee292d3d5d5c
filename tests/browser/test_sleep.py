"""Who wakes up is right at once, without a reload, and is told what happened meanwhile."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from flaskapp.domain.state import Stage
from flaskapp.live.announce import REPLAY
from flaskapp.models.board import MOST
from tests.browser.board_server import BoardServer
from tests.browser.chromium import WHOLE, launch
from tests.browser.live_page import card, expect_connection, look, open_board
from tests.server.process import wait_until

Note = Callable[[str, object], None]
AT_ONCE = 2_000
"""Milliseconds."""


def test_phone_that_slept_for_hours_is_right_within_two_seconds_and_told_what_happened(
    server: BoardServer, lone_page: Page
) -> None:
    page = lone_page
    server.ask("The Sleeper", 405)
    server.ask("The Dreamer", 406, kind="media-approved-movie")
    page.clock.install()
    open_board(page, server)
    page.evaluate("window.sameVisit = true")
    look(page, is_hidden=True)
    page.clock.run_for(31_000)
    wait_until(lambda: server.streams == 0)

    server.ask("The Sleeper", 405, kind="media-approved-movie")
    server.ask("The Dreamer", 406, kind="media-available-movie")
    server.ask("The Newcomer", 407)
    page.clock.fast_forward("03:00:00")
    expect(card(page, "The Sleeper")).to_have_attribute("data-state", "requested")
    look(page, is_hidden=False)

    expect(card(page, "The Sleeper")).to_have_attribute("data-state", "approved", timeout=AT_ONCE)
    told = page.locator("[data-away]")
    expect(told).to_contain_text(
        "While you were away: The Dreamer is ready, The Newcomer was asked for.", timeout=AT_ONCE
    )
    assert page.evaluate("window.sameVisit")
    told.get_by_role("button", name="Close").click()
    expect(told).to_be_hidden()


def test_more_than_can_be_replayed_and_a_restart_meanwhile_are_no_matter(
    own_server: BoardServer, lone_page: Page, record_property: Note
) -> None:
    page = lone_page
    own_server.ask("The Sleeper", 1)
    page.clock.install()
    open_board(page, own_server)
    page.evaluate("window.sameVisit = true")
    look(page, is_hidden=True)
    page.clock.run_for(31_000)

    for number in range(2, REPLAY + 4):
        own_server.ask(f"Film {number}", number)
    own_server.restart()
    own_server.ask("The Sleeper", 1, kind="media-available-movie")
    page.clock.fast_forward("03:00:00")
    began = time.monotonic()
    look(page, is_hidden=False)

    expect(card(page, "The Sleeper")).to_have_attribute("data-state", "available", timeout=4_000)
    record_property("seconds_until_right", round(time.monotonic() - began, 2))
    expect(page.locator('[data-count-of="waiting"]').first).to_have_text(str(REPLAY + 2))
    expect(page.locator('.card[data-stage="waiting"]')).to_have_count(MOST[Stage.WAITING])
    expect(page.locator("[data-away]")).to_contain_text(f"The Sleeper is ready, {REPLAY + 2} were asked for.")
    assert page.evaluate("window.sameVisit")


def test_laptop_that_slept_with_the_board_in_front_trusts_no_old_connection(
    server: BoardServer, lone_page: Page
) -> None:
    page = lone_page
    server.ask("The Lid", 408)
    page.clock.install()
    open_board(page, server)

    with page.expect_request("**/events?*", timeout=AT_ONCE):
        page.clock.fast_forward("00:30")  # shorter than the silence that is noticed without it

    expect_connection(page, "live", within=AT_ONCE)


def test_page_that_was_hidden_for_a_moment_keeps_its_stream_and_is_told_nothing(
    server: BoardServer, lone_page: Page
) -> None:
    page = lone_page
    page.clock.install()
    open_board(page, server)
    opened: list[str] = []
    page.on("request", lambda request: opened.append(request.url))
    look(page, is_hidden=True)
    page.clock.run_for(20_000)
    server.ask("The Glance", 409)
    expect(card(page, "The Glance")).to_be_visible()  # so the stream was heard a moment ago: it owes no proof
    look(page, is_hidden=False)

    expect_connection(page, "live")
    assert [url for url in opened if "/events?" in url or "/away?" in url] == []


def test_news_of_the_absence_come_as_soon_as_the_network_does(server: BoardServer, lone_page: Page) -> None:
    page = lone_page
    page.clock.install()
    open_board(page, server)
    look(page, is_hidden=True)
    page.clock.run_for(31_000)
    server.ask("The Tunnel", 410)
    page.context.set_offline(True)
    page.clock.fast_forward("00:10:00")
    look(page, is_hidden=False)
    page.clock.run_for(1_500)
    expect(page.locator("[data-away]")).to_be_hidden()

    page.context.set_offline(False)

    expect(card(page, "The Tunnel")).to_be_visible(timeout=AT_ONCE)
    expect(page.locator("[data-away]")).to_contain_text("The Tunnel was asked for.", timeout=AT_ONCE)


@pytest.fixture
def other_chromium(chromium: Browser) -> Iterator[Browser]:
    """Give a browser that a test may stop, and that keeps pages for the way back."""
    browser = launch(chromium.browser_type, WHOLE, ignore_default_args=["--disable-back-forward-cache"])
    yield browser
    browser.close()


def test_browser_that_stood_still_is_right_at_once(
    own_server: BoardServer, other_chromium: Browser, record_property: Note
) -> None:
    own_server.ask("The Sleeper", 1)
    page = other_chromium.new_page()
    open_board(page, own_server)
    page.evaluate("window.sameVisit = true")
    info = other_chromium.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    processes = [int(process["id"]) for process in info["processInfo"]]

    for process in processes:
        os.kill(process, signal.SIGSTOP)
    own_server.kill()
    time.sleep(12)  # longer than any look at the clock is apart
    own_server.restart()
    own_server.ask("The Sleeper", 1, kind="media-approved-movie")
    for process in processes:
        os.kill(process, signal.SIGCONT)
    began = time.monotonic()

    expect(card(page, "The Sleeper")).to_have_attribute("data-state", "approved", timeout=4_000)
    record_property("seconds_until_right", round(time.monotonic() - began, 2))
    expect_connection(page, "live")
    assert page.evaluate("window.sameVisit")


@pytest.mark.parametrize("is_alone", [False, True], ids=["shared", "alone"])
def test_page_that_comes_back_by_the_back_button_is_right(
    own_server: BoardServer, other_chromium: Browser, is_alone: bool
) -> None:
    own_server.ask("The Way Back", 1)
    page = other_chromium.new_page()
    if is_alone:
        page.add_init_script("delete window.SharedWorker")
    page.add_init_script("addEventListener('pageshow', event => { window.wasKept = event.persisted })")
    open_board(page, own_server)
    page.goto(f"{own_server.url}/healthz")
    wait_until(lambda: own_server.streams == 0)
    own_server.ask("The Way Back", 1, kind="media-approved-movie")

    page.go_back(wait_until="commit")

    expect(card(page, "The Way Back")).to_have_attribute("data-state", "approved")
    expect_connection(page, "live")
    assert own_server.streams == 1
    assert page.evaluate("window.wasKept") != is_alone  # Chromium keeps no page that fetched a stream by itself

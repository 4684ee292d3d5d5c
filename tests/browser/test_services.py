"""The page of the services before a made-up Radarr that speaks as the real one does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests
from playwright.sync_api import Page, expect

from demo.stack import Stack
from demo.webhook import HttpPost
from demo.world import World
from tests.browser.board_server import Boards, BoardServer
from tests.browser.conftest import PHONE
from tests.browser.live_page import overflow
from tests.server.process import TOKEN, wait_until


@pytest.fixture
def world() -> Iterator[World]:
    post = HttpPost()
    yield World(datetime.now(UTC), post)
    post.close()


@pytest.fixture
def board(world: World, boards: Boards) -> Iterator[BoardServer]:
    """Give a board in the midst of its services."""
    stack = Stack(world)
    stack.start()
    with boards.open(stack.environ()) as server:
        world.connect(server.url, TOKEN)
        yield server
    stack.stop()


def test_button_lets_radarr_call_and_ends_its_pause(world: World, board: BoardServer, page: Page) -> None:
    page.goto(f"{board.url}/services")
    radarr = page.locator('[data-caller="radarr"]')
    expect(radarr).to_contain_text("Radarr has never called us")
    world.radarr.mail.backoff(1).blocked_until = world.clock.now + timedelta(minutes=5)
    assert len(world.radarr.mail.blocked()) == 1

    radarr.get_by_text("Details").click()
    radarr.get_by_role("button", name="Test its call").click()

    expect(page.get_by_role("status").filter(has_text="its call arrived")).to_be_visible()
    expect(radarr.locator(".calls")).to_contain_text("Test")
    expect(radarr.locator(".calls")).to_contain_text("Arrived")
    # If the pause was read before it ended, the call lets it be read again; this page is fetched anew by and by.
    wait_until(lambda: requests.get(f"{board.url}/readyz", timeout=10).json()["causes"] == [])
    page.reload()
    expect(radarr.locator(".lamp")).to_contain_text("Called")
    assert world.radarr.mail.blocked() == []


def test_what_is_broken_over_there_is_found_and_put_right_by_one_button(
    world: World, board: BoardServer, page: Page
) -> None:
    page.goto(f"{board.url}/setup")
    page.locator('input[name="address"]').fill(board.url)
    page.locator('form[action="/setup/address"] button.button--primary').first.click()
    expect(page.get_by_text("This board answers there.")).to_be_visible()
    (ours,) = world.radarr.notifications.values()
    world.radarr.notifications[ours.id] = replace(ours, triggers=ours.triggers - {"onDownload"})
    world.seerr.agent = replace(world.seerr.agent, is_enabled=False)
    page.goto(f"{board.url}/services")

    page.get_by_role("button", name="Examine all").click()

    radarr, seerr = page.locator('[data-caller="radarr"]'), page.locator('[data-caller="seerr"]')
    expect(radarr.locator('[data-finding="trigger"]')).to_contain_text("On File Import is off")
    expect(seerr.locator('[data-finding="disabled"]')).to_contain_text("switched off")

    radarr.get_by_role("button", name="Switch it on").click()

    expect(page.get_by_role("status").filter(has_text="Ticked: On File Import.")).to_be_visible()
    expect(radarr.locator("[data-finding]")).to_have_count(0)
    expect(radarr).to_have_attribute("data-lamp", "up")

    seerr.get_by_role("button", name="Switch it on").click()

    expect(page.get_by_role("status").filter(has_text="Its webhook is switched on.")).to_be_visible()
    expect(seerr.locator("[data-finding]")).to_have_count(0)


def test_button_says_so_when_the_call_does_not_arrive(world: World, board: BoardServer, page: Page) -> None:
    world.connect(board.url, "not the token")
    page.goto(f"{board.url}/services")

    page.locator('[data-caller="radarr"]').get_by_text("Details").click()
    page.locator('[data-caller="radarr"]').get_by_role("button", name="Test its call").click()

    expect(page.get_by_text("The test of Radarr failed")).to_be_visible()
    expect(page.locator('[data-caller="radarr"]')).to_contain_text("Give it a new token")


def test_page_is_fetched_again_while_somebody_looks(board: BoardServer, page: Page) -> None:
    page.clock.install()
    page.goto(f"{board.url}/services")
    expect(page.locator('[data-caller="sonarr"]')).to_contain_text("Never called")
    page.evaluate("window.sameVisit = true")
    board.webhook("sonarr", {"eventType": "Test"})

    page.clock.run_for(16_000)

    expect(page.locator('[data-caller="sonarr"]')).to_contain_text("Called")
    assert page.evaluate("window.sameVisit")


def test_page_says_that_the_server_is_lost(board: BoardServer, page: Page) -> None:
    page.clock.install()
    page.goto(f"{board.url}/services")
    expect(page.locator("html")).to_have_attribute("data-connection", "live")
    page.route("**/services", lambda route: route.abort())

    page.clock.run_for(16_000)

    expect(page.get_by_text("The connection to the server is lost.")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, 1440])
def test_page_fits_the_window(board: BoardServer, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})

    page.goto(f"{board.url}/services")

    assert overflow(page) <= 0

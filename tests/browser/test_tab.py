"""What a tab says of the board while another one is looked at."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.app import payload
from tests.browser.board_server import BoardServer
from tests.browser.live_page import expect_connection, open_board


def expect_icon(page: Page, name: str) -> None:
    expect(page.locator("link[rel=icon]")).to_have_attribute("href", re.compile(rf"/static/img/{name}\.svg$"))


def test_number_and_stage_stand_in_title_and_icon(own_server: BoardServer, page: Page) -> None:
    own_server.ask("Metropolis", 1)
    open_board(page, own_server)
    expect(page).to_have_title("Arrivarr: what is on its way")
    expect_icon(page, "logo")

    own_server.webhook("radarr", payload("radarr", "grab-torrent", movie__tmdbId=70_001))

    expect(page).to_have_title("(1) on the way · Arrivarr")
    expect_icon(page, "logo-moving")
    own_server.ask("Nosferatu", 2, "media-failed-movie")
    expect(page).to_have_title("(1) needs a look · Arrivarr")
    expect_icon(page, "logo-look")


def test_a_board_that_is_not_connected_says_nothing_of_the_present(own_server: BoardServer, page: Page) -> None:
    own_server.ask("Nosferatu", 2, "media-failed-movie")
    open_board(page, own_server)
    expect(page).to_have_title("(1) needs a look · Arrivarr")

    own_server.stop()

    expect_connection(page, "offline", within=60_000)
    expect(page).to_have_title("Not connected · Arrivarr")
    expect_icon(page, "logo")

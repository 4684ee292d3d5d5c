"""Searching the board: as one types, without a reload, and for cards that arrive too."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.board_server import BoardServer
from tests.browser.live_page import card, open_board


def search(page: Page) -> None:
    page.get_by_role("searchbox").fill("lang")


def test_the_board_answers_as_one_types_and_the_address_keeps_it(own_server: BoardServer, page: Page) -> None:
    own_server.ask("Das Langboot", 1)
    own_server.ask("Metropolis", 2)
    open_board(page, own_server)
    page.evaluate("window.sameVisit = true")

    search(page)

    expect(card(page, "Metropolis")).to_have_count(0)
    expect(card(page, "Das Langboot")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?q=lang$"))
    expect(page.get_by_role("heading", name="Waiting for approval 1")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    expect(card(page, "Metropolis")).to_be_visible()
    expect(page).to_have_url(own_server.url + "/")
    assert page.evaluate("window.sameVisit")


def test_a_card_that_arrives_is_shown_only_if_it_fits(own_server: BoardServer, page: Page) -> None:
    own_server.ask("Das Langboot", 1)
    open_board(page, own_server)
    search(page)
    expect(page).to_have_url(re.compile(r"\?q=lang$"))

    own_server.ask("Metropolis", 2)
    own_server.ask("Langer Samstag", 3)

    expect(card(page, "Langer Samstag")).to_be_visible()
    expect(card(page, "Metropolis")).to_have_count(0)
    expect(page.locator('[data-count-of="waiting"]').first).to_have_text("2")


def test_a_card_leaves_when_it_no_longer_fits(own_server: BoardServer, page: Page) -> None:
    own_server.ask("Metropolis", 1)
    own_server.ask("Nosferatu", 2)
    page.goto(own_server.url + "/?stage=waiting")
    expect(card(page, "Metropolis")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-connection", "live")

    own_server.ask("Metropolis", 1, "media-approved-movie")

    expect(card(page, "Metropolis")).to_have_count(0)
    expect(card(page, "Nosferatu")).to_be_visible()


def test_nothing_that_fits_leads_on(own_server: BoardServer, page: Page) -> None:
    own_server.ask("Metropolis", 1)
    open_board(page, own_server)

    page.get_by_role("searchbox").fill("nothing like it")

    expect(page.get_by_text("Nothing on the board fits.")).to_be_visible()
    page.get_by_role("status").get_by_role("link", name="history").click()
    expect(page.get_by_text("Nothing that is over fits.")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("nothing like it")


def test_cards_that_arrive_stand_in_the_chosen_order(own_server: BoardServer, page: Page) -> None:
    own_server.ask("Metropolis", 1)
    open_board(page, own_server)
    page.get_by_label("Order").select_option("title")
    expect(page).to_have_url(re.compile(r"sort=title"))

    own_server.ask("Zardoz", 2)
    own_server.ask("Alphaville", 3)

    expect(page.locator(".card__link")).to_have_text(["Alphaville", "Metropolis", "Zardoz"])


def test_it_works_without_scripts_and_fits_a_phone(server: BoardServer, new_page: Callable[..., Page]) -> None:
    server.ask("Sunrise", 401)
    page = new_page(width=390, java_script_enabled=False)
    page.goto(server.url)

    page.get_by_role("searchbox").fill("sunrise")
    page.get_by_role("button", name="Show").click()

    expect(page.locator(".card")).to_have_count(1)
    expect(card(page, "Sunrise")).to_be_visible()

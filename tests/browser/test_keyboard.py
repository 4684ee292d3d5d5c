"""The board by keyboard alone."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.board_server import BoardServer
from tests.browser.live_page import card, open_board


def test_from_search_to_a_request_and_back_without_a_mouse(own_server: BoardServer, page: Page) -> None:
    for number, title in enumerate(("Metropolis", "Nosferatu", "Nosferatu the Vampyre"), start=1):
        own_server.ask(title, number)
    open_board(page, own_server)

    page.keyboard.press("/")
    page.keyboard.type("vampyre")
    expect(page.locator(".card")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(card(page, "Vampyre").get_by_role("link")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="How it got here")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile("q=vampyre"))


def test_keys_go_from_card_to_card_and_stop_at_the_ends(own_server: BoardServer, page: Page) -> None:
    for number, title in enumerate(("Metropolis", "Nosferatu", "Sunrise"), start=1):
        own_server.ask(title, number)
    open_board(page, own_server)
    page.get_by_label("Order").select_option("title")
    expect(page.locator(".card__link").first).to_have_text("Metropolis")
    page.locator("main").focus()

    for key, title in (("j", "Metropolis"), ("j", "Nosferatu"), ("j", "Sunrise"), ("j", "Sunrise"), ("k", "Nosferatu")):
        page.keyboard.press(key)
        expect(card(page, title).get_by_role("link")).to_be_focused()


def test_what_is_typed_is_never_a_command(own_server: BoardServer, page: Page) -> None:
    own_server.ask("Jaws?/jk", 1)
    open_board(page, own_server)
    page.get_by_role("searchbox").focus()

    page.keyboard.type("jaws?/jk")

    expect(page.get_by_role("searchbox")).to_have_value("jaws?/jk")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_the_keys_are_told_and_the_focus_comes_back(own_server: BoardServer, page: Page) -> None:
    own_server.ask("Metropolis", 1)
    open_board(page, own_server)
    page.keyboard.press("j")

    page.keyboard.press("?")

    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(card(page, "Metropolis").get_by_role("link")).to_be_focused()

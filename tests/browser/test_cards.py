"""What frames do to cards, told by the modules themselves."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.board_server import BoardServer
from tests.browser.live_page import card, open_board, take_off

CONNECTED = {"type": "connected", "version": 1, "mode": "live", "heartbeat": 15}


@pytest.fixture
def page(lone_page: Page) -> Page:
    """Give a page whose stream can be intercepted."""
    return lone_page


def speak(page: Page, *events: dict[str, Any]) -> None:
    """Let the first stream after a reload greet and say these events and end; later ones are the server's."""
    cursor = page.locator("[data-cursor]").get_attribute("data-cursor")
    body = f"id: {cursor}\n" + "".join(f"data: {json.dumps(event)}\n\n" for event in (CONNECTED, *events))
    page.route(
        "**/events?*", lambda route: route.fulfill(content_type="text/event-stream; charset=utf-8", body=body), times=1
    )


def request_id(page: Page, title: str) -> int:
    return int(card(page, title).get_attribute("data-request-id") or 0)


def test_moving_numbers_are_shown_where_they_belong(server: BoardServer, page: Page) -> None:
    server.ask("Berlin at speed", 301)
    page.goto(server.url)
    number = request_id(page, "Berlin at speed")
    speak(page, {"type": "progress_update", "request_id": number, "progress": 41, "eta": 3_900, "speed": 8_400_000})

    page.reload()

    shown = card(page, "Berlin at speed")
    expect(shown.locator(".progress-text")).to_have_text("41%")
    expect(shown.locator(".progress-speed")).to_have_text("8.4 MB/s")
    expect(shown.locator(".progress-left")).to_have_text("1 hr 5 min left")
    expect(shown.locator(".progress__ready .flap")).to_be_visible()
    assert shown.locator("progress").evaluate("bar => bar.value") == 41


def test_unknown_time_left_is_not_made_up(server: BoardServer, page: Page) -> None:
    server.ask("Stalker of seeds", 302)
    page.goto(server.url)
    number = request_id(page, "Stalker of seeds")
    speak(page, {"type": "progress_update", "request_id": number, "progress": 7, "eta": -1, "speed": 0})

    page.reload()

    shown = card(page, "Stalker of seeds")
    expect(shown.locator(".progress-text")).to_have_text("7%")
    expect(shown.locator(".progress-left")).to_be_hidden()
    expect(shown.locator(".progress__ready")).to_be_hidden()


def test_older_card_never_replaces_a_newer_one(server: BoardServer, page: Page) -> None:
    server.ask("The Lost World", 303)
    open_board(page, server)
    older = card(page, "The Lost World").evaluate("element => element.outerHTML")
    server.ask("The Lost World", 303, "media-approved-movie")
    expect(card(page, "The Lost World")).to_have_attribute("data-state", "approved")

    put(page, older)

    expect(card(page, "The Lost World")).to_have_count(1)
    expect(card(page, "The Lost World")).to_have_attribute("data-state", "approved")


def test_card_that_was_taken_off_does_not_come_back_by_an_older_frame(server: BoardServer, page: Page) -> None:
    server.ask("Haxan", 304)
    open_board(page, server)
    drawn = card(page, "Haxan").evaluate("element => element.outerHTML")

    put(page, drawn, removed_before=True)

    expect(card(page, "Haxan")).to_have_count(0)


def test_focus_goes_to_the_neighbour_of_a_card_that_leaves(server: BoardServer, page: Page) -> None:
    server.ask("Intolerance", 307)
    server.ask("Greed", 308)
    open_board(page, server)
    card(page, "Greed").get_by_role("link").focus()

    take_off(page, server, request_id(page, "Greed"))

    expect(card(page, "Greed")).to_have_count(0)
    expect(page.locator(".card__link:focus")).to_have_count(1)


def test_frame_of_a_deleted_card_and_unknown_types_are_ignored(server: BoardServer, page: Page) -> None:
    server.ask("Faust", 305)
    open_board(page, server)
    speak(
        page,
        {"type": "state_change", "request_id": 9_999, "old_state": "approved", "new_state": "grabbed", "card": None},
        {"type": "a_type_of_next_year", "request_id": 1},
        {"type": "progress_update", "request_id": 9_999, "progress": 5, "eta": 5},
    )

    page.reload()

    expect(card(page, "Faust")).to_be_visible()


def test_what_is_no_json_is_ignored(server: BoardServer, page: Page) -> None:
    server.ask("Pandora's Box", 306)
    page.route("**/events?*", _answer_nonsense, times=1)

    open_board(page, server)

    expect(card(page, "Pandora's Box")).to_be_visible()


def _answer_nonsense(route: Route) -> None:
    route.fulfill(content_type="text/event-stream", body=f"data: {json.dumps(CONNECTED)}\n\ndata: {{nonsense\n\n")


def put(page: Page, html: str, *, removed_before: bool = False) -> None:
    """Apply a card the way the stream does."""
    page.evaluate(
        """async ([html, removedBefore]) => {
            const { Cards } = await import("/static/js/cards.js");
            const cards = new Cards(document.querySelector("[data-board]"));
            const template = document.createElement("template");
            template.innerHTML = html;
            const { requestId, rev } = template.content.firstElementChild.dataset;
            if (removedBefore) cards.remove(Number(requestId), Number(rev) + 1);
            cards.put(html);
        }""",
        [html, removed_before],
    )

"""Why a card waits shows up live, and old numbers lose their light."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.board_server import BoardServer
from tests.browser.live_page import card, expect_connection, open_board
from tests.server.process import ROOT

PAYLOADS = ROOT / "tests" / "payloads" / "radarr"


def tell(server: BoardServer, name: str, number: int, **changed: Any) -> None:
    """Let Radarr speak of the film of a request."""
    payload = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    payload["movie"] |= {"id": number, "tmdbId": 70_000 + number, "imdbId": ""}
    server.webhook("radarr", payload | {"downloadId": f"{number:040x}"} | changed)


def block(server: BoardServer, title: str, number: int) -> None:
    """Let the import of an asked film need a person."""
    server.ask(title, number, "media-approved-movie")
    tell(server, "grab-torrent", number)
    tell(server, "manual-interaction-required", number)


def test_trouble_appears_and_goes_without_reload(server: BoardServer, page: Page) -> None:
    server.ask("Berlin in trouble", 801, "media-approved-movie")
    open_board(page, server)
    page.evaluate("window.sameVisit = true")
    shown = card(page, "Berlin in trouble")

    block(server, "Berlin in trouble", 801)

    expect(shown.locator("[data-trouble]")).to_contain_text("Radarr can't import it by itself.")
    expect(shown.locator("[data-trouble]")).to_contain_text("Waits for an admin")
    expect(page.locator('.stage[data-stage="needs_a_look"] .card').filter(has_text="in trouble")).to_have_count(1)

    tell(server, "download-import", 801)

    expect(shown.locator('[data-trouble="import_blocked"]')).to_have_count(0)
    expect(shown).to_have_attribute("data-state", "imported")
    assert page.evaluate("window.sameVisit")


def test_own_words_of_radarr_open_on_the_page_of_the_request_and_stay_open(server: BoardServer, page: Page) -> None:
    block(server, "Nosferatu in trouble", 802)
    page.goto(server.url)
    card(page, "Nosferatu in trouble").get_by_role("link").click()
    expect_connection(page, "live")
    expect(page.get_by_text("File is suspected multi-part file")).to_be_hidden()

    page.get_by_text("What Radarr says").click()
    messages = [{"title": "nosferatu.mkv", "messages": ["Il file è un campione"]}]
    tell(server, "manual-interaction-required", 802, downloadStatusMessages=messages)

    expect(page.get_by_text("Il file è un campione")).to_be_visible()
    expect(page.get_by_text("File is suspected multi-part file")).to_have_count(0)


def test_number_that_nobody_confirms_loses_its_light_until_the_next_one(server: BoardServer, lone_page: Page) -> None:
    server.ask("Safety Last! of numbers", 803, "media-approved-movie")
    lone_page.clock.install()
    open_board(lone_page, server)
    shown = card(lone_page, "Safety Last! of numbers")
    put_number(shown, 40)
    expect(shown).not_to_have_attribute("data-is-old", "")

    lone_page.clock.run_for(100_000)

    expect(shown).to_have_attribute("data-is-old", "")
    put_number(shown, 41)
    expect(shown).not_to_have_attribute("data-is-old", "")


def put_number(shown: Any, progress: int) -> None:
    """Apply a new number the way the stream does."""
    shown.evaluate(
        """async (card, progress) => {
            const { Cards } = await import("/static/js/cards.js");
            const event = { request_id: card.dataset.requestId, progress, eta: 60, speed: 1000 };
            new Cards(document.querySelector("[data-board]")).patch(event);
        }""",
        progress,
    )

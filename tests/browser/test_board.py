"""The board as people see it: whole without scripts, live with them."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.board_server import BoardServer
from tests.browser.live_page import card, open_board, overflow

HOSTILE = {
    "markup": '<script>window.pwned=1</script><img src=x onerror="window.pwned=2">',
    "entities": "&lt;b&gt; &amp; \"quoted\" 'single' </article>",
    "long word": "Donaudampfschifffahrt" * 400,
    "many words": "a very long title " * 550,
    "lines": "first line\nsecond line\r\n\tthird",
    "right to left": "مدينة الملاهي وأشياء أخرى كثيرة جدا",
    "override": "\u202egnitset\u202c end",
    "emoji": "👨‍👩‍👧‍👦🎬🍿 film 🎥",
}


def test_page_is_complete_without_javascript(server: BoardServer, new_page: Callable[..., Page]) -> None:
    server.ask("Metropolis", 101, requestedBy_username="alice")
    page = new_page(java_script_enabled=False)

    page.goto(server.url)

    shown = card(page, "Metropolis")
    expect(shown.locator(".state")).to_have_text("Asked")
    expect(shown).to_contain_text("Film")
    expect(shown).to_contain_text("asked by alice")
    expect(shown.locator("time").first).to_contain_text("UTC")
    expect(shown.locator("progress.progress-bar")).to_have_attribute("max", "100")
    expect(shown.get_by_role("link")).to_have_attribute("href", f"/requests/{shown.get_attribute('data-request-id')}")


def test_webhook_makes_a_card_appear_without_reload(own_server: BoardServer, page: Page) -> None:
    open_board(page, own_server)
    expect(page.get_by_role("heading", name="Nothing is on its way yet")).to_be_visible()
    expect(page.get_by_role("link", name="Connect your services")).to_be_visible()
    page.evaluate("window.sameVisit = true")

    own_server.ask("Nosferatu", 1)

    expect(card(page, "Nosferatu")).to_be_visible()
    expect(page.get_by_role("heading", name="Nothing is on its way yet")).to_be_hidden()
    expect(page.get_by_role("heading", name="Waiting for approval 1")).to_be_visible()
    expect(page.locator("[data-announcements]")).to_have_text("New request: Nosferatu")
    assert page.evaluate("window.sameVisit")


def test_card_moves_to_its_stage_and_counts_follow(own_server: BoardServer, page: Page) -> None:
    own_server.ask("The General", 1)
    open_board(page, own_server)
    card(page, "The General").evaluate("element => { element.isTheSame = true }")

    own_server.ask("The General", 1, "media-approved-movie")

    looking = page.get_by_role("region", name="Looking 1")
    expect(card(page, "The General").locator(".state")).to_have_text("Looking")
    expect(looking.locator(".card")).to_have_count(1)
    expect(page.locator('[data-count-of="waiting"]').first).to_have_text("0")
    assert card(page, "The General").evaluate("element => element.isTheSame")


def test_times_are_those_of_the_viewer(server: BoardServer, page: Page) -> None:
    server.ask("Safety Last!", 102)
    server.ask("Safety Last!", 102, "media-approved-movie")

    open_board(page, server)

    why = card(page, "Safety Last!").locator(".card__why time")
    expected = page.evaluate(
        "at => new Intl.DateTimeFormat('de-DE', {timeStyle: 'short'}).format(new Date(at))",
        why.get_attribute("datetime"),
    )
    expect(why).to_contain_text(expected)
    expect(card(page, "Safety Last!").locator(".card__asked")).not_to_contain_text("UTC")


def test_hostile_titles_are_text_and_do_not_widen_the_page(server: BoardServer, new_page: Callable[..., Page]) -> None:
    page = new_page(width=390)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    open_board(page, server)

    for number, title in enumerate(HOSTILE.values(), start=200):
        server.ask(title, number, requestedBy_username=title[:500])

    expect(page.locator(".card").filter(has_text="gnitset")).to_be_visible()
    expect(page.locator(".card__link").filter(has_text="window.pwned=1")).to_contain_text(HOSTILE["markup"])
    expect(page.locator(".card").filter(has_text="film 🎥")).to_be_visible()
    assert page.locator(".card script").count() == 0
    assert page.evaluate("window.pwned") is None
    assert dialogs == []
    assert overflow(page) <= 0
    page.reload()
    assert overflow(page) <= 0
    assert page.locator(".card").evaluate_all("cards => Math.max(...cards.map(card => card.offsetHeight))") < 400


def test_page_of_a_hostile_title_is_no_wider_than_a_phone(server: BoardServer, new_page: Callable[..., Page]) -> None:
    server.ask(HOSTILE["long word"], 220, requestedBy_username=HOSTILE["long word"][:500])
    page = new_page(width=390)
    open_board(page, server)

    page.locator(".card__link").filter(has_text="Donaudampf").first.click()

    expect(page.get_by_role("heading", name="How it got here")).to_be_visible()
    assert overflow(page) <= 0


def test_focus_stays_where_it_is_when_a_card_is_drawn_anew(server: BoardServer, page: Page) -> None:
    server.ask("Sherlock Jr.", 103)
    open_board(page, server)
    link = card(page, "Sherlock Jr.").get_by_role("link")
    link.focus()

    server.ask("Sherlock Jr.", 103, "media-approved-movie")

    expect(card(page, "Sherlock Jr.")).to_have_attribute("data-stage", "looking")
    expect(link).to_be_focused()


def test_page_runs_under_a_strict_content_security_policy(server: BoardServer, page: Page) -> None:
    server.ask("Charade", 104)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    policy = "default-src 'self'; base-uri 'none'; form-action 'self'"
    page.route(
        server.url + "/",
        lambda route: route.fulfill(
            response=(answer := route.fetch()), headers=answer.headers | {"content-security-policy": policy}
        ),
    )

    open_board(page, server)

    expect(card(page, "Charade")).to_be_visible()
    assert refused == []

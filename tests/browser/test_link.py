"""Private links before a real browser: made on one page, open on another."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.board_server import BoardServer
from tests.browser.conftest import PHONE
from tests.browser.live_page import card, expect_connection, overflow


def share(page: Page, server: BoardServer, title: str) -> str:
    """Make a link on the page of a request; gives its address."""
    page.goto(server.url)
    card(page, title).get_by_role("link").click()
    page.get_by_role("button", name="Make a private link").click()
    address = page.locator(".links .secret__text").last.text_content()
    assert address is not None
    return address


def test_page_moves_by_itself_and_knows_no_names(
    server: BoardServer, page: Page, new_page: Callable[..., Page]
) -> None:
    server.ask("Sunrise to share", 801, requestedBy_username="friederike")
    address = share(page, server, "Sunrise to share")
    guest = new_page(PHONE)
    guest.goto(address)
    expect_connection(guest, "live")
    guest.evaluate("window.sameVisit = true")
    expect(guest.locator(".card .state")).to_have_text("Asked")

    server.ask("Sunrise to share", 801, "media-approved-movie", requestedBy_username="friederike")

    expect(guest.locator(".card .state")).to_have_text("Looking")
    expect(guest.locator(".timeline__step")).to_have_count(2)
    assert guest.evaluate("window.sameVisit")
    assert "friederike" not in guest.content()
    assert guest.locator("a:not(.skip)").count() == 0
    assert overflow(guest) <= 0


def test_page_ends_when_its_link_is_revoked(server: BoardServer, page: Page, new_page: Callable[..., Page]) -> None:
    server.ask("The Crowd to hide", 802)
    guest = new_page()
    guest.goto(share(page, server, "The Crowd to hide"))
    expect_connection(guest, "live")

    page.get_by_text("Revoke …").click()
    page.get_by_role("button", name="Revoke it").click()

    expect(guest.get_by_text("This link has ended.")).to_be_visible()
    expect(guest.locator(".card")).to_have_count(0)
    asked: list[str] = []
    guest.on("request", lambda request: asked.append(request.url))
    guest.wait_for_timeout(4_000)
    assert asked == []
    guest.reload()
    expect(guest.get_by_role("heading", name="This link has ended")).to_be_visible()


def test_page_asks_now_and_then_where_a_proxy_holds_the_stream_back(
    server: BoardServer, page: Page, new_page: Callable[..., Page]
) -> None:
    server.ask("Wings to hold", 803)
    address = share(page, server, "Wings to hold")
    guest = new_page()
    guest.route("**/events?*", lambda route: None)
    guest.goto(address)
    expect_connection(guest, "polling", within=20_000)

    server.ask("Wings to hold", 803, "media-approved-movie")

    expect(guest.locator(".card .state")).to_have_text("Looking", timeout=25_000)


def test_page_is_complete_without_javascript(server: BoardServer, page: Page, new_page: Callable[..., Page]) -> None:
    server.ask("Seventh Heaven", 804)
    guest = new_page(java_script_enabled=False)

    guest.goto(share(page, server, "Seventh Heaven"))

    expect(guest.locator(".card")).to_contain_text("Seventh Heaven")
    expect(guest.locator(".timeline__step")).to_have_count(1)


def test_the_address_is_copied_and_drawn(server: BoardServer, page: Page) -> None:
    server.ask("The Circus", 805)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    address = share(page, server, "The Circus")

    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.get_by_text("QR code").click()
    picture = page.get_by_role("img", name="The address of this link as a QR code")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("picture => picture.naturalWidth") > 0


def test_a_stranger_with_a_wrong_address_sees_a_page_and_no_way_in(guarded: BoardServer, page: Page) -> None:
    page.goto(f"{guarded.url}/l/guessed")

    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    assert page.locator("a:not(.skip)").count() == 0

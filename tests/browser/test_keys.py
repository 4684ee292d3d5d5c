"""Keys and tokens before a real browser: shown once, copied, and ended."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.board_server import BoardServer
from tests.browser.conftest import PHONE
from tests.browser.live_page import overflow


@pytest.mark.parametrize("width", [PHONE, 1440])
def test_a_key_is_made_copied_and_revoked(server: BoardServer, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{server.url}/keys")
    page.get_by_label("Name of the program").fill(f"Clock {width}")
    page.get_by_role("button", name="Make a key").click()
    assert overflow(page) <= 0
    key = page.locator("#made-key").text_content()

    page.get_by_role("button", name="Copy").first.click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == key
    page.goto(f"{server.url}/keys")
    row = page.locator("[data-key]").filter(has_text=f"Clock {width}")
    assert key is not None
    assert key not in page.content()
    row.get_by_text("Revoke …").click()
    row.get_by_role("button", name="Revoke it").click()
    expect(page.get_by_role("status")).to_contain_text(f"Clock {width} counts no more")
    expect(row).to_have_count(0)


def test_a_token_is_replaced_and_the_old_one_ended(server: BoardServer, page: Page) -> None:
    page.goto(f"{server.url}/keys")
    page.get_by_role("combobox").select_option("sonarr")
    page.get_by_label("Instance").fill("attic")
    page.get_by_role("button", name="Make a token").click()
    line = page.locator("#made-line").text_content()
    assert line is not None
    assert line.startswith(f"{server.url}/webhooks/sonarr/attic?token=")
    rows = page.locator("[data-token]").filter(has_text="Sonarr (attic)")

    rows.get_by_role("button", name="Replace it").click()

    expect(page.get_by_role("heading", name="The token of Sonarr (attic)")).to_be_visible()
    expect(rows).to_have_count(2)
    rows.get_by_text("End it now …").click()
    rows.get_by_role("button", name="End it").click()
    expect(rows).to_have_count(1)
    assert overflow(page) <= 0

"""A proxy that holds the stream back is found out, gone round, and named with the line that fixes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.board_server import BoardServer
from tests.browser.hoarder import Hoarder
from tests.browser.live_page import card, expect_connection, take_off
from tests.server.nginx import Nginx

HOLDS_BACK = "proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;"
HELD = "A proxy on the way to the server holds the live stream back"


@pytest.fixture
def nginx(own_server: BoardServer, tmp_path: Path) -> Iterator[Nginx]:
    nginx = Nginx(tmp_path / "nginx", own_server, version="1.0", extra=HOLDS_BACK)  # the default of nginx
    yield nginx
    nginx.stop()


def test_page_goes_round_an_nginx_that_buffers_until_it_is_repaired(
    own_server: BoardServer, nginx: Nginx, page: Page
) -> None:
    own_server.ask("Metropolis", 1)
    own_server.ask("Nosferatu", 2)
    page.goto(nginx.url)
    page.evaluate("window.sameVisit = true")
    expect_connection(page, "polling", within=12_000)
    expect(page.get_by_text(HELD)).to_be_visible()
    expect(page.locator(".connection")).to_contain_text("Polling")

    own_server.ask("Metropolis", 1, kind="media-approved-movie")
    own_server.ask("The General", 3)
    take_off(page, own_server, 2)

    expect(card(page, "The General")).to_be_visible()
    expect(card(page, "Metropolis")).to_have_attribute("data-state", "approved")
    expect(card(page, "Nosferatu")).to_have_count(0)
    services = page.context.new_page()
    services.goto(f"{own_server.url}/services")
    expect(services.locator("[data-held]")).to_contain_text("behind nginx/")
    expect(services.locator("[data-held]")).to_contain_text("proxy_buffering off;")

    nginx.repair(without=HOLDS_BACK)

    expect_connection(page, "live", within=40_000)
    expect(page.get_by_text(HELD)).to_be_hidden()
    own_server.ask("The General", 3, kind="media-approved-movie")
    expect(card(page, "The General")).to_have_attribute("data-state", "approved")
    services.reload()
    expect(services.locator("[data-held]")).to_have_count(0)
    assert page.evaluate("window.sameVisit")


@pytest.fixture(scope="module")
def quick_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardServer]:
    """Give a board whose heart beats every half second."""
    server = BoardServer(tmp_path_factory.mktemp("quick"), app="tests.server.quick:app")
    yield server
    server.stop()
    server.assert_log_is_clean()


@pytest.mark.parametrize("every", [1.2, float("inf")], ids=["in lumps", "not at all"])
def test_heartbeats_that_come_in_lumps_or_not_at_all_give_a_proxy_away(
    quick_server: BoardServer, page: Page, every: float
) -> None:
    proxy = Hoarder(quick_server.port, every)
    page.goto(proxy.url)
    expect_connection(page, "live")

    expect_connection(page, "polling", within=20_000)

    quick_server.ask(f"Metropolis {every}", int(min(every, 2)))
    expect(card(page, f"Metropolis {every}")).to_be_visible()
    proxy.stop()

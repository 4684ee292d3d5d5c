"""Without a network the last known board is shown, with its age; and nothing of it is left for anybody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.board_server import BoardServer
from tests.browser.chromium import NAME
from tests.browser.guarded import data_of
from tests.browser.live_page import card, expect_connection, open_board
from tests.people import add_user, browser_of
from tests.server.process import wait_until

BACK = 60_000
KEPT = """async (path) => {
    for (const name of await caches.keys()) {
      const page = await (await caches.open(name)).match(path);
      if (page && navigator.serviceWorker.controller) return await page.text();
    }
    return "";
}"""
NAMES = """async () => {
    const names = [];
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys()) names.push(new URL(url).pathname);
    return names;
}"""


def wait_until_kept(page: Page, path: str = "/", text: str = "<main") -> None:
    """Wait until the worker watches over the page and has kept one with this text."""
    wait_until(lambda: text in page.evaluate(KEPT, path))


def own(page: Page) -> list[str]:
    """Give the paths of what is kept besides the files of the board."""
    found: list[str] = page.evaluate(NAMES)
    return [path for path in found if not path.startswith("/static/")]


def test_the_last_board_is_shown_with_its_age_and_dimmed(page: Page, own_server: BoardServer) -> None:
    own_server.ask("Metropolis", 1)
    open_board(page, own_server)
    wait_until_kept(page, text="Metropolis")
    own_server.kill()

    page.reload()

    expect(card(page, "Metropolis")).to_be_visible()
    expect_connection(page, "offline")
    expect(page.get_by_text("The connection to the server is lost.")).to_be_visible()
    kept_at = datetime.fromisoformat(page.locator("html").get_attribute("data-kept-at") or "")
    shown_at = datetime.fromisoformat(page.locator(".connection time").get_attribute("datetime") or "")
    assert shown_at == kept_at
    page.wait_for_timeout(1_000)
    expect_connection(page, "offline", within=1)

    own_server.restart()
    own_server.ask("Nosferatu", 2)

    expect_connection(page, "live", within=BACK)
    expect(card(page, "Nosferatu")).to_be_visible()
    expect(page.locator("html")).not_to_have_attribute("data-kept-at", "")
    assert page.evaluate("document.documentElement.dataset.keptAt") is None


def test_without_a_network_every_address_leads_to_the_board(page: Page, own_server: BoardServer) -> None:
    own_server.ask("Metropolis", 1)
    open_board(page, own_server)
    wait_until_kept(page, text="Metropolis")
    page.context.set_offline(True)
    own_server.kill()

    page.goto(f"{own_server.url}/requests/1")

    assert page.url == f"{own_server.url}/"
    expect(card(page, "Metropolis")).to_be_visible()


def test_the_wall_is_kept_too(page: Page, own_server: BoardServer) -> None:
    own_server.ask("Metropolis", 1)
    page.goto(f"{own_server.url}/wall?theme=light")
    expect_connection(page, "live")
    wait_until_kept(page, "/wall", "Metropolis")
    own_server.kill()

    page.goto(f"{own_server.url}/wall?theme=light")

    expect(page.locator(".row__title")).to_have_text("Metropolis")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    expect_connection(page, "offline")

    own_server.restart()
    expect_connection(page, "live", within=BACK)


def test_while_the_server_answers_nothing_old_is_shown(page: Page, own_server: BoardServer) -> None:
    open_board(page, own_server)
    wait_until_kept(page)
    own_server.ask("Metropolis", 1)
    expect(card(page, "Metropolis")).to_be_visible()

    page.reload()

    expect_connection(page, "live")
    expect(card(page, "Metropolis")).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.keptAt") is None


def test_nothing_is_kept_but_pages_files_and_some_posters(page: Page, server: BoardServer) -> None:
    open_board(page, server)
    wait_until_kept(page)
    page.evaluate("fetch('api/requests').then((answer) => answer.text())")
    page.goto(f"{server.url}/services")
    expect_connection(page, "live")

    assert own(page) == ["/whose", "/"]


def test_another_version_takes_the_place_of_the_last(page: Page, server: BoardServer) -> None:
    open_board(page, server)
    wait_until_kept(page)
    before = set(page.evaluate("caches.keys()"))

    page.evaluate("navigator.serviceWorker.register('offline.js?v=another')")

    wait_until(lambda: before.isdisjoint(page.evaluate("caches.keys()")))
    assert len(before) == 2


def test_over_plain_http_there_is_no_worker_and_the_page_is_live(page: Page, server: BoardServer) -> None:
    page.goto(server.url.replace("127.0.0.1", NAME))

    expect_connection(page, "live")
    assert page.evaluate("navigator.serviceWorker === undefined")


@pytest.fixture
def enter(page: Page, house_of_people: BoardServer) -> Callable[[str], None]:
    """Let the browser be somebody's, past the form."""

    def enter(name: str) -> None:
        with data_of(house_of_people) as app:
            user_id = add_user(app, name, is_admin=True, password_hash="none that fits")
            cookie = browser_of(app, user_id).get_cookie("arrivarr")
        assert cookie is not None
        page.context.add_cookies([{"name": "arrivarr", "value": cookie.value, "url": house_of_people.url}])

    return enter


def test_who_signs_out_leaves_nothing_behind(
    page: Page, house_of_people: BoardServer, enter: Callable[[str], None]
) -> None:
    enter("Eve")
    open_board(page, house_of_people)
    wait_until_kept(page, text="Sunrise")

    page.locator(".menu__name").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in*")

    wait_until(lambda: own(page) == [])
    house_of_people.kill()
    with pytest.raises(Error, match=r"net::ERR_"):
        page.goto(house_of_people.url)


def test_a_session_that_ends_elsewhere_takes_it_along(
    page: Page, house_of_people: BoardServer, enter: Callable[[str], None]
) -> None:
    enter("Eve")
    open_board(page, house_of_people)
    wait_until_kept(page, text="Sunrise")

    page.context.clear_cookies()
    page.goto(f"{house_of_people.url}/")

    assert "/sign-in" in page.url
    wait_until(lambda: own(page) == [])


def test_nobody_finds_what_somebody_else_saw(
    page: Page, house_of_people: BoardServer, enter: Callable[[str], None]
) -> None:
    enter("Eve")
    page.goto(f"{house_of_people.url}/wall")
    expect_connection(page, "live")
    wait_until_kept(page, "/wall", "Sunrise")

    enter("Adam")
    open_board(page, house_of_people)
    wait_until_kept(page, text="Sunrise")

    wait_until(lambda: own(page) == ["/whose", "/"])

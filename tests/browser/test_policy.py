"""Every page does with files of our own alone: the browser has nothing to refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests.browser.board_server import BoardServer
from tests.browser.guarded import add_admin, enter
from tests.browser.live_page import card, open_board

AT_THE_DOOR = (
    "/requests/1",
    "/wall",
    "/services",
    "/keys",
    "/setup",
    "/setup/radarr/radarr",
    "/account",
    "/people",
    "/join?code=x",
)

HEAR = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      window.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
"""


@pytest.fixture
def strict_page(page: Page) -> Iterator[Page]:
    """Give a page; the test fails when the browser refuses or complains."""
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "the server responded with a status of 4" not in message.text:
            said.append(message.text)

    page.on("console", note)
    page.add_init_script(HEAR)
    yield page
    assert said == []


def violations(page: Page) -> list[str]:
    page.wait_for_load_state("load")
    found: list[str] = page.evaluate("window.violations")
    return found


def test_no_page_asks_for_more_than_the_policy_allows(strict_page: Page, server: BoardServer) -> None:
    server.ask("Asphalt", 811)
    open_board(strict_page, server)
    assert violations(strict_page) == []
    card(strict_page, "Asphalt").get_by_role("link").first.click()
    request = strict_page.url

    for address in (request, f"{server.url}/services", f"{server.url}/nowhere", f"{server.url}/requests/999"):
        strict_page.goto(address)
        assert violations(strict_page) == [], address


def test_the_policy_is_in_force(new_page: Callable[..., Page], server: BoardServer) -> None:
    page = new_page()
    page.add_init_script(HEAR)
    page.goto(server.url)

    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )
    page.evaluate("document.body.setAttribute('style', 'color: red')")

    assert page.evaluate("window.ran") is None
    assert {violation.split()[0] for violation in violations(page)} == {"script-src-elem", "style-src-attr"}


def test_a_card_is_taken_off_with_the_token_of_its_page(strict_page: Page, server: BoardServer) -> None:
    server.ask("Varieté", 812)
    open_board(strict_page, server)
    card(strict_page, "Varieté").get_by_role("link").first.click()

    strict_page.get_by_text("Take off the board …").click()
    strict_page.get_by_role("button", name="Take it off").click()

    strict_page.wait_for_url(f"{server.url}/")
    assert card(strict_page, "Varieté").count() == 0


def test_nor_does_a_page_at_or_behind_the_door(strict_page: Page, house_of_people: BoardServer) -> None:
    strict_page.goto(f"{house_of_people.url}/join")
    assert violations(strict_page) == []
    enter(strict_page, house_of_people, add_admin(house_of_people))
    open_board(strict_page, house_of_people)

    for address in AT_THE_DOOR:
        answer = strict_page.goto(f"{house_of_people.url}{address}")
        assert answer is not None
        assert answer.ok, address
        assert violations(strict_page) == [], address

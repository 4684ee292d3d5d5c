"""What a first visit may cost: few bytes, no script before the first paint, nothing from elsewhere."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, Route, expect

from tests.browser.board_server import BoardServer
from tests.browser.guarded import enter
from tests.browser.live_page import card, expect_connection
from tests.browser.test_axe import AT_THE_DOOR, PAGES, house, words
from tests.server.process import ROOT

__all__ = ["house", "words"]

MOST_BYTES = 60_000
"""All our styles and scripts together, each file compressed by itself as a proxy does."""
EVERY_PAGE = [address for all_of in (PAGES | AT_THE_DOOR).values() for address in all_of]
FILMS = ("Sunrise", "Metropolis", "Faust", "Nosferatu", "Asphalt")
PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length === 1"
BLOCKING = "script:not([type=module]):not([async]):not([defer]), script:not([src])"


def test_styles_and_scripts_weigh_less_than_60_kb() -> None:
    files = [*ROOT.glob("static/css/*.css"), *ROOT.glob("static/js/*.js")]

    assert 0 < sum(len(gzip.compress(path.read_bytes())) for path in files) < MOST_BYTES


def test_every_picture_but_our_mark_waits_until_it_is_needed() -> None:
    pictures = [tag for path in ROOT.glob("templates/**/*.html") for tag in re.findall(r"<img[^>]*>", path.read_text())]
    ours = [tag for tag in pictures if "img/logo.svg" in tag]

    assert len(pictures) > len(ours)
    assert [tag for tag in pictures if tag not in ours and 'loading="lazy"' not in tag] == []


def test_without_scripts_every_card_says_the_same(
    house: BoardServer, words: dict[str, str], new_page: Callable[..., Page]
) -> None:
    plain, live = new_page(java_script_enabled=False), new_page()
    for page in (plain, live):
        enter(page, house, words["cookie"])
        page.goto(house.url)
    expect_connection(live, "live")

    for film in FILMS:
        said = card(plain, film).inner_text()
        for word in said.split("\n"):
            if not any(number.isdigit() for number in word):  # scripts say how long ago that was
                expect(card(live, film)).to_contain_text(word, ignore_case=True)
        assert film in said


def test_the_first_paint_waits_for_no_script(
    house: BoardServer, words: dict[str, str], new_page: Callable[..., Page]
) -> None:
    page = new_page(bypass_csp=True)  # asking again and again is a script of ours
    enter(page, house, words["cookie"])
    held: list[Route] = []
    page.route("**/*.js", lambda route: held.append(route))  # noqa: PLW0108  # Playwright marks what it calls

    page.goto(house.url, wait_until="commit")

    page.wait_for_function(PAINTED)
    for film in FILMS:
        expect(card(page, film)).to_be_visible()
    assert held != []
    for route in held:
        route.abort()


def test_no_page_asks_another_host_or_waits_for_a_script(
    house: BoardServer, words: dict[str, str], new_page: Callable[..., Page]
) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(urlsplit(request.url).netloc)

    stranger, person = new_page(), new_page()
    enter(person, house, words["cookie"])
    for page in (stranger, person):
        page.context.on("request", note)
        for address in EVERY_PAGE:
            page.goto(house.url + address.format(**words))
            assert page.locator(BLOCKING).count() == 0, address

    assert len(asked) > len(EVERY_PAGE)
    assert set(asked) == {urlsplit(house.url).netloc}

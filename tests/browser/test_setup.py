"""From the printed link to the first live card, without a page of documentation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from demo.jellyfin.api import API_KEY as JELLYFIN_KEY
from demo.qbittorrent.api import PASSWORD as CLIENT_PASSWORD
from demo.qbittorrent.api import USERNAME
from demo.seerr.api import API_KEY as SEERR_KEY
from demo.servarr.api import API_KEY as SERVARR_KEY
from demo.stack import Stack
from demo.titles import FILMS
from demo.webhook import HttpPost, Receiver
from demo.world import PEOPLE, World
from tests.browser.board_server import BoardServer
from tests.browser.chromium import NAME
from tests.browser.conftest import PHONE
from tests.browser.hands import Finger, Keys, Mouse
from tests.browser.live_page import card, expect_connection, overflow
from tests.browser.newcomer import PASSWORD, first_visit, printed, way_in
from tests.browser.test_axe import AXE, JUDGE

MOST_CLICKS = 15
THUMB = 44
"""Pixels that a thumb hits."""


class Home:
    """Services that nobody has connected yet."""

    def __init__(self) -> None:
        self._post = HttpPost()
        self.world = World(datetime.now(UTC), self._post)
        self.stack = Stack(self.world)
        self.stack.start()

    def close(self) -> None:
        self.stack.stop()
        self._post.close()

    def ask(self, slug: str = "metropolis") -> None:
        """Let somebody ask for a film in Seerr."""
        with self.world.lock:
            self.world.seerr.ask(FILMS[slug], PEOPLE["anna"])
            self.world.advance(1)


@pytest.fixture
def home() -> Iterator[Home]:
    home = Home()
    yield home
    home.close()


def begin(hand: Mouse, server: BoardServer) -> None:
    """Open the printed link by a name of the house, become the first admin, and say where the board is."""
    page = hand.page
    page.goto(printed(server).replace("127.0.0.1", NAME))
    hand.write(page.get_by_label("Name"), "Eve")
    hand.write(page.get_by_label("Password"), PASSWORD)
    hand.press(page.get_by_role("button", name="Begin"))
    expect(page.get_by_role("heading", name="Connect your services")).to_be_visible()
    hand.write(page.get_by_label("Address of this board"), server.url)  # the name is known to the browser alone
    hand.press(page.get_by_role("button", name="Use this address"))
    expect(page.get_by_text("This board answers there.")).to_be_visible()


def connect(hand: Mouse, home: Home, source: str, key: str, username: str = "") -> None:
    """Fill in the form of a service and connect it."""
    page = hand.page
    hand.write(page.get_by_label("Address of"), home.stack.urls[source])
    if username:
        hand.write(page.get_by_label("User name"), username)
    hand.write(page.get_by_label("Password" if username else "API key"), key)
    hand.press(page.get_by_role("button", name="Connect"))
    expect(page.get_by_role("heading", name="Does it work?")).to_be_visible()


def paste_into_jellyfin(page: Page, home: Home) -> None:
    """Enter in Jellyfin what the page says."""
    lines = page.locator(".paste code").all_inner_texts()
    url = next(line for line in lines if line.endswith("/webhooks/jellyfin"))
    bearer = next(line for line in lines if line.startswith("Bearer "))
    with home.world.lock:
        home.world.jellyfin.receiver = Receiver(url, {"Authorization": bearer})


def walk(hand: Mouse, server: BoardServer, home: Home, arrive: Callable[[], None] = lambda: None) -> None:
    """Go the whole way; ``arrive`` looks at each page."""
    page = hand.page
    begin(hand, server)
    arrive()
    hand.press(page.get_by_role("link", name="Connect Seerr"))
    for source, label, key in (
        ("seerr", "Radarr", SEERR_KEY),
        ("radarr", "Sonarr", SERVARR_KEY),
        ("sonarr", "qBittorrent", SERVARR_KEY),
    ):
        expect(page.get_by_role("heading", name="Where it is")).to_be_visible()
        arrive()
        connect(hand, home, source, key)
        expect(page.get_by_text("It can reach us", exact=True)).to_be_visible()
        arrive()
        hand.press(page.get_by_role("link", name=f"Next: {label}"))
    connect(hand, home, "qbittorrent", CLIENT_PASSWORD, USERNAME)
    hand.press(page.get_by_role("link", name="Next: Jellyfin"))
    connect(hand, home, "jellyfin", JELLYFIN_KEY)
    paste_into_jellyfin(page, home)
    arrive()
    hand.press(page.get_by_role("link", name="Done: open the board"))
    home.ask()
    expect(card(page, "Metropolis")).to_be_visible()


def test_the_first_card_is_live_after_at_most_fifteen_clicks(
    guarded: BoardServer, home: Home, page: Page, record_property: Callable[[str, object], None]
) -> None:
    mouse = Mouse(page)

    walk(mouse, guarded, home)

    expect_connection(page, "live")
    record_property("clicks", mouse.clicks)
    assert 0 < mouse.clicks <= MOST_CLICKS
    assert page.evaluate("isSecureContext") is False
    home.ask("nosferatu")
    expect(card(page, "Nosferatu")).to_be_visible()
    page.goto(f"{page.url}setup")
    expect(page.locator('[data-service="seerr/seerr"]')).to_have_attribute("data-lamp", "up")


def test_a_thumb_on_a_phone_goes_the_same_way(guarded: BoardServer, home: Home, new_page: Callable[..., Page]) -> None:
    page = new_page(PHONE, has_touch=True, is_mobile=True)

    def arrive() -> None:
        assert overflow(page) <= 0
        for target in page.locator("main .button:visible, main input.input:visible").all():
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= THUMB, target.inner_text()

    walk(Finger(page), guarded, home, arrive)


def test_the_keyboard_alone_goes_the_same_way_and_nothing_keeps_anybody_out(
    guarded: BoardServer, home: Home, page: Page
) -> None:
    keys = Keys(page)

    def arrive() -> None:
        page.wait_for_load_state()
        page.evaluate(AXE)
        assert page.evaluate(JUDGE) == []

    walk(keys, guarded, home, arrive)

    assert keys.clicks == 0


def test_everything_works_without_javascript(guarded: BoardServer, home: Home, new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(way_in(guarded))
    page.get_by_label("Name").fill("Eve")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Address of this board").fill(guarded.url)
    page.get_by_role("button", name="Use this address").click()
    page.get_by_role("link", name="Connect Radarr").click()
    page.get_by_label("Address of").fill(home.stack.urls["radarr"])
    page.get_by_label("API key").fill("wrong")
    page.get_by_role("button", name="Test").click()
    expect(page.get_by_text("Radarr does not take this key.")).to_be_visible()
    page.get_by_label("API key").fill(SERVARR_KEY)
    page.get_by_role("button", name="Test").click()
    expect(page.get_by_text("It answers, and takes the key")).to_be_visible()

    page.get_by_role("button", name="Connect").click()

    expect(page.get_by_text("It can reach us", exact=True)).to_be_visible()
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_text("It can reach us", exact=True)).to_be_visible()


def test_a_test_answers_in_place_and_keeps_what_is_typed(guarded: BoardServer, home: Home, page: Page) -> None:
    first_visit(page, guarded)
    page.goto(f"{guarded.url}/setup/sonarr/sonarr")
    page.get_by_label("Address of").fill(home.stack.urls["radarr"])
    page.get_by_label("API key").fill(SERVARR_KEY)
    page.evaluate("window.isSame = true")

    page.get_by_role("button", name="Test").click()

    expect(page.get_by_role("status")).to_contain_text("Radarr answers at")
    assert page.evaluate("window.isSame") is True
    expect(page.get_by_label("API key")).to_have_value(SERVARR_KEY)
    expect(page.get_by_role("button", name="Test")).to_have_text("Test")
    expect(page.get_by_role("link", name="Open that page")).to_have_attribute(
        "href", f"{home.stack.urls['radarr']}/settings/general"
    )


def test_a_lamp_turns_green_while_somebody_looks(guarded: BoardServer, home: Home, page: Page) -> None:
    mouse = Mouse(page)
    begin(mouse, guarded)
    mouse.press(page.get_by_role("link", name="Connect Seerr"))
    connect(mouse, home, "seerr", SEERR_KEY)
    expect(page.get_by_text("Waiting for its first news")).to_be_visible()
    page.evaluate("window.isSame = true")

    home.ask()

    expect(page.get_by_text("It tells us what happens")).to_be_visible()
    assert page.evaluate("window.isSame") is True

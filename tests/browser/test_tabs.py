"""All tabs of a browser live on one stream, on plain http and under a name that browsers do not trust."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from statistics import median

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.board_server import BoardServer
from tests.browser.chromium import NAME
from tests.browser.conftest import PATIENCE
from tests.browser.debugger import Debugger
from tests.browser.live_page import card, expect_connection, open_board
from tests.server.process import wait_until

TABS = 8
NOTE_LIVE = """() => {
    window.liveAt = [];
    const root = document.documentElement;
    new MutationObserver(() => {
        if (root.dataset.connection === "live") liveAt.push(performance.now());
    }).observe(root, { attributeFilter: ["data-connection"] });
}"""
"""Keeps in the page when it came to be live again, by its own clock."""


class Tabs:
    """The tabs of one person."""

    def __init__(self, context: BrowserContext, server: BoardServer) -> None:
        self._context = context
        self.url = f"{server.url}/"
        self.thrown: list[str] = []

    def blank(self) -> Page:
        """Open an empty tab."""
        page = self._context.new_page()
        page.on("pageerror", lambda error: self.thrown.append(str(error)))
        return page

    def open(self) -> Page:
        """Open the board in one more tab."""
        page = self.blank()
        page.goto(self.url)
        return page


@pytest.fixture
def tabs(chromium: Browser, own_server: BoardServer) -> Iterator[Tabs]:
    context = chromium.new_context(service_workers="block")  # no page could be intercepted that one of them fetches
    context.set_default_timeout(PATIENCE)
    tabs = Tabs(context, own_server)
    yield tabs
    context.close()
    assert tabs.thrown == []


@pytest.fixture
def debugger(chromium: Browser) -> Debugger:
    return Debugger(chromium)


def test_eight_tabs_are_live_on_one_stream(own_server: BoardServer, tabs: Tabs) -> None:
    tabs.url = f"http://{NAME}:{own_server.port}/"
    pages = [tabs.open() for _ in range(TABS)]
    for page in pages:
        expect_connection(page, "live")
    assert pages[0].evaluate("[isSecureContext, 'locks' in navigator]") == [False, False]
    assert own_server.streams == 1

    own_server.ask("Metropolis", 1)

    for page in pages:
        expect(card(page, "Metropolis")).to_be_visible()
    # Six connections are all that a browser opens to one server: with a stream for each tab this would wait for ever.
    assert pages[-1].evaluate("fetch('/healthz').then(answer => answer.status)") == 200

    for page in pages[1:]:
        page.close()
    own_server.ask("Nosferatu", 2)
    expect(card(pages[0], "Nosferatu")).to_be_visible()
    assert own_server.streams == 1
    pages[0].close()
    wait_until(lambda: own_server.streams == 0)


@pytest.mark.parametrize("harms", [[Debugger.kill_worker] * 3, [Debugger.hang_worker]], ids=["dies", "hangs"])
def test_worker_that_dies_or_hangs_is_replaced_in_under_a_second_and_nothing_is_missed(
    own_server: BoardServer,
    tabs: Tabs,
    debugger: Debugger,
    harms: Sequence[Callable[[Debugger], None]],
    record_property: Callable[[str, object], None],
) -> None:
    pages = [tabs.open() for _ in range(3)]
    for page in pages:
        expect_connection(page, "live")
        page.evaluate(NOTE_LIVE)
    before = set(debugger.workers)

    pauses = [
        pause_without_worker(own_server, pages, partial(harm, debugger), number) for number, harm in enumerate(harms)
    ]

    record_property("milliseconds_until_replaced", [round(pause) for pause in pauses])
    assert median(pauses) < 1_000
    assert len(set(debugger.workers) - before) == 1
    own_server.ask("Nosferatu", 99)
    for page in pages:
        expect(card(page, "Nosferatu")).to_be_visible()
        assert page.evaluate("Array.isArray(window.liveAt)")  # never loaded anew


def pause_without_worker(server: BoardServer, pages: list[Page], harm: Callable[[], None], number: int) -> float:
    """Let something happen right after the worker was harmed; give the milliseconds until all are live again."""
    harmed_at: list[float] = [page.evaluate("performance.now()") for page in pages]
    harm()
    server.ask(f"Film {number}", number + 1)
    for page in pages:
        expect(card(page, f"Film {number}")).to_be_visible()
        expect_connection(page, "live")
    # Who joins a worker that another tab has replaced already may never have shown anything but live.
    moments: list[list[float]] = [page.evaluate("liveAt") for page in pages]
    return max(live_at - at for live, at in zip(moments, harmed_at, strict=True) for live_at in live if live_at > at)


def test_tabs_follow_the_first_that_replaces_the_worker(
    own_server: BoardServer, tabs: Tabs, debugger: Debugger
) -> None:
    first, second = tabs.open(), tabs.open()
    expect_connection(first, "live")
    expect_connection(second, "live")
    (worker,) = debugger.workers

    first.evaluate("localStorage.setItem('arrivarr-worker', 1)")

    wait_until(lambda: worker in debugger.workers and len(debugger.workers) == 2)
    own_server.ask("Metropolis", 1)
    expect(card(second, "Metropolis")).to_be_visible()


def hold_page(tab: Page, url: str, meanwhile: Callable[[], None]) -> list[str]:
    """Open the board in a tab, but let something happen before it is shown; give what it fetches later."""

    def draw_then_change(route: Route) -> None:
        drawn = route.fetch()
        meanwhile()
        route.fulfill(response=drawn)

    fetched: list[str] = []
    tab.on("request", lambda request: fetched.append(request.url))
    tab.route(url, draw_then_change)
    tab.goto(url)
    return fetched


def test_new_tab_hears_what_came_since_its_page_was_drawn(own_server: BoardServer, tabs: Tabs) -> None:
    first = tabs.open()
    expect_connection(first, "live")

    def meanwhile() -> None:
        own_server.ask("Metropolis", 1)
        expect(card(first, "Metropolis")).to_be_visible()

    late = tabs.blank()
    fetched = hold_page(late, tabs.url, meanwhile)

    expect(card(late, "Metropolis")).to_be_visible()
    assert own_server.streams == 1
    assert not [url for url in fetched if url.endswith("/board")]


def test_new_tab_older_than_what_the_worker_remembers_loads_the_board(own_server: BoardServer, tabs: Tabs) -> None:
    late = tabs.blank()

    def meanwhile() -> None:
        own_server.ask("Metropolis", 1)
        expect_connection(tabs.open(), "live")

    hold_page(late, tabs.url, meanwhile)

    expect(card(late, "Metropolis")).to_be_visible()
    assert own_server.streams == 1


def test_tabs_opened_while_changes_come_all_end_right(own_server: BoardServer, tabs: Tabs) -> None:
    pages = []
    for number in range(1, 19):
        own_server.ask(f"Film {number:02}", number)
        if number % 6 == 0:
            pages.append(tabs.open())

    for page in pages:
        expect(page.locator(".card")).to_have_count(18)


def test_tab_that_crashed_takes_nothing_from_the_others(
    own_server: BoardServer, tabs: Tabs, debugger: Debugger
) -> None:
    dead, alive = tabs.open(), tabs.open()
    expect_connection(dead, "live")
    expect_connection(alive, "live")

    with dead.expect_event("crash"):
        debugger.crash(dead)
    own_server.ask("Metropolis", 1)

    expect(card(alive, "Metropolis")).to_be_visible()
    assert own_server.streams == 1


def open_redrawn(page: Page, url: str, old: str, new: str) -> None:
    """Open the board as a server would draw it that says this instead of that."""

    def redraw(route: Route) -> None:
        drawn = route.fetch()
        route.fulfill(response=drawn, body=drawn.text().replace(old, new))

    page.route(url, redraw)
    page.goto(url)


def test_update_brings_a_worker_of_its_own(own_server: BoardServer, tabs: Tabs, debugger: Debugger) -> None:
    old = tabs.open()
    expect_connection(old, "live")
    updated = tabs.blank()
    open_redrawn(updated, tabs.url, "worker.js?v=", "worker.js?v=next-")

    expect_connection(updated, "live")
    assert len(debugger.workers) == 2


def test_worker_that_cannot_be_had_leaves_a_stream_to_each_tab(own_server: BoardServer, tabs: Tabs) -> None:
    page = tabs.blank()
    open_redrawn(page, tabs.url, "js/worker.js", "js/missing.js")
    expect_connection(page, "live")

    own_server.ask("Metropolis", 1)

    expect(card(page, "Metropolis")).to_be_visible()


def test_tabs_without_shared_workers_have_a_stream_each(own_server: BoardServer, new_page: Callable[..., Page]) -> None:
    page = new_page(is_alone=True)
    other = page.context.new_page()
    open_board(page, own_server)
    open_board(other, own_server)
    assert own_server.streams == 2

    own_server.ask("Metropolis", 1)

    expect(card(page, "Metropolis")).to_be_visible()
    expect(card(other, "Metropolis")).to_be_visible()

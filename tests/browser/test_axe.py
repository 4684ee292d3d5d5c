"""axe-core, which others wrote, finds nothing that keeps anybody out: every page, both themes, phone and desk."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from werkzeug.exceptions import default_exceptions

from flaskapp.access.invitations import invite
from flaskapp.access.links import make_link
from flaskapp.extensions import writing
from flaskapp.models import Link, User
from flaskapp.views.errors import TITLES
from flaskapp.views.errors import page as error_page
from tests.browser.board_server import Boards, BoardServer
from tests.browser.conftest import GUARDED, PHONE
from tests.browser.guarded import add_admin, data_of, enter
from tests.people import add_user
from tests.server.process import ROOT
from tests.views.entrances import ROWS

AXE = (ROOT / "tests" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
JUDGE = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  const tell = ({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`;
  return violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 3).map(tell)]);
}"""
LOOKS = [f"{width} {scheme}" for width, scheme in product((PHONE, 1440), ("dark", "light"))]

PAGES = {
    "/": ("/", "/?q=nothing+is+called+so", "/?stage=waiting"),
    "/wall": ("/wall",),
    "/history": ("/history", "/history?q=nothing+is+called+so"),
    "/requests/1": ("/requests/1", "/requests/2", "/requests/3", "/requests/999"),
    "/services": ("/services",),
    "/setup": ("/setup",),
    "/setup/radarr/radarr": tuple(f"/setup/{name}/{name}" for name in ("seerr", "radarr", "jellyfin", "qbittorrent")),
    "/people": ("/people",),
    "/keys": ("/keys",),
    "/account": ("/account",),
    "/l/{link}": ("/l/{link}", "/l/nobodys"),
}
"""What somebody who is signed in can look at, by its rule in the table of entrances."""
AT_THE_DOOR = {"/sign-in": ("/sign-in",), "/join": ("/join", "/join?code={code}")}
NO_PAGES = {"/board", "/away", "/requests/1/watch", "/links/1/qr.svg", "/sign-in/oidc", "/sign-in/oidc/callback"}
NO_PAGES |= {"/webhooks/proof/a-question", "/healthz", "/readyz", "/metrics", "/l/{link}/events", "/events"}
NO_PAGES |= {"/manifest.webmanifest", "/offline.js"}
"""Parts of pages, ways to elsewhere, and what programs read."""
FOR_PROGRAMS = re.compile(r"/(api|posters|static)/")


@pytest.fixture(scope="module")
def house(boards: Boards) -> Iterator[BoardServer]:
    """Give a board with something in most stages."""
    with boards.open(GUARDED) as server:
        _ask(server)
        yield server


def _ask(server: BoardServer) -> None:
    server.ask("Sunrise", 1, "media-approved-movie")
    server.ask("Metropolis", 2)
    server.ask("Faust", 3, "media-declined-movie")
    server.ask("Nosferatu", 4, "media-failed-movie")
    server.ask("Asphalt", 5, "media-available-movie")
    for name in ("grab-torrent", "download-import", "manual-interaction-required"):
        body = json.loads((ROOT / "tests" / "payloads" / "radarr" / f"{name}.json").read_text(encoding="utf-8"))
        body["movie"] |= {"tmdbId": 70_001}
        server.webhook("radarr", body)


@pytest.fixture(scope="module")
def words(house: BoardServer) -> dict[str, str]:
    """Make what stands in addresses: a link, the code of an invitation; and a cookie."""
    cookie = add_admin(house)
    with data_of(house) as app:
        add_user(app, "Ada")
        with app.app_context(), writing() as session:
            now = datetime.now(UTC)
            seal = app.extensions["seal"]
            make_link(session, seal, 1, None, now)
            session.flush()
            link = seal.unseal(session.scalars(select(Link)).one().sealed_token)
            code = invite(session, session.scalars(select(User).filter_by(name="Ada")).one(), now)
    return {"cookie": cookie, "link": link, "code": code}


@pytest.fixture(scope="module")
def errors(house: BoardServer) -> dict[int, str]:
    """Give the page of every error, also of those that no real board can be brought to at will."""
    with data_of(house) as app, app.test_request_context("/nowhere"):
        return {code: error_page(default_exceptions[code]()) for code in TITLES}


@pytest.fixture
def open_look(new_page: Callable[..., Page]) -> Callable[[str], Page]:
    def opened(look: str) -> Page:
        width, scheme = look.split()
        return new_page(int(width), color_scheme=scheme, reduced_motion="reduce")

    return opened


def judge(page: Page, address: str) -> list[Any]:
    """Give what axe-core finds on a page."""
    page.goto(address)
    assert page.url == address  # and not the door
    page.evaluate(AXE)
    found: list[Any] = page.evaluate(JUDGE)
    return [[address, *violation] for violation in found]


def test_the_table_names_every_page() -> None:
    rules = {line.split()[1] for line in ROWS.splitlines() if line.startswith("GET")}
    pages = {rule for rule in rules - NO_PAGES if not FOR_PROGRAMS.match(rule)}

    assert pages == PAGES.keys() | AT_THE_DOOR.keys()


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_keeps_anybody_out(
    house: BoardServer, words: dict[str, str], open_look: Callable[[str], Page], look: str
) -> None:
    page = open_look(look)
    enter(page, house, words["cookie"])

    found = [
        violation
        for address in [*(address for all_of in PAGES.values() for address in all_of), "/nowhere"]
        for violation in judge(page, house.url + address.format(**words))
    ]

    assert found == []


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_keeps_anybody_out_before_the_door(
    house: BoardServer, words: dict[str, str], open_look: Callable[[str], Page], look: str
) -> None:
    page = open_look(look)

    found = [
        violation
        for all_of in AT_THE_DOOR.values()
        for address in all_of
        for violation in judge(page, house.url + address.format(**words))
    ]

    assert found == []


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_keeps_anybody_out_of_an_error(
    house: BoardServer, errors: dict[int, str], open_look: Callable[[str], Page], look: str
) -> None:
    page = open_look(look)
    html = "text/html; charset=utf-8"
    page.route("**/error/*", lambda route: route.fulfill(body=errors[int(route.request.url[-3:])], content_type=html))

    assert [violation for code in errors for violation in judge(page, f"{house.url}/error/{code}")] == []


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_keeps_anybody_out_of_an_empty_board(
    own_server: BoardServer, open_look: Callable[[str], Page], look: str
) -> None:
    page = open_look(look)

    assert [violation for path in ("/", "/wall", "/history") for violation in judge(page, own_server.url + path)] == []

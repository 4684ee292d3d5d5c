"""``python -m tests.browser.screenshots``: take the pictures of docs/screenshots, every page in both themes."""

from __future__ import annotations

import subprocess
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from flaskapp.access.invitations import invite
from flaskapp.extensions import writing
from flaskapp.models import User
from tests.browser.board_server import BoardServer
from tests.browser.chromium import launch
from tests.browser.guarded import SECRET_KEY, add_admin, data_of
from tests.people import add_user

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "screenshots"
PORT = 27740
"""Not one of those that the system hands out: the made-up services take theirs from there."""
PHONE = 390
WINDOWS = {PHONE: 844, 1024: 768, 1440: 1000}
SCHEMES = ("dark", "light")
EVERY_STAGE = (
    {"failed"},
    {"downloading"},
    {"downloaded", "importing", "imported"},
    {"approved"},
    {"requested"},
    {"available"},
    {"declined"},
)
PATIENCE = 180.0
PLAYED = {"wall": "/wall", "history": "/history", "services": "/services", "setup": "/setup"}
AT_THE_DOOR = {"sign-in": "/sign-in", "join": "/join?code={code}"}
SIGNED_IN = {
    "empty": "/",
    "people": "/people",
    "keys": "/keys",
    "account": "/account",
    "connect": "/setup/radarr/radarr",
    "error": "/nowhere",
}
TO_WEBP = """async (png) => {
  const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext("2d").drawImage(picture, 0, 0);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality: 0.82 })).arrayBuffer());
  return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));
}"""
"""The browser is a good encoder, and a fraction of the bytes will do."""


def main() -> None:
    """Take the pictures of a board at play, then those of a season, then those of a board where people sign in."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        camera = Camera(browser)
        with _demo() as url:
            _play(camera, url)
        with _demo() as url:  # anew: while those were taken, on a busy machine, the season may have arrived
            _follow_season(camera, url)
        with TemporaryDirectory() as folder, _guarded(Path(folder)) as server:
            _sign_in(camera, server)
        browser.close()


class Camera:
    """Opens a page in every window and theme, and keeps what they look like."""

    def __init__(self, browser: Browser) -> None:
        self._browser, self._encoder = browser, browser.new_page()

    def open(self, url: str, cookie: str = "") -> dict[str, Page]:
        """Open a page in each look, so that all of them show the same moment."""
        looks = product(WINDOWS, SCHEMES)
        return {f"{width}-{scheme}": self.open_one(url, width, scheme, cookie) for width, scheme in looks}

    def open_one(self, url: str, width: int = 1440, scheme: Any = "dark", cookie: str = "") -> Page:
        """Open a page in one look, and wait until it is whole."""
        page = self._browser.new_page(
            viewport={"width": width, "height": WINDOWS[width]},
            color_scheme=scheme,
            locale="en-GB",
            timezone_id="Europe/Berlin",
            bypass_csp=True,  # to wait for the pictures we run a script of our own
            reduced_motion="reduce",
            device_scale_factor=2 if width == PHONE else 1,
        )
        if cookie:
            page.context.add_cookies([{"name": "arrivarr", "value": cookie, "url": url}])
        page.goto(f"{url}?theme={scheme}" if url.endswith("/wall") else url)  # a wall has no other way to be light
        if page.locator(".connection").count():
            page.wait_for_selector('html[data-connection="live"]')
        page.evaluate("document.querySelectorAll('img').forEach(image => { image.loading = 'eager' })")
        page.wait_for_function("[...document.images].every(image => image.complete)")
        return page

    def take(self, name: str, pages: Mapping[str, Page]) -> None:
        """Keep what the pages show, and close them."""
        for look, page in pages.items():
            png = b64encode(page.screenshot()).decode()
            (PICTURES / f"{name}-{look}.webp").write_bytes(b64decode(self._encoder.evaluate(TO_WEBP, png)))
            page.context.close()


def _play(camera: Camera, url: str) -> None:
    """Wait until the demo shows something in every stage."""
    _wait_for(lambda: _shows_every_stage(url))
    camera.take("board", camera.open(url))
    for name, path in PLAYED.items():
        camera.take(name, camera.open(url + path))


def _follow_season(camera: Camera, url: str) -> None:
    """Wait until a season is half here, and show its page and its private link."""
    _wait_for(lambda: _has_two_seasons(url))
    # They are open before the moment comes, so that all show the same.
    address = f"{url}/requests/{_season(url)['id']}"
    link = _link(camera, address)
    pages, shared = camera.open(address), camera.open(link)
    _wait_for(lambda: 40 <= int(_season(url)["progress"]) < 100)
    camera.take("request", pages)
    camera.take("link", shared)


def _link(camera: Camera, address: str) -> str:
    """Make a private link of a request; give its address."""
    page = camera.open_one(address)
    page.get_by_role("button", name="Make a private link").click()
    return page.locator(".links__list .secret__text").first.inner_text()


@contextmanager
def _demo() -> Iterator[str]:
    demo = subprocess.Popen([sys.executable, "-m", "demo", "--port", str(PORT)], cwd=ROOT)
    try:
        yield f"http://127.0.0.1:{PORT}"
    finally:
        demo.terminate()
        demo.wait()


@contextmanager
def _guarded(folder: Path) -> Iterator[BoardServer]:
    server = BoardServer(folder, env={"AUTH": "local", "SECRET_KEY": SECRET_KEY})
    try:
        yield server
    finally:
        server.stop()


def _sign_in(camera: Camera, server: BoardServer) -> None:
    """Show the pages at the door and those that know who looks."""
    cookie = add_admin(server)
    with data_of(server) as app:
        for name in ("Ada", "Ben", "Chiara"):
            add_user(app, name)
        with app.app_context(), writing() as session:
            ada = session.scalars(select(User).filter_by(name="Ada")).one()
            code = invite(session, ada, datetime.now(UTC))
    for name, path in AT_THE_DOOR.items():
        camera.take(name, camera.open(server.url + path.format(code=code)))
    for name, path in SIGNED_IN.items():
        camera.take(name, camera.open(server.url + path, cookie))


def _wait_for(is_reached: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not is_reached():
        if time.monotonic() > until:
            raise SystemExit("The demo never came to the moment of the next picture.")
        time.sleep(0.25)


def _requests(url: str) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = requests.get(f"{url}/api/requests", timeout=5).json()["requests"]
    except (requests.ConnectionError, requests.Timeout):
        return []
    return rows


def _shows_every_stage(url: str) -> bool:
    states = {row["state"] for row in _requests(url)}
    return all(states & stage for stage in EVERY_STAGE)


def _has_two_seasons(url: str) -> bool:
    return len([row for row in _requests(url) if row["media_type"] == "tv"]) > 1


def _season(url: str) -> dict[str, Any]:
    return max((row for row in _requests(url) if row["media_type"] == "tv"), key=lambda row: int(row["id"]))


if __name__ == "__main__":
    main()

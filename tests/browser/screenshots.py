"""``python -m tests.browser.screenshots``: take the pictures of docs/screenshots from the demo, while it plays."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import launch

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "screenshots"
PORT = 27740
"""Not one of those that the system hands out: the made-up services take theirs from there."""
PHONE = 390
WINDOWS = {PHONE: 844, 1440: 1000}
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


def main() -> None:
    """Wait until the demo shows something in every stage, then take every picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with _demo() as url, sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        _wait_for(lambda: _shows_every_stage(url))
        _take("board", _open(browser, url))
        _take("services", _open(browser, f"{url}/services"))
        _wait_for(lambda: _has_two_seasons(url))
        # They are open before the moment comes, so that all show the same.
        pages = _open(browser, f"{url}/requests/{_season(url)['id']}")
        _wait_for(lambda: 40 <= int(_season(url)["progress"]) < 100)
        _take("request", pages)
        browser.close()


@contextmanager
def _demo() -> Iterator[str]:
    demo = subprocess.Popen([sys.executable, "-m", "demo", "--port", str(PORT)], cwd=ROOT)
    try:
        yield f"http://127.0.0.1:{PORT}"
    finally:
        demo.terminate()
        demo.wait()


def _wait_for(is_reached: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not is_reached():
        if time.monotonic() > until:
            raise SystemExit("The demo never came to the moment of the next picture.")
        time.sleep(0.25)


def _requests(url: str) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = requests.get(f"{url}/api/requests", timeout=5).json()["requests"]
    except requests.ConnectionError:
        return []
    return rows


def _shows_every_stage(url: str) -> bool:
    states = {row["state"] for row in _requests(url)}
    return all(states & stage for stage in EVERY_STAGE)


def _has_two_seasons(url: str) -> bool:
    return len([row for row in _requests(url) if row["media_type"] == "tv"]) > 1


def _season(url: str) -> dict[str, Any]:
    return max((row for row in _requests(url) if row["media_type"] == "tv"), key=lambda row: int(row["id"]))


def _open(browser: Browser, url: str) -> dict[str, Page]:
    return {f"{width}-{scheme}": _open_one(browser, url, width, scheme) for width, scheme in product(WINDOWS, SCHEMES)}


def _open_one(browser: Browser, url: str, width: int, scheme: Any) -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": WINDOWS[width]},
        color_scheme=scheme,
        locale="en-GB",
        timezone_id="Europe/Berlin",
        bypass_csp=True,  # to wait for the pictures we run a script of our own
        reduced_motion="reduce",
        device_scale_factor=2 if width == PHONE else 1,
    )
    page.goto(url)
    page.wait_for_selector('html[data-connection="live"]')
    page.evaluate("document.querySelectorAll('img').forEach(image => { image.loading = 'eager' })")
    page.wait_for_function("[...document.images].every(image => image.complete)")
    return page


def _take(name: str, pages: dict[str, Page]) -> None:
    for kind, page in pages.items():
        is_phone = kind.startswith(str(PHONE))
        page.screenshot(path=PICTURES / f"{name}-{kind}.png", full_page=not is_phone)


if __name__ == "__main__":
    main()

"""``python -m tests.browser.screenshots``: take the pictures of docs/screenshots from the demo, while it plays."""

from __future__ import annotations

import socket
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
WINDOWS = {390: 844, 1440: 1000}
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
        browser = launch(playwright)
        _wait_for(url, _shows_every_stage)
        for width, scheme in product(WINDOWS, SCHEMES):
            _take(browser, url, f"board-{width}-{scheme}", width, scheme)
        _wait_for(url, _is_series_half_here)
        for width, scheme in product(WINDOWS, SCHEMES):
            _take(browser, f"{url}/requests/{_series(url)['id']}", f"request-{width}-{scheme}", width, scheme)
        browser.close()


@contextmanager
def _demo() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    demo = subprocess.Popen([sys.executable, "-m", "demo", "--port", str(port)], cwd=ROOT)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        demo.terminate()
        demo.wait()


def _wait_for(url: str, is_reached: Callable[[str], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not is_reached(url):
        if time.monotonic() > until:
            raise SystemExit(f"The demo never came to the moment that {is_reached} waits for.")
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


def _series(url: str) -> dict[str, Any]:
    return next(row for row in _requests(url) if row["media_type"] == "tv")


def _is_series_half_here(url: str) -> bool:
    return bool(_series(url)["state"] == "partially_available" and 0 < _series(url)["progress"] < 100)


def _take(browser: Browser, url: str, name: str, width: int, scheme: Any) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": WINDOWS[width]},
        color_scheme=scheme,
        locale="en-GB",
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
        device_scale_factor=2 if width == min(WINDOWS) else 1,
    )
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector('html[data-connection="live"]')
    _load_posters(page)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=width != min(WINDOWS))
    context.close()


def _load_posters(page: Page) -> None:
    page.evaluate("document.querySelectorAll('img').forEach(image => { image.loading = 'eager' })")
    page.wait_for_function("[...document.images].every(image => image.complete)")


if __name__ == "__main__":
    main()

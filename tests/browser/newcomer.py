"""Somebody who has just started a board for the first time."""

from __future__ import annotations

import re
import subprocess
import sys

from playwright.sync_api import Page

from tests.browser.board_server import BoardServer
from tests.browser.live_page import expect_connection
from tests.server.process import ROOT

PASSWORD = "correct horse battery"


def printed(server: BoardServer) -> str:
    """Read the address that the start of the server prints."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "prepare"]
    words = subprocess.run(command, cwd=ROOT, env=server.env, check=True, capture_output=True, text=True).stdout
    found = re.search(r"http://localhost(:\d+/join\?code=\S+)", words)
    assert found is not None
    return f"http://127.0.0.1{found[1]}"


def first_visit(page: Page, server: BoardServer, name: str = "Eve") -> None:
    """Become the first admin, as somebody who clicks the printed address."""
    page.goto(printed(server))
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Open the board").click()
    expect_connection(page, "live")

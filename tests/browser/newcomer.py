"""Somebody who has just started a board for the first time."""

from __future__ import annotations

import re
import subprocess
import sys

from playwright.sync_api import Page

from flaskapp.access.first_visit import new_first_code
from flaskapp.domain.provider import Provider
from flaskapp.extensions import writing
from tests.browser.board_server import BoardServer
from tests.browser.guarded import data_of
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


def way_in(server: BoardServer) -> str:
    """Give such an address without that start, which takes two seconds."""
    with data_of(server) as app, app.app_context(), writing() as session:
        return f"{server.url}/join?code={new_first_code(session, Provider.LOCAL)}"


def first_visit(page: Page, server: BoardServer, name: str = "Eve", address: str = "") -> None:
    """Become the first admin, as somebody who clicks the printed address."""
    page.goto(address or way_in(server))
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Open the board").click()
    expect_connection(page, "live")

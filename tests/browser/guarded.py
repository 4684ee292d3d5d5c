"""A board where people sign in, and an admin's way past the form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from playwright.sync_api import Page

from flaskapp import create_app
from flaskapp.config import Settings
from flaskapp.extensions import db
from tests.browser.board_server import BoardServer
from tests.people import add_user, browser_of
from tests.server.process import TOKEN

SECRET_KEY = "a-secret-for-the-tests"


@contextmanager
def data_of(server: BoardServer) -> Iterator[Flask]:
    """Give an app beside the server that works on the same data."""
    app = create_app(Settings(data_dir=server.data_dir, secret_key=SECRET_KEY, webhook_token=TOKEN))
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()


def add_admin(server: BoardServer) -> str:
    """Let Eve have an account; gives the cookie of a browser in which she is signed in."""
    with data_of(server) as app:
        cookie = browser_of(app, add_user(app, "Eve", is_admin=True, password_hash="none that fits")).get_cookie(
            "arrivarr"
        )
    assert cookie is not None
    return cookie.value


def enter(page: Page, server: BoardServer, cookie: str) -> None:
    """Let a browser of Chromium be hers, past the form."""
    page.context.add_cookies([{"name": "arrivarr", "value": cookie, "url": server.url}])

"""Debian's Chromium, kept from calling anybody."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, BrowserType

NAME = "board.test"
"""A name for this machine that is not localhost: on plain http browsers do not trust it with everything."""
ARGUMENTS = (
    f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


SHELL = "/usr/bin/chromium-headless-shell"
"""Chromium without windows, tabs and a toolbar, which nobody sees here: it does a third of the work."""
WHOLE = "/usr/bin/chromium"
"""This one alone keeps pages for the way back."""


def launch(chromium: BrowserType, program: str = SHELL, **options: Any) -> Browser:
    """Start a browser that the system installed."""
    return chromium.launch(executable_path=program, args=list(ARGUMENTS), **options)

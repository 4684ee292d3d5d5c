"""Debian's Chromium, kept from calling anybody."""

from __future__ import annotations

from playwright.sync_api import Browser, Playwright

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


def launch(playwright: Playwright) -> Browser:
    """Start the browser that the system installed."""
    return playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(ARGUMENTS))

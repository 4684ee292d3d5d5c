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


def launch(chromium: BrowserType, **options: Any) -> Browser:
    """Start the browser that the system installed."""
    return chromium.launch(executable_path="/usr/bin/chromium", args=list(ARGUMENTS), **options)

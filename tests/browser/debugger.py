"""What the tests do to a browser by the way debuggers go: harm to the worker that all tabs share, and to a tab."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page


class Debugger:
    """Looks into a browser that has one shared worker."""

    def __init__(self, chromium: Browser) -> None:
        self._session: CDPSession = chromium.new_browser_cdp_session()

    @property
    def workers(self) -> list[str]:
        """Name the shared workers that run."""
        targets = self._session.send("Target.getTargets")["targetInfos"]
        return [target["targetId"] for target in targets if target["type"] == "shared_worker"]

    def kill_worker(self) -> None:
        """End it, as a browser short of memory does."""
        (worker,) = self.workers
        self._session.send("Target.closeTarget", {"targetId": worker})

    def hang_worker(self) -> None:
        """Let it never come back from what it does."""
        (worker,) = self.workers
        self._send(worker, "Runtime.evaluate", expression="for (;;);")

    def crash(self, page: Page) -> None:
        """End a tab without a word."""
        about = page.context.new_cdp_session(page).send("Target.getTargetInfo")
        self._send(about["targetInfo"]["targetId"], "Page.crash")

    def _send(self, target: str, method: str, **params: Any) -> None:
        """Send what is never answered."""
        session = self._session.send("Target.attachToTarget", {"targetId": target})["sessionId"]
        message = json.dumps({"id": 1, "method": method, "params": params})
        self._session.send("Target.sendMessageToTarget", {"sessionId": session, "message": message})

"""A browser that stays open: it believes what it is told, and reads the board anew only when it is told to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flaskapp.live.hub import Hub
from tests.app import Browser

Row = dict[str, Any]


class Observer:
    """Keeps the state of every card as the stream tells it; ``load`` gives the rows of the board."""

    def __init__(self, hub: Hub, load: Callable[[], list[Row]]) -> None:
        self._browser, self._load = Browser(hub), load
        self.states = self._loaded()

    def listen(self) -> None:
        """Take in what was told since; often enough that the queue never overflows."""
        for told in self._browser.hears():
            event = told.event
            match event["type"]:
                case "request_created":
                    self.states[event["request_id"]] = event["state"]
                case "state_change":
                    assert self.states[event["request_id"]] == event["old_state"]
                    self.states[event["request_id"]] = event["new_state"]
                case "request_deleted":
                    del self.states[event["request_id"]]
                case "resync":
                    self.states = self._loaded()
                    return  # what was told since is on that board already

    def _loaded(self) -> dict[int, str]:
        return {row["id"]: row["state"] for row in self._load()}

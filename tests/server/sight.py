"""A page of somebody who is signed in, over all its connections to a real server."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Mapping
from contextlib import suppress

import requests

from tests.household import Page
from tests.server.reader import Reader

UNAUTHORIZED = 401


class Sight:
    """Reads in a thread of its own, leaves now and then, and comes back with the last id that it read.

    ``often``: it stays for about so many frames.
    """

    def __init__(self, url: str, headers: Mapping[str, str], path: str = "/events", often: int = 200) -> None:
        self.url, self.headers, self._path, self._often = url, dict(headers), path, often
        self.page = Page()
        self.connections = 0
        self.modes: set[str] = set()
        self.is_refused = False
        """It may not listen any more."""
        self.broken: list[BaseException] = []
        self._chance = random.Random(path)  # decides when it leaves
        self._is_over = threading.Event()
        self.cursor = ""
        if path == "/events":
            self.load()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def load(self) -> None:
        """Load the board."""
        html = requests.get(f"{self.url}/board", headers=self.headers, timeout=20).text
        self.page.load(html)
        self.cursor = re.findall(r'data-cursor="([^"]+)"', html)[0]

    @property
    def place(self) -> int:
        """Give the number of the newest change it knows of."""
        return int(self.cursor.rpartition(".")[2] or 0)

    def _watch(self) -> None:
        try:
            while not (self._is_over.is_set() or self.is_refused):
                self._visit()
        except BaseException as error:
            self.broken.append(error)
            raise

    def _visit(self) -> None:
        left = self._chance.randint(1, 2 * self._often)
        with Reader(self.url, self._path, cursor=self.cursor or None, headers=self.headers) as reader:
            self.is_refused = reader.response.status == UNAUTHORIZED
            if self.is_refused:
                return
            self.connections += 1
            with suppress(TimeoutError):
                for frame in reader:
                    self.cursor = reader.cursor or self.cursor
                    if frame["data"]["type"] == "connected":
                        self.modes.add(frame["data"]["mode"])
                    if self.page.take(frame["data"], self.place) and self._path == "/events":
                        self._reload()
                    left -= 1
                    if self._is_over.is_set() or left < 0:
                        return

    def _reload(self) -> None:
        before = self.cursor
        self.load()
        # The stream goes on where it was: what it still brings is no newer than the board.
        self.cursor = before

    def close(self) -> None:
        """Leave for good."""
        self._is_over.set()
        self._thread.join(20)
        assert self.broken == []

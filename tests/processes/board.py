"""A board of several processes, and browsers that watch each of them."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import requests

from tests.app import PAYLOADS
from tests.postgresql import connected
from tests.server.numbers import count_in
from tests.server.process import TOKEN, Server, wait_until
from tests.server.reader import Fields, Reader
from tests.server.seerr import seerr

MANY = "tests.processes.many:app"


class Watcher:
    """One browser that reads in a thread of its own, and comes back by its cursor when a stream ends."""

    def __init__(self, server: Server, cursor: str | None = None, reader: Reader | None = None) -> None:
        self.url, self.cursor = server.url, cursor
        self.ids: list[int] = []
        self.events: list[Fields] = []
        self._is_over = threading.Event()
        self._reader = reader or Reader(self.url, cursor=cursor, patience=5.0)
        self.worker = int(self._reader.response.headers["X-Worker"])
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._is_over.is_set():
            with suppress(OSError, AssertionError):
                self._read()
            self._reader.close()
            self._come_back()
        self._reader.close()  # it may have come back while it was told to leave

    def _read(self) -> None:
        for frame in self._reader:
            if self._is_over.is_set():
                return
            if frame.get("event") == "heartbeat":
                continue
            self.events.append(frame["data"])
            if "id" in frame and frame["data"]["type"] not in ("connected", "resync"):
                self.ids.append(int(frame["id"].rpartition(".")[2]))

    def _come_back(self) -> None:
        while not self._is_over.wait(0.2):
            with suppress(OSError):
                self._reader = Reader(self.url, cursor=self._reader.cursor, patience=5.0)
                return

    def close(self) -> None:
        """Leave."""
        self._is_over.set()
        self._thread.join(10)

    def types(self) -> list[str]:
        """Give the kinds of events it has read."""
        return [event["type"] for event in self.events]


class Board(Server):
    """Serves from as many processes as WEB_CONCURRENCY says."""

    @property
    def workers(self) -> list[int]:
        """The ids of the processes that serve."""
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def answers(self, path: str) -> dict[int, requests.Response]:
        """Give what each process answers; whichever accepts a connection does."""
        found: dict[int, requests.Response] = {}

        def ask() -> bool:
            answer = requests.get(f"{self.url}{path}", headers={"Connection": "close"}, timeout=10)
            found[int(answer.headers["X-Worker"])] = answer
            return set(self.workers) <= set(found)

        wait_until(ask, 30)
        return found

    def known(self) -> dict[int, Fields]:
        """Give what each process knows."""
        return {worker: answer.json() for worker, answer in self.answers("/known").items()}

    def counts(self, name: str) -> list[float]:
        """Give one number of each process, over all its labels together."""
        return [count_in(answer.text, name) for answer in self.answers("/metrics").values()]

    @property
    def asking(self) -> list[int]:
        """The processes that say they ask the services."""
        return [worker for worker, known in self.known().items() if known["is_asking"]]

    def watch_all(self) -> list[Watcher]:
        """Open one stream at each process."""
        readers: dict[int, Reader] = {}
        others: list[Reader] = []

        def is_complete() -> bool:
            # Whoever comes to a process that has one stays meanwhile: to take leave takes a moment.
            reader = Reader(self.url, patience=5.0)
            if readers.setdefault(int(reader.response.headers["X-Worker"]), reader) is not reader:
                others.append(reader)
            return set(self.workers) <= set(readers)

        wait_until(is_complete, 30)
        for other in others:
            other.close()
        return [Watcher(self, reader=reader) for reader in readers.values()]

    def newest(self) -> int:
        """Give the id of the newest change."""
        cursor: str = requests.get(f"{self.url}/api/requests?limit=1", timeout=10).json()["cursor"]
        return int(cursor.rpartition(".")[2])

    def changes(self, after: int) -> list[int]:
        """Give the ids of all changes after one, as the table has them."""
        with connected(self.env["DATABASE_URL"]) as connection:
            return [n for (n,) in connection.execute("SELECT id FROM change WHERE id > %s ORDER BY id", (after,))]

    def wait_for(self, watchers: Sequence[Watcher], seconds: float = 30.0) -> None:
        """Wait until all have read the newest change."""
        newest = self.newest()
        wait_until(lambda: all(newest in watcher.ids for watcher in watchers), seconds)

    def ask_for(self, numbers: Sequence[int]) -> list[int]:
        """Let Seerr tell of so many requests, eight at a time; give the status of each answer."""
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(self._ask_for, numbers))

    def _ask_for(self, number: int) -> int:
        return self.post("seerr", seerr("pending", number, f"Film {number} (1927)")).status_code

    def post(self, source: str, payload: Any) -> requests.Response:
        """Post a webhook on a connection of its own, whatever the answer."""
        headers = {"X-Api-Key": TOKEN, "Connection": "close"}
        return requests.post(f"{self.url}/webhooks/{source}", json=payload, headers=headers, timeout=20)

    def follow_a_download(self) -> None:
        """Let somebody ask for a film, and Radarr grab it."""
        for source, name in (("seerr", "media-pending-movie"), ("radarr", "grab-torrent")):
            body = json.loads((PAYLOADS / source / f"{name}.json").read_text(encoding="utf-8"))
            assert self.post(source, body).ok

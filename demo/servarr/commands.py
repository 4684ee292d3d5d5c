"""``/command``: what a person or a program tells Radarr or Sonarr to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import count
from typing import Any

from flask import Flask, abort, request

from demo.clock import to_second
from demo.servarr import sonarr
from demo.servarr.arr import Arr
from demo.servarr.model import Entry

STARTING, WORKING = 0.5, 1.5
"""Seconds until a command begins, and until it is done."""
Row = dict[str, Any]


@dataclass
class Command:
    """One order and how far it is."""

    id: int
    body: Row
    queued_at: datetime
    status: str = "queued"


class Commands:
    """The views over the orders of one Radarr or Sonarr."""

    def __init__(self, arr: Arr) -> None:
        self._arr, self._ids = arr, count(4021)
        self._commands: dict[int, Command] = {}
        self._actions: dict[str, Callable[[Row], None]] = {
            "MoviesSearch": self._search,
            "SeriesSearch": self._search,
            "SeasonSearch": self._search_season,
            "EpisodeSearch": self._search_episodes,
            "RefreshMovie": self._rescan,
            "RescanMovie": self._rescan,
            "RefreshSeries": self._rescan,
            "RescanSeries": self._rescan,
            "RefreshMonitoredDownloads": lambda body: self._arr.queue.refresh(),
        }

    def add_to(self, app: Flask, base: str) -> None:
        """Add the views."""
        app.add_url_rule(f"{base}/command", "order", self._order, methods=["POST"])
        app.add_url_rule(f"{base}/command/<int:id_>", "command", self._one)

    def _order(self) -> tuple[Row, int]:
        body = request.get_json()
        action = self._actions.get(body.get("name"))
        if action is None:
            return {"message": "Unknown command", "description": str(body.get("name"))}, 500
        command = Command(next(self._ids), body, self._arr.clock.now)
        self._commands[command.id] = command
        self._arr.clock.after(STARTING, partial(self._start, command, action))
        self._arr.clock.after(WORKING, partial(self._end, command))
        return self._show(command), 201

    def _start(self, command: Command, action: Callable[[Row], None]) -> None:
        command.status = "started"
        action(command.body)

    def _end(self, command: Command) -> None:
        command.status = "completed"

    def _one(self, id_: int) -> Row:
        return self._show(self._commands.get(id_) or abort(404))

    def _show(self, command: Command) -> Row:
        is_done = command.status == "completed"
        return {
            "name": command.body["name"],
            "body": {**command.body, "trigger": "manual", "sendUpdatesToClient": True},
            "priority": "normal",
            "status": command.status,
            "result": "successful" if is_done else "unknown",
            "queued": to_second(command.queued_at),
            "trigger": "manual",
            "sendUpdatesToClient": True,
            "id": command.id,
        }

    def _named(self, body: Row) -> list[Entry]:
        """Give the titles that an order names."""
        ids = [*body.get("movieIds", ()), *(body[name] for name in ("movieId", "seriesId") if name in body)]
        return [entry for id_ in ids if (entry := self._arr.entries.get(id_))]

    def _search(self, body: Row) -> None:
        for entry in self._named(body):
            self._arr.search.run(entry)

    def _search_season(self, body: Row) -> None:
        for entry in self._named(body):
            keys = [key for key in entry.keys(self._arr.search.today) if key[0] == body["seasonNumber"]]
            self._arr.search.run(entry, keys)

    def _search_episodes(self, body: Row) -> None:
        for entry in self._arr.entries.values():
            keys = [episode.key for episode in sonarr.series_of(entry).episodes]
            wanted = [key for key in keys if sonarr.episode_id(entry, key) in body["episodeIds"]]
            if wanted:
                self._arr.search.run(entry, wanted)

    def _rescan(self, body: Row) -> None:
        for entry in self._named(body):
            self._arr.rescan(entry)

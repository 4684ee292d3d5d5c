"""The whole board in this process: webhooks come in, loops are turned by hand, and the clock is that of a world."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from flask import Flask

from demo.jellyfin import api as jellyfin
from demo.mischief import Mischief, spoil
from demo.qbittorrent import api as qbittorrent
from demo.seerr import api as seerr
from demo.servarr.apps import create_radarr, create_sonarr
from demo.webhook import Webhook
from demo.world import World
from flaskapp.polling import backoff
from flaskapp.polling.checkups import Checkups
from flaskapp.polling.loop import LONGEST_WAIT, SHORTEST_WAIT, Loop
from flaskapp.views import webhooks
from tests.laws.observer import Observer
from tests.laws.rooms import Rooms
from tests.laws.wire import Wire

URL = "http://board.test"
NO_READERS = ("posters", "deliveries", "clock")
"""The loops that ask no service for facts; the clock is looked at once everything is read."""
SOON, STRIDE = timedelta(seconds=5), timedelta(seconds=155)
"""To ask every few seconds where nothing changes teaches nothing: three looks prove an absence."""


def services_of(world: World) -> dict[str, Callable[[], Flask]]:
    """Give how to make the services of a world, by the hosts that ``rooms`` name; they misbehave on demand."""
    makers: dict[str, Callable[[], Flask]] = {
        "seerr": partial(seerr.create_app, world),
        "radarr": partial(create_radarr, world),
        "radarr_4k": partial(create_radarr, world, world.radarr_4k),
        "sonarr": partial(create_sonarr, world),
        "sonarr_4k": partial(create_sonarr, world, world.sonarr_4k),
        "jellyfin": partial(jellyfin.create_app, world),
        "qbittorrent": partial(qbittorrent.create_app, world),
    }
    return {
        f"{name.replace('_', '-')}.test": partial(_spoiled, make, world.mischief[name]) for name, make in makers.items()
    }


def _spoiled(make: Callable[[], Flask], mischief: Mischief) -> Flask:
    return spoil(make(), mischief)


class Indignant(logging.Handler):
    """Fails where an error is logged: loops and webhooks survive a failure, the law does not."""

    def emit(self, record: logging.LogRecord) -> None:
        raise AssertionError(record.getMessage()) from (record.exc_info or (None, None))[1]


def _never_due(_checkups: Checkups, _now: datetime) -> float:
    return LONGEST_WAIT


class Board:
    """Serves one world. Nothing happens by itself: ``receive`` takes a webhook, ``turn`` lets what is due be asked."""

    EXAMINES = False
    """Whether it looks at how services are set up, which says nothing of titles."""

    def __init__(self, rooms: Rooms, world: World) -> None:
        self._rooms, self._world = rooms, world
        self.start()

    @classmethod
    @contextmanager
    def open(cls, rooms: Rooms, world: World) -> Iterator[Board]:
        """Move into empty rooms, with a line to the services of the world and its clock on the wall."""
        rooms.empty()
        wire = Wire(services_of(world))
        clock = SimpleNamespace(now=lambda _zone: world.clock.now)
        with (
            wire.plugged_in(),
            patch.object(webhooks, "datetime", clock),
            patch.object(Checkups, "tick", Checkups.tick if cls.EXAMINES else _never_due),
            # Pauses after failures are drawn: a failing world has to fail again.
            patch.object(backoff, "_DICE", random.Random(1)),
        ):
            indignant = Indignant(logging.ERROR)
            logging.getLogger("flaskapp").addHandler(indignant)
            try:
                yield cls(rooms, world)
            finally:
                logging.getLogger("flaskapp").removeHandler(indignant)

    def start(self) -> None:
        """Start, or start again over the same database: what was kept in memory is gone."""
        self.app: Flask = self._rooms.app()
        with self.app.app_context():
            self.app.extensions["announcer"].open()
        self._client = self.app.test_client()
        loops: dict[str, Loop] = {loop.name: loop for loop in self.app.extensions["background"].loops}
        readers = [loop for name, loop in loops.items() if name not in NO_READERS]
        self._due, self._clock = dict.fromkeys(readers, self._world.clock.now), loops["clock"]
        self._observer = Observer(self.app.extensions["hub"], self.requests)

    def receive(self, webhook: Webhook) -> int:
        """Take a webhook; give the status of the answer."""
        path = urlsplit(webhook.receiver.url).path
        answer = self._client.post(path, data=webhook.body, headers=dict(webhook.receiver.headers))
        self._observer.listen()
        return answer.status_code

    def turn(self) -> None:
        """Let every loop ask that is due at the world's time, or that was woken."""
        now, waker = self._world.clock.now, self.app.extensions["signals"].waker
        for loop in self._due:
            if self._due[loop] <= now or waker(loop.name).is_set():
                waker(loop.name).clear()
                pause = loop.turn(now)
                self._due[loop] = now + timedelta(seconds=min(max(pause, SHORTEST_WAIT), LONGEST_WAIT))
                self._observer.listen()

    def read_everything(self, seconds: float) -> None:
        """Let the loops ask for so long, in a world that stands still but for its clock."""
        end = self._world.clock.now + timedelta(seconds=seconds)
        while (following := self._following()) < end:
            self._set_clock(following)
            self.turn()
        self._set_clock(end)
        self._clock.turn(end)
        self._observer.listen()

    def _following(self) -> datetime:
        """Give when to turn next: what follows soon in its time, all else in strides that leave nothing out."""
        now, following = self._world.clock.now, min(self._due.values())
        return following if following - now <= SOON else max(following, now + STRIDE)

    def sleep(self, seconds: float) -> None:
        """Let time pass in which nobody asks anything."""
        self._set_clock(self._world.clock.now + timedelta(seconds=seconds))

    def _set_clock(self, at: datetime) -> None:
        self._world.clock.now = max(self._world.clock.now, at)

    def requests(self) -> list[dict[str, Any]]:
        """Give what the API tells of all requests."""
        answer = self._client.get("/api/requests?limit=500")
        rows: list[dict[str, Any]] = answer.get_json()["requests"]
        return rows

    @property
    def seen(self) -> dict[int, str]:
        """Give the states that a browser shows which was open all the time."""
        return self._observer.states

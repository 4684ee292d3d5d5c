"""A board and the services that it is joined to, all over real sockets, in the process of the test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.jellyfin.api import API_KEY as JELLYFIN_KEY
from demo.seerr.api import API_KEY as SEERR_KEY
from demo.servarr.api import API_KEY as SERVARR_KEY
from demo.servarr.arr import Arr
from demo.servarr.notification import Notification
from demo.stack import Stack
from demo.webhook import HttpPost
from demo.world import World
from flaskapp.extensions import db
from flaskapp.models import Delivery, WebhookToken
from flaskapp.setup import webhook
from flaskapp.setup.webhook import Problem, Webhook
from flaskapp.upstreams import Upstream
from tests.listening import listening

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class House:
    """``board`` is the address of the board, ``post`` what carries webhooks to it."""

    app: Flask
    world: World
    stack: Stack
    post: HttpPost
    board: str

    def upstream(self, source: str, instance: str = "") -> Upstream:
        """Give one of its services; the 4K ones are the instance ``4k``."""
        name = f"{source}_{instance}" if instance else source
        key = {"seerr": SEERR_KEY, "jellyfin": JELLYFIN_KEY}.get(source, SERVARR_KEY)
        label = f"{source.title()} {instance.upper()}".strip()
        return Upstream(source, instance or source, label, self.stack.urls[name], key)

    def inspect(self, upstream: Upstream, board: str | None = None) -> Webhook:
        with self.app.app_context():
            return webhook.inspect(upstream, self.board if board is None else board)

    def connect(self, upstream: Upstream, board: str = "") -> tuple[str, ...]:
        with self.app.app_context():
            return webhook.connect(upstream, board or self.board)

    def verify(self, upstream: Upstream) -> Problem | None:
        with self.app.app_context():
            return webhook.verify(upstream, self.board)

    def calls(self) -> list[tuple[str, str, str | None]]:
        """Give who called, as which instance and with what."""
        with self.app.app_context(), Session(db.engine) as session:
            rows = session.scalars(select(Delivery).order_by(Delivery.id)).all()
            return [(row.source, row.instance, row.kind) for row in rows]

    def tokens(self) -> list[tuple[str, bool]]:
        """Give the instance of each token there is, and whether its end is set."""
        with self.app.app_context(), Session(db.engine) as session:
            rows = session.scalars(select(WebhookToken).order_by(WebhookToken.id)).all()
            return [(row.instance, row.expires_at is not None) for row in rows]


@contextmanager
def house(app: Flask) -> Iterator[House]:
    """Open one whose services know nothing of the board yet."""
    post = HttpPost()
    world = World(NOON, post)
    stack = Stack(world)
    stack.start()
    try:
        with listening(app) as board:
            yield House(app, world, stack, post, board)
    finally:
        stack.stop()
        post.close()


def connection(arr: Arr, **changed: Any) -> Notification:
    """Add a connection as somebody may have made it: with all triggers, unless some are ``off``."""
    number = max(arr.notifications, default=0) + 1
    triggers = frozenset(arr.words.triggers) - set(changed.pop("off", ()))
    name, tags = changed.pop("name", f"Connection {number}"), changed.pop("tags", ())
    arr.notifications[number] = Notification(number, name, triggers, {"method": 1, **changed}, tags)
    return arr.notifications[number]

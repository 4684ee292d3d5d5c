"""Hub to hub across processes, over Redis. It is only a bell: the table is the truth, and is read whenever in doubt.

In doubt is who has just connected, who misses a change for 50 ms, who is told to look, and everybody once a second, for
a bell may be silent in more ways than one notices.
"""

from __future__ import annotations

import logging
import secrets
import time
from contextlib import closing
from typing import Any

import gevent
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.client import PubSub
from redis.retry import Retry
from sqlalchemy.exc import SQLAlchemyError

from flaskapp.live.announce import Announcer
from flaskapp.live.hub import Hub
from flaskapp.live.link import Link
from flaskapp.live.message import Envelope, Message, decode, encode
from flaskapp.live.outbox import Outbox
from flaskapp.live.report import take_report, write_report
from flaskapp.signals import Signals

logger = logging.getLogger(__name__)

SEND_TIMEOUT = 0.2
PATIENCE = 0.05
"""Seconds that a change may be missing before the table is asked for it."""
LOOK_EVERY = 1.0
"""Seconds between two looks at the table while the bell rings."""
LOOK_EVERY_UNLINKED = 0.25
"""Seconds between two looks, and between two tries to connect, while it does not."""
REPORT_EVERY = 0.25
REPEAT_EVERY = 5.0
"""Seconds after which what did not change is reported again: somebody may be new."""


def client(url: str, timeout: float) -> Redis:
    """Give a client that fails at once instead of trying again by itself; ``timeout`` in seconds."""
    return Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=SEND_TIMEOUT, retry=Retry(NoBackoff(), 0))


class Transport:
    """Tells other processes what this one publishes, and publishes what they tell; without an address nothing."""

    def __init__(self, url: str, hub: Hub, announcer: Announcer, outbox: Outbox, signals: Signals) -> None:
        self._url, self._hub, self._announcer = url, hub, announcer
        self.outbox, self._signals = outbox, signals
        self.links = {"tell": Link(), "hear": Link()} if url else {}
        self._name, self._number = secrets.token_hex(8), 0
        self._heard: dict[str, int] = {}
        self._report: tuple[dict[str, Any], float] = {}, 0.0
        self._is_stopped = False

    def start(self) -> None:
        """Tell and listen, each in a greenlet of its own: nobody who publishes ever waits for Redis."""
        if not self._url:
            return
        self.outbox.open()
        gevent.spawn(self._tell)
        gevent.spawn(self._listen)

    def stop(self) -> None:
        """Tell what waits, and end."""
        self._is_stopped = True

    @property
    def _channel(self) -> str:
        return f"arrivarr:{self._hub.epoch}"

    def _tell(self) -> None:
        link = self.links["tell"]
        with closing(client(self._url, SEND_TIMEOUT)) as redis:
            while not self._is_stopped:
                messages = self._with_report(self.outbox.take(REPORT_EVERY))
                try:
                    self._send(redis, messages)
                except (RedisError, OSError) as error:
                    if link.fall():
                        logger.warning("Other processes can't be told (%s); they read the table.", error)
                    gevent.sleep(LOOK_EVERY_UNLINKED)
                    self.outbox.forget()
                    self._report = {}, 0.0

    def _send(self, redis: Redis, messages: list[Message]) -> None:
        if not messages:
            return
        with redis.pipeline(transaction=False) as pipe:
            for message in messages:
                self._number += 1
                pipe.publish(self._channel, encode(Envelope(self._name, self._number, message)))
            pipe.execute()
        link = self.links["tell"]
        if not link.is_up:
            link.rise()
        for message in messages:
            link.carried(len(message.frames))

    def _with_report(self, messages: list[Message]) -> list[Message]:
        """Put a report before all else: a board that is loaded anew because of a service has to show it."""
        report, now = write_report(self._signals), time.monotonic()
        last, at = self._report
        is_due = report != last and now - at >= REPORT_EVERY
        if is_due or now - at >= REPEAT_EVERY or any(message.kind == "resync" for message in messages):
            self._report = report, now
            return [Message("report", report), *messages]
        return messages

    def _listen(self) -> None:
        link = self.links["hear"]
        while not self._is_stopped:
            try:
                # Longer than any wait of ours for a message, or silence would count as a failure.
                with (
                    closing(client(self._url, LOOK_EVERY + 5)) as redis,
                    closing(PubSub(redis.connection_pool)) as pubsub,
                ):
                    pubsub.subscribe(self._channel)
                    self._follow(pubsub)
            except (RedisError, OSError) as error:
                if link.fall():
                    logger.warning("Other processes can't be heard (%s); the table is read instead.", error)
                if not self._signals.is_asking:
                    self._signals.ticks = {}  # nobody says so, but the loops elsewhere may well live
                self._look()
                gevent.sleep(LOOK_EVERY_UNLINKED)

    def _follow(self, pubsub: PubSub) -> None:
        looked_at = 0.0
        while not self._is_stopped:
            waited = self._announcer.order.waited
            is_doubtful = waited is not None and waited >= PATIENCE
            if is_doubtful or time.monotonic() - looked_at >= LOOK_EVERY:
                self._look()
                looked_at = time.monotonic()
            heard = pubsub.get_message(timeout=LOOK_EVERY if waited is None else PATIENCE)
            if heard is None:
                continue
            if heard["type"] == "message":
                self._take(heard["data"])
            else:
                self.links["hear"].rise()
                self._look()  # the client connects anew by itself and says so only by this

    def _look(self) -> None:
        try:
            self._announcer.catch_up()
        except SQLAlchemyError as error:
            logger.warning("The table can't be read (%s).", type(error).__name__)

    def _take(self, data: bytes) -> None:
        try:
            envelope = decode(data)
            if envelope.sender != self._name and envelope.number > self._heard.get(envelope.sender, 0):
                self._heard[envelope.sender] = envelope.number
                self.links["hear"].carried(len(envelope.message.frames))
                self.do(envelope.message, envelope.sender)
        except (ValueError, LookupError, TypeError):
            logger.warning("Something came over Redis that is no message of this version.")

    def do(self, message: Message, sender: str) -> None:
        """Take what another process told."""
        fields = message.fields
        match message.kind:
            case "changes":
                self._announcer.order.changes(fields["after"], message.frames)
            case "progress":
                self._announcer.order.progress(fields["turn"], message.frames)
            case "resync":
                self._hub.resync(fields["reason"], fields["head"])
            case "report":
                take_report(fields, sender, self._signals)
            case "look":
                self._look()

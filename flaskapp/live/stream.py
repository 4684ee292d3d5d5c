"""The life of one stream, from its greeting to its bye. It reads no database and no request."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from gevent import get_hub

from flaskapp.live import events, sse
from flaskapp.live.batch import Batch, Frame
from flaskapp.live.hub import Hub, new_retry
from flaskapp.live.sockets import Connection
from flaskapp.live.subscriber import Subscriber

logger = logging.getLogger(__name__)

SPREAD = 0.2
"""Streams that began together do not end together."""


def greeting(hub: Hub, subscriber: Subscriber, missed: Sequence[Frame] | None) -> bytes:
    """Write the first bytes: ``connected``, then what a browser missed, None being more than can be replayed."""
    mode: events.Mode = "resync" if missed is None else "replay" if missed else "live"
    hub.meter.connects[mode] += 1
    hub.meter.replayed += len(missed or ())
    # Only who has everything may take this for a cursor: cut short, the others have to ask again.
    n = subscriber.seen if mode == "live" else None
    event = events.connected(mode, hub.heartbeat, subscriber.viewer.audience.word)
    connected = sse.encode(event, epoch=hub.epoch, n=n, retry=new_retry())
    return b"".join([connected, *(frame.data for frame in missed or ())])


class Stream:
    """The body of one answer: whole frames in each piece, joined from all that waits. It has to be closed."""

    __slots__ = ("_alarm", "_connection", "_ends_at", "_first", "_hub", "_subscriber", "_wrote_at")

    def __init__(self, hub: Hub, subscriber: Subscriber, first: bytes) -> None:
        self._hub, self._subscriber, self._first = hub, subscriber, first
        self._connection: Connection | None = None
        self._wrote_at = time.monotonic()
        self._ends_at = self._wrote_at + hub.limits.lifetime * random.uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311
        self._alarm: Any = None

    def ride(self, sock: Any, head: bytes) -> Callable[[bytes], None]:
        """Take a connection that speaks plain HTTP/1.1, and greet; give what writes a chunk to it.

        Whoever iterates holds the last piece, so the greeting, which is nobody else's, is written here.
        """
        self._connection = Connection(sock, self._hub.peers, self._subscriber)
        self._connection.send(head + self._piece(self._greeting()))
        return self._connection.send

    def __iter__(self) -> Iterator[bytes]:
        """Give what one browser reads; others work while nothing is there to be read."""
        try:
            if self._connection is None:
                yield self._piece(self._greeting())
            self._set_alarm()
            while not self._subscriber.is_over:
                self._wait()
                if self._subscriber.rest:
                    rest, self._subscriber.rest = self._subscriber.rest, b""
                    yield rest
                waited, batch = self._subscriber.depth, self._subscriber.take()
                if batch.frames:
                    yield self._piece(batch)
                    self._count(batch, waited)
        except Exception:
            logger.exception("A stream broke")
            yield self._piece(Batch([Frame(self._hub.bye("error"))], self._wrote_at))

    def _greeting(self) -> Batch:
        first, self._first = self._first, b""
        return Batch([Frame(first)], self._wrote_at)

    def _wait(self) -> None:
        if self._connection is not None:
            self._hub.offer(self._subscriber, self._connection.try_send)
        self._subscriber.wait()

    def _count(self, batch: Batch, waited: int) -> None:
        self._wrote_at = time.monotonic()
        self._hub.meter.written(batch, self._wrote_at)
        if waited > len(batch.frames):
            self._hub.meter.coalesced += waited - len(batch.frames)

    def _piece(self, batch: Batch) -> bytes:
        return batch.data if self._connection is None else batch.chunk

    def _set_alarm(self) -> None:
        due = min(self._ends_at, self._last_word_at() + self._hub.heartbeat)
        self._alarm = get_hub().loop.timer(max(0.0, due - time.monotonic()))
        self._alarm.start(self._look)

    def _last_word_at(self) -> float:
        # What leaves goes to all who see all.
        sees_all = self._subscriber.viewer.audience.sees_all
        return max(self._wrote_at, self._hub.flushed_at if sees_all else self._subscriber.served_at)

    def _look(self) -> None:
        """Break the silence, or part when the time is over."""
        self._alarm.close()
        hub, now = self._hub, time.monotonic()
        if now >= self._ends_at:
            hub.end(self._subscriber, "rotation")
            return
        if now - self._last_word_at() >= hub.heartbeat:
            self._wrote_at = now
            hub.tell(self._subscriber, _heartbeat(hub.epoch, max(hub.head, self._subscriber.seen)))
        self._set_alarm()

    def close(self) -> None:
        """Leave the hub; twice is no mistake."""
        if self._alarm is not None:
            self._alarm.close()
            self._alarm = None
        self._hub.unsubscribe(self._subscriber)
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@lru_cache(maxsize=8)
def _heartbeat(epoch: str, n: int) -> Frame:
    """Encode once for all who are silent; the id moves the cursor also of those who get nothing else."""
    return Frame(sse.encode(events.heartbeat(), epoch=epoch, n=n, name="heartbeat"))

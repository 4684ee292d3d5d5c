"""The life of one stream, from its greeting to its bye. It reads no database and no request."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from flaskapp.live import events, sse
from flaskapp.live.hub import Frame, Hub, Subscriber, new_retry

logger = logging.getLogger(__name__)

SPREAD = 0.2
"""Streams that began together do not end together."""


def greeting(hub: Hub, subscriber: Subscriber, missed: Sequence[Frame] | None) -> bytes:
    """Write the first bytes: ``connected``, then what a browser missed, None being more than can be replayed."""
    mode: events.Mode = "resync" if missed is None else "replay" if missed else "live"
    # Only who has everything may take this for a cursor: cut short, the others have to ask again.
    n = subscriber.seen if mode == "live" else None
    connected = sse.encode(events.connected(mode, hub.heartbeat), epoch=hub.epoch, n=n, retry=new_retry())
    return b"".join([connected, *(frame.data for frame in missed or ())])


def stream(
    hub: Hub, subscriber: Subscriber, first: bytes, clock: Callable[[], float] = time.monotonic
) -> Iterator[bytes]:
    """Yield what one browser reads, whole frames in each piece."""
    ends_at = clock() + hub.limits.lifetime * random.uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311  # no secret
    try:
        yield first
        while not subscriber.is_over:
            yield from _step(hub, subscriber, ends_at - clock())
    except Exception:
        logger.exception("A stream broke")
        yield hub.bye("error")


def _step(hub: Hub, subscriber: Subscriber, left: float) -> Iterator[bytes]:
    if left <= 0:
        subscriber.end(hub.bye("rotation"))
    data = subscriber.take(max(0, min(left, hub.heartbeat)))
    if data:
        yield data
    elif left > hub.heartbeat and not subscriber.is_over:
        yield _heartbeat(hub.epoch, max(hub.head, subscriber.seen))


@lru_cache(maxsize=8)
def _heartbeat(epoch: str, n: int) -> bytes:
    """Encode once for all who are silent; the id moves the cursor also of those who get nothing else."""
    return sse.encode(events.heartbeat(), epoch=epoch, n=n, name="heartbeat")

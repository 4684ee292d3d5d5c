"""Write to idle browsers without waking anybody: the shortest way from an event to a socket.

Only a stream that has written all it had, and waits, is offered here. What its socket does not take at once goes the
ordinary way: the stream wakes and writes the rest, and until it waits again everything queues up for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from flaskapp.domain.audience import EVERYBODY, Audience
from flaskapp.live.batch import Batch
from flaskapp.live.subscriber import Subscriber

TrySend = Callable[[bytes], int]
"""Write what fits at once; gives the number of bytes, BlockingIOError when nothing fits."""


@dataclass
class Outcome:
    """What became of one batch; who is not named here still has to get all of it."""

    served: set[Subscriber]
    """These have it all."""
    owed: list[Subscriber] = field(default_factory=list)
    """These got a part; the rest waits with each of them."""
    gone: list[Subscriber] = field(default_factory=list)
    """Nobody is there any more."""


class WriteThrough:
    """The connections that are idle now, those together who see the same."""

    def __init__(self) -> None:
        self._idle: dict[Audience, dict[Subscriber, TrySend]] = {EVERYBODY: {}}

    def offer(self, subscriber: Subscriber, try_send: TrySend) -> None:
        """Take over a connection on which nothing is in flight."""
        self._idle.setdefault(subscriber.viewer.audience, {})[subscriber] = try_send

    def withdraw(self, subscriber: Subscriber) -> None:
        """Leave a connection to its stream again."""
        audience = subscriber.viewer.audience
        idle = self._idle.get(audience, {})
        idle.pop(subscriber, None)
        if not idle and not audience.sees_all:
            self._idle.pop(audience, None)

    def write(self, batch: Batch) -> Iterator[tuple[Batch, Outcome]]:
        """Send what each may see of a batch to all who are idle; who does not take all of it is idle no more."""
        for audience, idle in list(self._idle.items()):
            seen = batch.seen_by(audience)
            if seen.frames:
                yield seen, _write(seen.chunk, idle)
                if not audience.sees_all:
                    now = time.monotonic()
                    for subscriber in idle:
                        subscriber.served_at = now


def _write(chunk: bytes, idle: dict[Subscriber, TrySend]) -> Outcome:
    size = len(chunk)
    failed: list[tuple[Subscriber, int | None]] = []
    for subscriber, try_send in idle.items():
        try:
            sent = try_send(chunk)
        except BlockingIOError:
            failed.append((subscriber, 0))
        except OSError:
            failed.append((subscriber, None))
        else:
            if sent != size:
                failed.append((subscriber, sent))
    for subscriber, _ in failed:
        del idle[subscriber]
    return _judge(set(idle), failed, chunk)


def _judge(served: set[Subscriber], failed: list[tuple[Subscriber, int | None]], chunk: bytes) -> Outcome:
    outcome = Outcome(served)
    for subscriber, sent in failed:
        if sent is None:
            outcome.gone.append(subscriber)
        elif sent > 0:
            subscriber.rest = chunk[sent:]
            outcome.owed.append(subscriber)
    return outcome

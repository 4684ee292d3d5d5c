"""What waits to be told to other processes."""

from __future__ import annotations

from gevent.event import Event

from flaskapp.live.message import Message

LOOK = Message("look")
MOST = 1000
"""So many messages wait; beyond, the others read the table."""


class Outbox:
    """Takes messages without waiting; where nobody collects them, it keeps none."""

    def __init__(self) -> None:
        self._waiting: list[Message] = []
        self._something = Event()
        self._is_collected = False

    def open(self) -> None:
        """Begin to keep messages: somebody collects them from now on."""
        self._is_collected = True

    def put(self, message: Message) -> None:
        """Let a message wait."""
        if not self._is_collected:
            return
        if len(self._waiting) >= MOST:
            self.forget()
        else:
            self._waiting.append(message)
        self._something.set()

    def forget(self) -> None:
        """Drop what waits: it could not be told in time."""
        self._waiting = [LOOK]

    def take(self, timeout: float) -> list[Message]:
        """Wait for messages, for so many seconds at most, and give all there are."""
        self._something.wait(timeout)
        self._something.clear()
        messages, self._waiting = self._waiting, []
        return messages

"""The queue: a snapshot that is taken once a minute and soon after something happened."""

from __future__ import annotations

from dataclasses import dataclass

from demo.servarr.books import Books
from demo.servarr.clients import Clients, Progress
from demo.servarr.model import Grab

REFRESHING, SETTLING = 60.0, 5.0
"""Seconds between two snapshots, and from a grab or an import to the next."""


@dataclass(frozen=True)
class QueueItem:
    """One download as the snapshot has it."""

    grab: Grab
    progress: Progress
    stage: str
    messages: tuple[str, ...]

    @property
    def is_warned(self) -> bool:
        """Tell whether a person should look."""
        return bool(self.messages)


class Queue:
    """Shows what was there when it last looked; what is imported, failed or removed since is left out."""

    def __init__(self, books: Books, clients: Clients) -> None:
        self._books, self._clients = books, clients
        self._items: tuple[QueueItem, ...] = ()
        self._look_every_minute()

    def _look_every_minute(self) -> None:
        self.refresh()
        self._books.clock.after(REFRESHING, self._look_every_minute)

    def refresh(self) -> None:
        """Look now; a client that can't be reached or does not list a download any more has no row."""
        seen = ((grab, self._clients.look(grab.release)) for grab in self._books.grabs.values() if grab.is_open)
        self._items = tuple(
            QueueItem(grab, progress, grab.stage, grab.messages) for grab, progress in seen if progress is not None
        )

    def refresh_soon(self) -> None:
        """Look when what has just happened has settled."""
        self._books.clock.after(SETTLING, self.refresh)

    def empty(self) -> None:
        """Know nothing, as just after a start."""
        self._items = ()

    def items(self) -> list[QueueItem]:
        """Give the snapshot."""
        grabs = self._books.grabs
        return [item for item in self._items if item.grab.is_open and grabs.get(item.grab.release.hash) is item.grab]

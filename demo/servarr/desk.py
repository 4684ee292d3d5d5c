"""What those who work for one Radarr or Sonarr have before them."""

from __future__ import annotations

from dataclasses import dataclass

from demo.calendar import Calendar
from demo.clock import Clock
from demo.disks import Disks
from demo.servarr.books import Books
from demo.servarr.clients import Clients
from demo.servarr.mail import Mail
from demo.servarr.queue import Queue
from demo.servarr.words import Words
from demo.webhook import Post


@dataclass(frozen=True)
class House:
    """What all of them share."""

    clock: Clock
    calendar: Calendar
    disks: Disks
    clients: Clients
    post: Post


@dataclass(frozen=True)
class Desk:
    """What is one's own, and the house."""

    words: Words
    books: Books
    mail: Mail
    queue: Queue
    house: House

    @property
    def clock(self) -> Clock:
        """Give the clock."""
        return self.house.clock

    @property
    def clients(self) -> Clients:
        """Give the download clients."""
        return self.house.clients

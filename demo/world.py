"""The whole world: all services, wired as in a house, and one clock."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime

from demo.calendar import Calendar
from demo.clock import Clock
from demo.disks import Disk, Disks
from demo.jellyfin.accounts import User
from demo.jellyfin.model import Jellyfin, item_id
from demo.mischief import Mischief
from demo.posters import Gallery
from demo.qbittorrent.model import Qbittorrent
from demo.sabnzbd.model import Sabnzbd
from demo.seerr.model import Person, Seerr, Servers
from demo.servarr.arr import Arr
from demo.servarr.clients import Clients
from demo.servarr.desk import House
from demo.servarr.notification import Notification, webhook_resource
from demo.servarr.radarr import RadarrWords
from demo.servarr.sonarr import SonarrWords
from demo.webhook import Post, Receiver

SERVICES = ("seerr", "radarr", "sonarr", "radarr_4k", "sonarr_4k", "jellyfin", "qbittorrent")
"""What can be asked."""
INSTANCES = ("", "4k")
TICK = 0.5
"""Seconds between two looks that the services take at each other."""


def _person(id_: int, name: str, *, is_trusted: bool = False) -> Person:
    return Person(id_, name, item_id(f"user {name}"), is_trusted)


PEOPLE = {
    "anna": _person(2, "Anna"),
    "ben": _person(3, "Ben"),
    "chiara": _person(4, "Chiara", is_trusted=True),
    "noor": _person(5, "Noor"),
}
ADMIN = User(item_id("user curator"), "curator", "arrivals", is_admin=True)


class World:
    """Everything that the services know and do. Whoever looks or acts from another thread holds ``lock``."""

    def __init__(self, now: datetime, post: Post) -> None:
        self.lock = threading.RLock()
        self.clock = Clock(now)
        self.gallery = Gallery()
        self.calls: Counter[str] = Counter()
        """How often each address was asked for; they begin with the name of the service."""
        self.mischief = {name: Mischief() for name in SERVICES}
        self.calendar, self.disks = Calendar(self.clock), Disks(Disk("/downloads"), Disk("/library"))
        self.qbittorrent, self.sabnzbd = Qbittorrent(self.clock, self.disks.downloads), Sabnzbd()
        self.clients = Clients(self.qbittorrent, self.sabnzbd)
        house = House(self.clock, self.calendar, self.disks, self.clients, post)
        self.radarr, self.radarr_4k = (Arr(RadarrWords(self.gallery, self.calendar, name), house) for name in INSTANCES)
        self.sonarr, self.sonarr_4k = (Arr(SonarrWords(self.gallery, self.clock, name), house) for name in INSTANCES)
        users = tuple(User(person.jellyfin_id, person.name, person.name.lower()) for person in PEOPLE.values())
        self.jellyfin = Jellyfin(self.clock, post, (ADMIN, *users))
        servers = Servers(self.radarr, self.sonarr, self.radarr_4k, self.sonarr_4k)
        self.seerr = Seerr(self.clock, post, self.jellyfin, servers, self.gallery)
        for arr in self.arrs.values():
            arr.on_file.append(self.jellyfin.find)
            arr.on_loss.append(self.jellyfin.lose)
        self.jellyfin.on_change.append(self.seerr.notice)

    @property
    def arrs(self) -> dict[str, Arr]:
        """Give each Radarr and Sonarr by the end of the address that its webhooks go to."""
        return {
            "radarr": self.radarr,
            "sonarr": self.sonarr,
            "radarr/4k": self.radarr_4k,
            "sonarr/4k": self.sonarr_4k,
        }

    def connect(self, url: str, token: str) -> None:
        """Point the webhooks of all services at a board."""
        headers = {"Authorization": f"Bearer {token}"}
        self.seerr.connect(Receiver(f"{url}/webhooks/seerr", headers))
        self.jellyfin.receiver = Receiver(f"{url}/webhooks/jellyfin", headers)
        for end, arr in self.arrs.items():
            address = f"{url}/webhooks/{end}"
            resource = webhook_resource("Arrivarr", address, token, arr.words.triggers)
            arr.notifications[1] = Notification.from_resource(1, resource)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        with self.lock:
            whole, rest = divmod(seconds, TICK)
            for step in [TICK] * int(whole) + [rest] * bool(rest):
                self._tick(step)

    def _tick(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.qbittorrent.flow(seconds)
        self.sabnzbd.flow(seconds)
        for arr in self.arrs.values():
            arr.check()

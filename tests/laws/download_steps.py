"""The part of the language that speaks of releases and downloads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from demo.qbittorrent.model import Torrent
from demo.releases import Offer, episode_release, film_release, season_pack
from demo.servarr.model import TORRENT, Key, Release
from demo.titles import Series
from demo.world import World
from tests.laws.steps import Step


@dataclass(frozen=True)
class Offered(Step):
    """The indexer has a release. ``keys`` are episodes, of a whole season a pack; a film has none."""

    quality: str
    seconds: int
    group: str
    protocol: str = TORRENT
    clear: bool = True
    keys: tuple[Key, ...] = ()

    def release(self) -> Release:
        """Give the release."""
        offer = Offer(self.quality, 4, self.seconds, self.group, self.clear, self.protocol)
        title = self.film
        if not isinstance(title, Series):
            return film_release(title, offer)
        if len(self.keys) > 1:
            return season_pack(title, self.keys[0][0], offer)
        return episode_release(title, self.keys[0], offer)

    def act(self, world: World) -> None:
        self.arr(world).publish(self.film, self.release())


@dataclass(frozen=True)
class Searched(Step):
    """Somebody presses Search."""

    def act(self, world: World) -> None:
        for entry in self.entry(world):
            self.arr(world).search.run(entry)


@dataclass(frozen=True)
class Delayed(Step):
    """A delay profile holds releases back from now on; 0: not any more."""

    seconds: int

    def act(self, world: World) -> None:
        self.arr(world).search.delay = self.seconds


@dataclass(frozen=True)
class Refusing(Step):
    """Seerr can't reach Radarr or Sonarr from now on, or can again."""

    is_accepting: bool

    def act(self, world: World) -> None:
        self.arr(world).is_accepting = self.is_accepting


@dataclass(frozen=True)
class Seeded(Step):
    """Its torrents get so many seeds."""

    seeds: int

    def act(self, world: World) -> None:
        for torrent in self.torrents(world):
            torrent.seeds = self.seeds


CONDITIONS: dict[str, Callable[[Torrent], None]] = {
    "broken": lambda torrent: setattr(torrent, "is_broken", True),
    "stopped": lambda torrent: setattr(torrent, "is_stopped", True),
    "moving": lambda torrent: setattr(torrent, "is_moving", True),
    "checking": lambda torrent: setattr(torrent, "is_checking", True),
    "missing files": lambda torrent: setattr(torrent, "is_missing_files", True),
}


@dataclass(frozen=True)
class TorrentIs(Step):
    """Its torrents come into one of the ``CONDITIONS``."""

    condition: str

    def act(self, world: World) -> None:
        for torrent in self.torrents(world):
            CONDITIONS[self.condition](torrent)


@dataclass(frozen=True)
class JobIs(Step):
    """Its usenet downloads are damaged, or stopped."""

    is_damaged: bool

    def act(self, world: World) -> None:
        for grab in self.grabs(world):
            job = world.sabnzbd.jobs.get(grab.release.download_id)
            if job is not None:
                job.is_damaged, job.is_paused = self.is_damaged, not self.is_damaged


@dataclass(frozen=True)
class Vanished(Step):
    """Somebody removes its downloads in the client."""

    def act(self, world: World) -> None:
        for grab in self.grabs(world):
            world.clients.of(grab.release).remove(grab.release)


@dataclass(frozen=True)
class QueueLeft(Step):
    """The admin takes its downloads out of the queue: ``failed``, ``ignored`` or ``removed``."""

    how: str

    def act(self, world: World) -> None:
        for grab in self.grabs(world):
            self.arr(world).downloads.remove(grab, blocklist=self.how == "failed", keep=self.how == "ignored")


@dataclass(frozen=True)
class ImportedByHand(Step):
    """The admin imports what was blocked."""

    def act(self, world: World) -> None:
        for grab in self.grabs(world):
            if grab.stage == "importBlocked":
                self.arr(world).import_now(grab)


@dataclass(frozen=True)
class PathIs(Step):
    """Radarr or Sonarr can't reach the files of its client, or can again."""

    wrong: bool

    def act(self, world: World) -> None:
        self.arr(world).downloads.is_path_wrong = self.wrong

"""A small language for what people and chance do to a world; a step that finds nothing to do does nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from demo.qbittorrent.model import Torrent
from demo.releases import Offer, episode_release, film_release, season_pack
from demo.seerr.model import FAILED, PENDING, Ask
from demo.servarr.arr import Arr
from demo.servarr.model import Grab, Key, MediaFile, Release
from demo.titles import TITLES, Film, Series
from demo.world import PEOPLE, World


@dataclass(frozen=True)
class Step(ABC):
    """Something that happens to a title, which is named by its slug."""

    title: str

    @abstractmethod
    def act(self, world: World) -> None:
        """Let it happen."""

    @property
    def film(self) -> Film:
        """Give the film or series."""
        return TITLES[self.title]

    def arr(self, world: World) -> Arr:
        """Give the Radarr or Sonarr that has it."""
        return world.seerr.arr_of(self.film)

    def asks(self, world: World, *statuses: int) -> list[Ask]:
        """Give its requests in one of these states."""
        return [ask for ask in world.seerr.requests.values() if ask.title == self.film and ask.status in statuses]

    def grabs(self, world: World) -> list[Grab]:
        """Give what was grabbed for it and is not done."""
        return [grab for grab in self.arr(world).grabs.values() if grab.entry.title == self.film and grab.is_open]

    def torrents(self, world: World) -> Iterator[Torrent]:
        """Give its open downloads in the client."""
        known = world.qbittorrent.torrents
        return (known[grab.release.hash] for grab in self.grabs(world) if grab.release.hash in known)

    def files(self, world: World) -> list[MediaFile]:
        """Give its files."""
        return [file for file in self.arr(world).files.values() if file.entry.title == self.film]


@dataclass(frozen=True)
class Wait:
    """Nothing happens but time."""

    seconds: int


@dataclass(frozen=True)
class Asked(Step):
    """Somebody asks; Chiara is trusted and needs no approval."""

    person: str
    seasons: tuple[int, ...] = ()

    def act(self, world: World) -> None:
        world.seerr.ask(self.film, PEOPLE[self.person], self.seasons)


@dataclass(frozen=True)
class Approved(Step):
    """The admin approves what waits, or tries again what failed."""

    def act(self, world: World) -> None:
        for ask in self.asks(world, PENDING, FAILED):
            world.seerr.approve(ask)


@dataclass(frozen=True)
class Declined(Step):
    def act(self, world: World) -> None:
        for ask in self.asks(world, PENDING):
            world.seerr.decline(ask)


@dataclass(frozen=True)
class RequestDeleted(Step):
    """Somebody takes the newest request back, of which nobody is told."""

    def act(self, world: World) -> None:
        for ask in [ask for ask in world.seerr.requests.values() if ask.title == self.film][-1:]:
            world.seerr.delete(ask)


@dataclass(frozen=True)
class Refusing(Step):
    """Radarr or Sonarr can't be reached by Seerr from now on, or can again."""

    is_accepting: bool

    def act(self, world: World) -> None:
        self.arr(world).is_accepting = self.is_accepting


@dataclass(frozen=True)
class Offered(Step):
    """The indexer has a release. ``keys`` are episodes: a whole season is a pack; none: the film."""

    quality: str
    seconds: int
    group: str
    keys: tuple[Key, ...] = ()
    clear: bool = True

    def release(self) -> Release:
        """Give the release."""
        offer = Offer(self.quality, 4, self.seconds, self.group, self.clear)
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
        entry = self.arr(world).entry_of(self.film)
        if entry is not None:
            self.arr(world).search(entry)


@dataclass(frozen=True)
class Broken(Step):
    """Its downloads break in the client."""

    def act(self, world: World) -> None:
        for torrent in self.torrents(world):
            torrent.is_broken = not torrent.is_complete


@dataclass(frozen=True)
class Seeded(Step):
    """Its downloads get so many seeds."""

    seeds: int

    def act(self, world: World) -> None:
        for torrent in self.torrents(world):
            torrent.seeds = self.seeds


@dataclass(frozen=True)
class Stopped(Step):
    """Somebody pauses its downloads."""

    def act(self, world: World) -> None:
        for torrent in self.torrents(world):
            torrent.is_stopped = True


@dataclass(frozen=True)
class TorrentRemoved(Step):
    """Somebody removes its downloads in the client."""

    def act(self, world: World) -> None:
        for torrent in list(self.torrents(world)):
            world.qbittorrent.remove(torrent.hash)


@dataclass(frozen=True)
class ImportedByHand(Step):
    """The admin imports what was blocked."""

    def act(self, world: World) -> None:
        for grab in self.grabs(world):
            if grab.stage == "importBlocked":
                self.arr(world).import_now(grab)


@dataclass(frozen=True)
class FileDeleted(Step):
    """One file goes: ``manual`` or ``missingFromDisk``."""

    reason: str

    def act(self, world: World) -> None:
        for file in self.files(world)[:1]:
            self.arr(world).delete_file(file, self.reason)


@dataclass(frozen=True)
class TitleDeleted(Step):
    """The admin deletes it in Radarr or Sonarr, with its files."""

    def act(self, world: World) -> None:
        entry = self.arr(world).entry_of(self.film)
        if entry is not None:
            self.arr(world).delete(entry)

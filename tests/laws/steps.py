"""A small language for what people and chance do to a world; a step that finds nothing to do does nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from demo.jellyfin.model import LibraryItem
from demo.qbittorrent.model import Torrent
from demo.seerr.model import APPROVED, FAILED, PENDING, Ask
from demo.servarr.arr import Arr
from demo.servarr.model import Entry, Grab, MediaFile
from demo.titles import TITLES, Film
from demo.world import PEOPLE, World

FOUR_K = " 4K"


@dataclass(frozen=True)
class Wait:
    """Nothing happens but time."""

    seconds: int


@dataclass(frozen=True)
class Step(ABC):
    """Something that happens to a title: ``metropolis``, or ``metropolis 4K`` in the other Radarr."""

    title: str

    @abstractmethod
    def act(self, world: World) -> None:
        """Let it happen."""

    @property
    def is_4k(self) -> bool:
        """Tell which quality it is about."""
        return self.title.endswith(FOUR_K)

    @property
    def film(self) -> Film:
        """Give the film or series."""
        return TITLES[self.title.removesuffix(FOUR_K)]

    def arr(self, world: World) -> Arr:
        """Give the Radarr or Sonarr that has it."""
        return world.seerr.arr_of(self.film, is_4k=self.is_4k)

    def entry(self, world: World) -> Iterator[Entry]:
        """Give its entry, if it has one."""
        entry = self.arr(world).entry_of(self.film)
        return iter([entry] if entry else [])

    def asks(self, world: World) -> list[Ask]:
        """Give its requests, the newest last."""
        asks = world.seerr.requests.values()
        return [ask for ask in asks if ask.title == self.film and ask.is_4k == self.is_4k]

    def grabs(self, world: World) -> list[Grab]:
        """Give what was grabbed for it and is not done."""
        return [grab for grab in self.arr(world).grabs.values() if grab.entry.title == self.film and grab.is_open]

    def torrents(self, world: World) -> list[Torrent]:
        """Give its open downloads in qBittorrent."""
        known = world.qbittorrent.torrents
        return [known[grab.release.hash] for grab in self.grabs(world) if grab.release.hash in known]

    def files(self, world: World) -> list[MediaFile]:
        """Give its files."""
        return [file for file in self.arr(world).files.values() if file.entry.title == self.film]

    def shown(self, world: World) -> Iterator[LibraryItem]:
        """Give what Jellyfin shows of its first file."""
        items = (world.jellyfin.item_of(file) for file in self.files(world))
        return (item for item in list(items)[:1] if item)


@dataclass(frozen=True)
class Asked(Step):
    """Somebody asks; Chiara is trusted and needs no approval."""

    person: str
    seasons: tuple[int, ...] = ()

    def act(self, world: World) -> None:
        world.seerr.ask(self.film, PEOPLE[self.person], self.seasons, is_4k=self.is_4k)


@dataclass(frozen=True)
class Approved(Step):
    """The admin approves what waits, or tries again what failed."""

    def act(self, world: World) -> None:
        for ask in self.asks(world):
            if ask.status in (PENDING, FAILED):
                world.seerr.approve(ask)


@dataclass(frozen=True)
class Declined(Step):
    """The admin says no."""

    def act(self, world: World) -> None:
        for ask in self.asks(world):
            if ask.status == PENDING:
                world.seerr.decline(ask)


@dataclass(frozen=True)
class Pended(Step):
    """The admin thinks again."""

    def act(self, world: World) -> None:
        for ask in self.asks(world):
            if ask.status == APPROVED:
                world.seerr.pend(ask)


@dataclass(frozen=True)
class RequestDeleted(Step):
    """Somebody takes the newest request back."""

    def act(self, world: World) -> None:
        for ask in self.asks(world)[-1:]:
            world.seerr.delete(ask)


@dataclass(frozen=True)
class FileDeleted(Step):
    """A file goes: ``manual`` or ``missingFromDisk``."""

    reason: str

    def act(self, world: World) -> None:
        for file in self.files(world)[:1]:
            self.arr(world).delete_file(file, self.reason)


@dataclass(frozen=True)
class FileWiped(Step):
    """A file goes behind everybody's back, and only a scan of the folder finds out."""

    def act(self, world: World) -> None:
        for file in self.files(world)[:1]:
            self.arr(world).wipe(file)


@dataclass(frozen=True)
class Rescanned(Step):
    """The folder is scanned."""

    def act(self, world: World) -> None:
        for entry in self.entry(world):
            self.arr(world).rescan(entry)


@dataclass(frozen=True)
class TitleDeleted(Step):
    """The admin deletes it in Radarr or Sonarr, with its files or without."""

    with_files: bool

    def act(self, world: World) -> None:
        for entry in self.entry(world):
            self.arr(world).delete(entry, with_files=self.with_files)


@dataclass(frozen=True)
class Monitored(Step):
    """It is wanted, or not any more."""

    wanted: bool

    def act(self, world: World) -> None:
        for entry in self.entry(world):
            self.arr(world).monitor(entry, wanted=self.wanted)


@dataclass(frozen=True)
class NoticesLost(Step):
    """Jellyfin restarts and forgets what it was about to tell."""

    def act(self, world: World) -> None:
        world.jellyfin.restart()


@dataclass(frozen=True)
class NotShown(Step):
    """Jellyfin drops an item whose file is there."""

    def act(self, world: World) -> None:
        for item in self.shown(world):
            world.jellyfin.remove(item.id)


@dataclass(frozen=True)
class ShownAnew(Step):
    """Jellyfin shows an item under another id."""

    def act(self, world: World) -> None:
        for item in self.shown(world):
            world.jellyfin.show_again(item)

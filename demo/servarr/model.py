"""What Radarr and Sonarr keep: titles, releases, grabs, files and history."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from demo.titles import Film, Series

Key = tuple[int, int]
"""Season and number of an episode."""
FILM_KEY: Key = (0, 0)
"""The only item of a film."""
TORRENT, USENET, LOOSE = "torrent", "usenet", "unknown"
"""How a release comes; loose files come with no download."""


@dataclass(frozen=True)
class Quality:
    """A quality as the two number it; a higher rank is better."""

    rank: int
    id: int
    name: str
    source: str
    height: int


QUALITIES = {
    quality.name: quality
    for quality in (
        Quality(1, 6, "Bluray-720p", "bluray", 720),
        Quality(2, 3, "WEBDL-1080p", "web", 1080),
        Quality(3, 7, "Bluray-1080p", "bluray", 1080),
        Quality(4, 19, "Bluray-2160p", "bluray", 2160),
    )
}


@dataclass(frozen=True)
class Release:
    """Something an indexer offers. ``pace`` is what its swarm gives in bytes per second.

    Radarr and Sonarr can't make sense of the files of a release that is not ``clear``.
    """

    title: str
    quality: Quality
    size: int
    pace: float
    keys: tuple[Key, ...] = (FILM_KEY,)
    clear: bool = True
    indexer: str = "Open Reels"
    protocol: str = TORRENT
    seeds: int = 6
    unclear: frozenset[Key] = frozenset()
    """Items whose files they can't make sense of, while they can of the others."""

    @property
    def hash(self) -> str:
        """Give the info hash of its torrent, in lower case; usenet knows it by nothing but its name."""
        return hashlib.sha1(self.title.encode(), usedforsecurity=False).hexdigest()

    @property
    def download_id(self) -> str:
        """Give the id of its download as Radarr and Sonarr spell it."""
        return self.hash.upper() if self.protocol == TORRENT else f"SABnzbd_nzo_{self.hash[:8]}"

    @property
    def group(self) -> str:
        """Give the release group."""
        return self.title.rpartition("-")[2]


@dataclass(eq=False)
class Entry:
    """A film or series in one Radarr or Sonarr, and what of it is wanted. ``root`` is the library folder."""

    id: int
    title: Film
    added_at: datetime
    root: str
    seasons: set[int] = field(default_factory=set)
    monitored: bool = True
    unmonitored: set[Key] = field(default_factory=set)
    searched_at: dict[Key, datetime] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """Give its folder."""
        year = "" if isinstance(self.title, Series) else f" ({self.title.year})"
        return f"{self.root}/{self.title.title}{year}"

    def keys(self, today: int) -> tuple[Key, ...]:
        """Give what is wanted and has aired by a day of the world."""
        if not isinstance(self.title, Series):
            return (FILM_KEY,)
        aired = (episode for episode in self.title.episodes if episode.airs <= today)
        return tuple(episode.key for episode in aired if self.is_monitored(episode.key))

    def is_monitored(self, key: Key) -> bool:
        """Tell whether an episode is wanted."""
        return key[0] in self.seasons and key not in self.unmonitored


@dataclass(eq=False)
class Grab:
    """A release that was handed to the download client, and how far it got: ``stage`` is upstream's own word."""

    entry: Entry
    release: Release
    at: datetime
    stage: str = "downloading"
    messages: tuple[str, ...] = ()
    is_told: bool = False
    """A person was called once; that is not repeated."""

    @property
    def is_open(self) -> bool:
        """Tell whether it is followed."""
        return self.stage not in ("imported", "failed", "ignored", "removed")


@dataclass(frozen=True, eq=False)
class Held:
    """A release that is found and not grabbed: ``delay`` until a time, or ``downloadClientUnavailable``."""

    entry: Entry
    release: Release
    hold: str
    at: datetime
    until: datetime


@dataclass(frozen=True)
class MediaFile:
    """A file in the library folder."""

    id: int
    entry: Entry
    keys: tuple[Key, ...]
    release: Release
    size: int
    added_at: datetime

    @property
    def name(self) -> str:
        """Give the path below the folder of its title."""
        title = self.entry.title
        quality = self.release.quality.name
        if not isinstance(title, Series):
            return f"{title.title} ({title.year}) [{quality}]-{self.release.group}.mkv"
        season, number = self.keys[0]
        return f"Season {season:02}/{title.title} - S{season:02}E{number:02} {quality}.mkv"

    @property
    def path(self) -> str:
        """Give its whole path."""
        return f"{self.entry.folder}/{self.name}"


@dataclass(frozen=True)
class HistoryRow:
    """One line of history; upstream writes one per episode."""

    id: int
    kind: str
    entry: Entry
    key: Key
    release: Release
    at: datetime
    data: dict[str, str]

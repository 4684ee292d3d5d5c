"""What Jellyfin shows, and when it says so."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from demo.clock import Clock, to_tick
from demo.jellyfin.accounts import Accounts, User
from demo.servarr.model import MediaFile
from demo.titles import Film, Series
from demo.webhook import Post, Receiver, Webhook

INDEXING, NOTIFYING = 6.0, 3.0
"""Seconds until a file is seen, and until the plugin's next pass."""
LEAST_4K = 2000
"""Lines of a picture that counts as 4K."""
SERVER_ID = hashlib.md5(b"demo", usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class LibraryItem:
    """A film, series, season or episode in the library."""

    id: str
    kind: str
    name: str
    title: Film
    added_at: datetime
    season: int | None = None
    number: int | None = None
    height: int = 1080
    is_virtual: bool = False
    """An episode that is known and not there."""
    path: str = ""
    """Its file; of a series its folder."""

    @property
    def is_4k(self) -> bool:
        """Tell whether it counts as 4K."""
        return self.height >= LEAST_4K

    @property
    def series_id(self) -> str:
        """Give the item of its series."""
        return item_id(f"series {self.title.slug}") if self.season is not None else ""

    @property
    def season_id(self) -> str:
        """Give the item of its season."""
        return item_id(f"season {self.title.slug} {self.season}") if self.number is not None else ""

    @property
    def provider_ids(self) -> dict[str, str]:
        """Give its own ids elsewhere: those of an episode lead to no series."""
        if isinstance(self.title, Series):
            own = self.title.tvdb_id if self.kind == "Series" else int(self.id[:6], 16)
            more = {"Tmdb": str(self.title.tmdb_id), "Imdb": self.title.imdb_id} if self.kind == "Series" else {}
            return {**more, "Tvdb": str(own)}
        return {"Tmdb": str(self.title.tmdb_id), "Imdb": self.title.imdb_id}


def item_id(path: str) -> str:
    """Give the id of an item, which Jellyfin makes from its path."""
    return hashlib.md5(path.encode(), usedforsecurity=False).hexdigest()


class Jellyfin:
    """The library and its webhook plugin."""

    def __init__(self, clock: Clock, post: Post, users: tuple[User, ...]) -> None:
        self.clock, self._post, self.accounts = clock, post, Accounts(users)
        self.receiver: Receiver | None = None
        self.items: dict[str, LibraryItem] = {}
        self._life = 0
        self.on_change: list[Callable[[], None]] = []

    def find(self, file: MediaFile, replaced: list[MediaFile]) -> None:
        """Notice a file after a while; another path is another item."""
        self.clock.after(INDEXING, partial(self._index, file))
        for old in replaced:
            self.lose(old)

    def lose(self, file: MediaFile) -> None:
        """Notice after a while that a file is gone."""
        self.clock.after(INDEXING, partial(self.remove, item_id(file.path)))

    def _index(self, file: MediaFile) -> None:
        for item in self._items_of(file):
            if item.id not in self.items:
                self._show(item)
        self._change()

    def _show(self, item: LibraryItem) -> None:
        self.items[item.id] = item
        self.clock.after(NOTIFYING, partial(self._tell_if_there, item, self._life))

    def restart(self) -> None:
        """Lose all notices that are not sent yet: the plugin keeps them in memory."""
        self._life += 1

    def show_again(self, item: LibraryItem) -> LibraryItem:
        """Drop an item and show it anew under another id, as after a rename or a new library."""
        self.remove(item.id)
        again = replace(item, id=item_id(f"{item.id} again"), added_at=self.clock.now)
        self._show(again)
        self._change()
        return again

    def show_missing(self, title: Series, key: tuple[int, int]) -> LibraryItem:
        """Show an episode that is not there, as a library with metadata of missing episodes does: nobody is told."""
        names = {episode.key: episode.title for episode in title.episodes}
        id_ = item_id(f"missing {title.slug} {key}")
        item = LibraryItem(id_, "Episode", names[key], title, self.clock.now, *key, is_virtual=True)
        self.items[id_] = item
        return item

    def item_of(self, file: MediaFile) -> LibraryItem | None:
        """Give what is shown of a file."""
        return self.items.get(item_id(file.path))

    def _items_of(self, file: MediaFile) -> list[LibraryItem]:
        title, now = file.entry.title, self.clock.now
        own, height = item_id(file.path), file.release.quality.height
        if not isinstance(title, Series):
            return [LibraryItem(own, "Movie", title.title, title, now, height=height, path=file.path)]
        season = file.keys[0][0]
        names = {episode.key: episode.title for episode in title.episodes}
        return [
            LibraryItem(item_id(f"series {title.slug}"), "Series", title.title, title, now, path=file.entry.folder),
            LibraryItem(item_id(f"season {title.slug} {season}"), "Season", f"Season {season}", title, now, season),
            *(LibraryItem(own, "Episode", names[key], title, now, *key, height) for key in file.keys),
        ]

    def remove(self, id_: str) -> None:
        """Show an item no longer."""
        item = self.items.pop(id_, None)
        if item is not None:
            self._tell(item, "ItemDeleted")
            self._change()

    def _change(self) -> None:
        for hook in self.on_change:
            hook()

    def _tell_if_there(self, item: LibraryItem, life: int) -> None:
        if item.id in self.items and life == self._life:
            self._tell(item, "ItemAdded")

    def _tell(self, item: LibraryItem, kind: str) -> None:
        if self.receiver is not None:
            self._post.send(Webhook("jellyfin", self.receiver, template(item, kind, self.clock.now)))

    def shown(self, title: Film, *, is_4k: bool = False) -> set[tuple[int, int]]:
        """Give the items of a title that can be played, by season and number; a film's is (0, 0)."""
        theirs = (item for item in self.items.values() if item.title == title and item.kind in ("Movie", "Episode"))
        playable = (item for item in theirs if not item.is_virtual and item.is_4k == is_4k)
        return {(item.season or 0, item.number or 0) for item in playable}

    def id_of(self, title: Film, *, is_4k: bool = False) -> str | None:
        """Give the item of a film or series; a series is the same in any quality."""
        theirs = (item for item in self.items.values() if item.title == title)
        found = (item for item in theirs if item.kind == "Series" or (item.kind == "Movie" and item.is_4k == is_4k))
        return next((item.id for item in found), None)


def template(item: LibraryItem, kind: str, now: datetime) -> dict[str, str]:
    """Fill in the template that we hand out: every value is text, and what is missing is empty."""
    ids = item.provider_ids
    return {
        "notification_type": kind,
        "server_id": SERVER_ID,
        "item_id": dashed(item.id),
        "item_type": item.kind,
        "name": item.name,
        "year": str(item.title.year),
        "tmdb": ids.get("Tmdb", ""),
        "tvdb": ids.get("Tvdb", ""),
        "imdb": ids.get("Imdb", ""),
        "series_name": item.title.title if item.season is not None else "",
        "series_id": dashed(item.series_id),
        "season_number": "" if item.season is None else str(item.season),
        "episode_number": "" if item.number is None else str(item.number),
        "episode_number_end": "",
        "utc": to_tick(now),
    }


def dashed(id_: str) -> str:
    """Spell an id as templates do; REST spells it without dashes."""
    return "-".join((id_[:8], id_[8:12], id_[12:16], id_[16:20], id_[20:])) if id_ else ""

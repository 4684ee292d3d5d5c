"""Which of the facts of a media count for one request, and what they say of each item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from flaskapp.domain.facts import (
    DownloadFact,
    FileFact,
    GrabFact,
    ItemFact,
    ItemKey,
    MediaFacts,
    RequestFact,
    SearchFact,
)
from flaskapp.domain.observation import FILM, MediaType
from flaskapp.domain.queue import QueueStage
from flaskapp.domain.state import ORDER, State
from flaskapp.domain.transfer import is_blocked, transfer


class OwnFacts:
    """The facts of a media that count for one request: those of its quality."""

    def __init__(self, request: RequestFact, facts: MediaFacts) -> None:
        self.request, self.facts = request, facts
        self.entries = [entry for entry in facts.entries if entry.is_4k == request.is_4k]
        self.files = [file for file in facts.files if file.entry.is_4k == request.is_4k]
        self.grabs = [grab for grab in facts.grabs if grab.entry.is_4k == request.is_4k and not grab.entry.deleted_at]
        self.hints = [hint for hint in facts.hints if hint.entry.is_4k == request.is_4k and not hint.entry.deleted_at]
        self.held = [held for held in facts.held if held.entry.is_4k == request.is_4k and not held.entry.deleted_at]
        self.searches = defaultdict[ItemKey, list[SearchFact]](list)
        for search in facts.searches:
            if search.entry.is_4k == request.is_4k and not search.entry.deleted_at:
                self.searches[search.item].append(search)

    def scope(self) -> list[ItemFact]:
        """Give the asked items: the film, or the asked seasons; specials only if asked."""
        if self.facts.media_type is MediaType.MOVIE:
            return [ItemFact((FILM.season, FILM.episode), aired=True)]
        asked = self.request.seasons
        items = [i for i in self.facts.items if (i.key[0] in asked if asked is not None else i.key[0] != 0)]
        return sorted(items, key=lambda item: item.key)

    @property
    def is_all_known(self) -> bool:
        """Tell whether no asked item is unknown: the list of a series was read, or Seerr calls it complete."""
        facts = self.facts
        return facts.media_type is MediaType.MOVIE or facts.list_read or self.request.completed_at is not None

    def item_state(self, key: ItemKey) -> State | None:
        """Derive one item: its file and Jellyfin first, else its most advanced open download."""
        is_live = self._file(key)
        is_shown, is_known_complete = self._shown(key, is_live=is_live)
        if is_live is not False and is_shown:
            return State.AVAILABLE
        if is_live or (is_live is None and is_known_complete):
            return State.IMPORTED
        states = (transfer(download).state for download in self.open_downloads(key))
        return max(states, key=ORDER.__getitem__, default=None)

    def _file(self, key: ItemKey) -> bool | None:
        """Tell whether the item has a file: True, False (gone for good), or None (unknown)."""
        known = [file for file in self.files if key in file.items]
        speaking: dict[int, FileFact] = {}
        for file in sorted(known, key=lambda file: file.file_id):
            if file.entry.deleted_at is None and not _is_outdated(file):
                speaking[file.entry.pk] = file  # the highest file id of an entry speaks
        if speaking:
            return any(file.death is None or not file.death.for_good for file in speaking.values())
        if not known and any(key in hint.items for hint in self.hints):
            return True
        was_read = any(entry.read_at and entry.deleted_at is None for entry in self.entries)
        return False if was_read or self.last_death(key) else None

    def is_lost(self) -> bool:
        """Tell whether what was complete is gone; a reading from before that is no proof."""
        completed_at = self.request.completed_at
        if self.request.vanished_at or completed_at is None or any(self.last_death(i.key) for i in self.scope()):
            return True
        readings = [entry.read_at for entry in self.entries if entry.read_at and entry.deleted_at is None]
        return any(read_at > completed_at for read_at in readings)

    def last_death(self, key: ItemKey) -> datetime | None:
        """Give when the item last died for good: its file, or its entry together with the files."""
        deaths = [f.died_at for f in self.files if key in f.items and f.death and f.death.for_good]
        deaths += [entry.deleted_at for entry in self.entries if entry.files_deleted]
        return max((death for death in deaths if death), default=None)

    def last_loss(self, key: ItemKey) -> datetime | None:
        """Give until when the item had a file at least: its death was told, or a reading no longer lists it."""
        lost = [f for f in self.files if key in f.items and f.entry.deleted_at is None and _is_outdated(f)]
        seen = [max(file.told_at, file.read_at or file.told_at) for file in lost]
        return max([*seen, *filter(None, [self.last_death(key)])], default=None)

    def _shown(self, key: ItemKey, *, is_live: bool | None) -> tuple[bool, bool]:
        """Tell whether people can see the item, and whether Seerr at least calls the request complete.

        Without a Jellyfin, Seerr's word is all there is. After a death for good only a later reading counts.
        """
        death = self.last_death(key)
        complete = self.request.completed_at is not None and self.request.vanished_at is None and death is None
        if not self.facts.has_library:
            return complete, complete
        if self.request.is_4k and not is_live:
            return False, complete  # what Jellyfin shows is of unknown quality
        shown = [fact for fact in self.facts.shown if key in fact.items]
        if death is not None:
            shown = [fact for fact in shown if fact.read_at and fact.read_at > death]
        return bool(shown), complete

    def fruitless(self, key: ItemKey) -> list[GrabFact]:
        """Give the grabs of an item that brought no file, the newest last."""
        imported = {f.download_id for f in self.files if key in f.items}
        imported |= {hint.download_id for hint in self.hints if key in hint.items}
        grabs = [grab for grab in self.grabs if key in grab.items]
        grabbed = {alias for grab in grabs for alias in grab.download.aliases}
        foreign = bool(imported - grabbed)
        grabs = [g for g in grabs if not (foreign if g.download.nameless else g.download.aliases & imported)]
        return sorted(grabs, key=lambda grab: (grab.download.grabbed_at, grab.download.pk))

    def open_downloads(self, key: ItemKey) -> list[DownloadFact]:
        """Give the downloads that may still bring an item, the newest last."""
        return [grab.download for grab in self.fruitless(key) if _is_open(grab.download)]

    def attempts(self, key: ItemKey) -> int:
        """Count the grabs of an item that brought no file, the present one among them."""
        imported = {f.download_id for f in self.files if key in f.items}
        tried = {g.download.pk for g in self.grabs if key in g.items and not g.download.aliases & imported}
        return max(1, len(tried))

    def downloads_for(self, keys: Iterable[ItemKey]) -> list[DownloadFact]:
        """Give the open downloads of items, each once; of several for one item the most advanced, newest first."""
        best: dict[int, DownloadFact] = {}
        for key in keys:
            downloads = self.open_downloads(key)
            if downloads:
                download = most_advanced(downloads)
                best[download.pk] = download
        return list(best.values())

    def is_blocked(self, key: ItemKey) -> bool:
        """Tell whether nothing but blocked downloads can bring an item."""
        downloads = self.open_downloads(key)
        return bool(downloads) and all(is_blocked(download) for download in downloads)

    def quality(self, keys: list[ItemKey]) -> str | None:
        """Give the quality of the files that are there, when it is one."""
        wanted = set(keys)
        alive = [f for f in self.files if f.death is None and f.entry.deleted_at is None and not _is_outdated(f)]
        qualities = {file.quality for file in alive if file.quality and file.items & wanted}
        return qualities.pop() if len(qualities) == 1 else None


def most_advanced(downloads: list[DownloadFact]) -> DownloadFact:
    """Choose the most advanced of some downloads, the newest of equals."""
    return max(reversed(downloads), key=lambda download: ORDER[transfer(download).state])


def _is_open(download: DownloadFact) -> bool:
    """Tell whether a download that brought no file may still do so."""
    has_failed = download.listing is not None and download.listing.stage is QueueStage.FAILED
    return download.drop is None and download.gone_at is None and not has_failed


def _is_outdated(file: FileFact) -> bool:
    """Tell whether a later reading of the entry no longer lists the file."""
    read_at = file.entry.read_at
    return read_at is not None and max(file.told_at, file.read_at or file.told_at) < read_at

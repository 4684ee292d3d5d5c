"""Facts to state and progress.

Nothing here guards a transition: a state is what the facts of this moment add up to, so a webhook that comes late,
twice or first changes nothing about the end (see "Facts, not transitions" in docs/design.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flaskapp.domain.facts import DownloadFact, FileFact, GrabFact, ItemFact, ItemKey, MediaFacts, RequestFact
from flaskapp.domain.observation import FILM, DownloadStage, MediaType
from flaskapp.domain.state import HERE, ORDER, Standing, State

CROSSING = timedelta(seconds=10)
"""Seerr sends APPROVED and FAILED of one click in either order; within this time they belong together."""


@dataclass(frozen=True)
class ItemStatus:
    """One item in the scope of a request; ``state`` is None while nothing is known to move."""

    item: ItemFact
    state: State | None

    @property
    def standing(self) -> Standing:
        """Give the word for the strip."""
        if self.state is State.AVAILABLE:
            return Standing.HERE
        if self.state is State.IMPORTED:
            return Standing.IMPORTED
        if self.state is not None:
            return Standing.ARRIVING
        return Standing.UNAIRED if self.item.aired is False else Standing.WAITING

    @property
    def is_due(self) -> bool:
        """Tell whether it counts towards "all that is aired"."""
        return self.item.aired is not False or self.state is not None


@dataclass(frozen=True)
class Derived:
    """What a card shows of the facts. ``progress`` is 0…100, ``eta`` seconds or -1, ``speed`` bytes/s."""

    state: State
    progress: int
    eta: int
    speed: int
    measured_at: datetime | None
    items: tuple[ItemStatus, ...]
    is_moving: bool
    attempt: int
    quality: str | None


def derive(request: RequestFact, facts: MediaFacts) -> Derived:
    """Derive everything a card shows."""
    own = _Own(request, facts)
    statuses = tuple(ItemStatus(item, own.item_state(item.key)) for item in own.scope())
    state = _request_state(request, facts, statuses)
    downloads = own.downloads_for(status.item.key for status in statuses if status.state not in HERE)
    progress, eta = measure(downloads)
    if not downloads:
        progress, eta = (100 if ORDER[State.DOWNLOADED] <= ORDER[state] <= ORDER[State.AVAILABLE] else 0), -1
    return Derived(
        state=state,
        progress=progress,
        eta=eta,
        speed=sum(download.speed or 0 for download in downloads),
        measured_at=max((d.polled_at for d in downloads if d.polled_at), default=None),
        items=statuses,
        is_moving=bool(downloads),
        attempt=max((own.attempts(status.item.key) for status in statuses if status.state not in HERE), default=1),
        quality=own.quality([status.item.key for status in statuses]),
    )


def measure(downloads: Iterable[DownloadFact]) -> tuple[int, int]:
    """Give progress (bytes done by bytes total, each pack once) and the longest eta, -1 if an active one is unknown."""
    downloads = list(downloads)
    if not downloads:
        return 0, -1
    sizes = [download.size or 0 for download in downloads]
    if not all(sizes):
        sizes = [1] * len(downloads)
    done = sum(size * download.progress for size, download in zip(sizes, downloads, strict=True))
    active = [download.eta for download in downloads if download.stage is not DownloadStage.COMPLETE]
    eta = -1 if None in active else max((eta for eta in active if eta is not None), default=0)
    # A whole number that reaches 100 only when every byte is there.
    return min(100, int(100 * done / sum(sizes) + 1e-9)), eta


class _Own:
    """The facts of a media that count for one request: those of its quality."""

    def __init__(self, request: RequestFact, facts: MediaFacts) -> None:
        self.request, self.facts = request, facts
        self.entries = [entry for entry in facts.entries if entry.is_4k == request.is_4k]
        self.files = [file for file in facts.files if file.entry.is_4k == request.is_4k]
        self.grabs = [grab for grab in facts.grabs if grab.entry.is_4k == request.is_4k and not grab.entry.deleted_at]
        self.hints = [hint for hint in facts.hints if hint.entry.is_4k == request.is_4k and not hint.entry.deleted_at]

    def scope(self) -> list[ItemFact]:
        """Give the asked items: the film, or the asked seasons; specials only if asked."""
        if self.facts.media_type is MediaType.MOVIE:
            return [ItemFact((FILM.season, FILM.episode), aired=True)]
        asked = self.request.seasons
        items = [i for i in self.facts.items if (i.key[0] in asked if asked is not None else i.key[0] != 0)]
        return sorted(items, key=lambda item: item.key)

    def item_state(self, key: ItemKey) -> State | None:
        """Derive one item: its file and Jellyfin first, else its most advanced open download."""
        is_live = self._file(key)
        is_shown, is_known_complete = self._shown(key, is_live=is_live)
        if is_live is not False and is_shown:
            return State.AVAILABLE
        if is_live or (is_live is None and is_known_complete):
            return State.IMPORTED
        return max((stage_state(grab.download.stage) for grab in self._open(key)), key=ORDER.__getitem__, default=None)

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
        return False if was_read or self._last_death(key) else None

    def _last_death(self, key: ItemKey) -> datetime | None:
        """Give when the item last died for good: its file, or its entry together with the files."""
        deaths = [f.died_at for f in self.files if key in f.items and f.death and f.death.for_good]
        deaths += [entry.deleted_at for entry in self.entries if entry.files_deleted]
        return max((death for death in deaths if death), default=None)

    def _shown(self, key: ItemKey, *, is_live: bool | None) -> tuple[bool, bool]:
        """Tell whether people can see the item, and whether Seerr at least calls the request complete.

        Without a Jellyfin, Seerr's word is all there is. After a death for good only a later reading counts.
        """
        death = self._last_death(key)
        complete = self.request.completed_at is not None and self.request.vanished_at is None and death is None
        if not self.facts.has_library:
            return complete, complete
        if self.request.is_4k and not is_live:
            return False, complete  # what Jellyfin shows is of unknown quality
        shown = [fact for fact in self.facts.shown if key in fact.items]
        if death is not None:
            shown = [fact for fact in shown if fact.read_at and fact.read_at > death]
        return bool(shown), complete

    def _open(self, key: ItemKey) -> list[GrabFact]:
        """Give the grabs of an item that may still bring it, the newest last."""
        imported = {f.download_id for f in self.files if key in f.items}
        imported |= {hint.download_id for hint in self.hints if key in hint.items}
        grabs = [grab for grab in self.grabs if key in grab.items]
        grabbed = {alias for grab in grabs for alias in grab.download.aliases}
        foreign = bool(imported - grabbed)
        grabs = [
            g
            for g in grabs
            if g.download.gone_at is None and not (foreign if g.download.nameless else g.download.aliases & imported)
        ]
        return sorted(grabs, key=lambda grab: (grab.download.grabbed_at, grab.download.pk))

    def attempts(self, key: ItemKey) -> int:
        """Count the grabs of an item that brought no file, the present one among them."""
        imported = {f.download_id for f in self.files if key in f.items}
        tried = {g.download.pk for g in self.grabs if key in g.items and not g.download.aliases & imported}
        return max(1, len(tried))

    def downloads_for(self, keys: Iterable[ItemKey]) -> list[DownloadFact]:
        """Give the open downloads of items, each once; of several for one item the most advanced, newest first."""
        best: dict[int, DownloadFact] = {}
        for key in keys:
            grabs = self._open(key)
            if grabs:
                ranked = max(enumerate(grabs), key=lambda pair: (ORDER[stage_state(pair[1].download.stage)], pair[0]))
                best[ranked[1].download.pk] = ranked[1].download
        return list(best.values())

    def quality(self, keys: list[ItemKey]) -> str | None:
        """Give the quality of the files that are there, when it is one."""
        wanted = set(keys)
        alive = [f for f in self.files if f.items & wanted and f.death is None and not f.entry.deleted_at]
        qualities = {file.quality for file in alive if file.quality}
        return qualities.pop() if len(qualities) == 1 else None


def _is_outdated(file: FileFact) -> bool:
    """Tell whether a later reading of the entry no longer lists the file."""
    read_at = file.entry.read_at
    return read_at is not None and max(file.told_at, file.read_at or file.told_at) < read_at


def stage_state(stage: DownloadStage | None) -> State:
    """Give the state a download gives its items; until the client says more, it is only grabbed."""
    match stage:
        case None | DownloadStage.QUEUED | DownloadStage.METADATA | DownloadStage.CHECKING | DownloadStage.UNKNOWN:
            return State.GRABBED
        case DownloadStage.COMPLETE:
            return State.DOWNLOADED
        case _:
            return State.DOWNLOADING


def _request_state(request: RequestFact, facts: MediaFacts, statuses: tuple[ItemStatus, ...]) -> State:
    word = _word(request)
    if request.gone_at is not None:
        return State.REMOVED
    if word is State.DECLINED:
        return word
    states = [status.state for status in statuses if status.is_due]
    whole = facts.media_type is MediaType.MOVIE or facts.list_read or request.completed_at is not None
    if states and whole and all(state is State.AVAILABLE for state in states):
        return State.AVAILABLE
    if State.AVAILABLE in states:
        return State.PARTIALLY_AVAILABLE
    moving = [state for state in states if state is not None]
    if moving:
        return max(moving, key=ORDER.__getitem__)
    if request.completed_at is None:
        return word
    if statuses or request.vanished_at is not None:
        return State.REMOVED
    # A series Seerr calls complete, of which nobody has told us an episode yet.
    return State.IMPORTED if facts.has_library else State.AVAILABLE


def _word(request: RequestFact) -> State:
    """Give what Seerr's words alone say: the last one, with a failure that belongs to the last approval."""
    if request.failed_at and (request.approved_at is None or request.failed_at >= request.approved_at - CROSSING):
        later = [at for at in (request.declined_at, request.pending_at) if at]
        if all(at <= request.failed_at for at in later):
            return State.FAILED
    words = {
        State.REQUESTED: request.pending_at,
        State.APPROVED: request.approved_at,
        State.DECLINED: request.declined_at,
    }
    said = [(at, word) for word, at in words.items() if at]
    if not said:
        return State.APPROVED if request.completed_at else State.REQUESTED
    return max(said, key=lambda pair: (pair[0], ORDER[pair[1]]))[1]

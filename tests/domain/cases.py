"""Facts as the tables of troubles write them: one film, one season, their downloads; all from noon on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flaskapp.domain.facts import (
    DownloadFact,
    DropFact,
    EntryFact,
    FileFact,
    GrabFact,
    HeldFact,
    ItemFact,
    ItemKey,
    ListingFact,
    MediaFacts,
    RequestFact,
    SearchFact,
)
from flaskapp.domain.house import Cause
from flaskapp.domain.lifecycle import derive
from flaskapp.domain.observation import DownloadStage, FileDeath, MediaType
from flaskapp.domain.queue import Dropping, Hold, Protocol, QueueStage
from flaskapp.domain.trouble import Outlook, find_trouble

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
FILM = (0, 0)
ENTRY = EntryFact(pk=1)
APPROVED = RequestFact(pending_at=NOON, approved_at=NOON + timedelta(minutes=1))
METROPOLIS = MediaFacts(MediaType.MOVIE, entries=(ENTRY,), has_library=True)
SEASON = tuple(ItemFact((2, number), aired=True) for number in (1, 2, 3))
SERIES = MediaFacts(MediaType.TV, items=SEASON, entries=(ENTRY,), has_library=True, list_read=True)
ASKED = replace(APPROVED, seasons=frozenset({2}))


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def download(alias: str = "aa", stage: DownloadStage | None = None, **more: Any) -> DownloadFact:
    """Give a download, grabbed at 10; its stage began at 20."""
    return DownloadFact(ord(alias[0]), frozenset({alias}), at(10), stage=stage, stage_since=at(20), **more)


def listed(stage: QueueStage, protocol: Protocol = Protocol.TORRENT, **more: Any) -> ListingFact:
    """Give a row of a queue: its stage began at 20, it was last seen at 100."""
    return ListingFact(stage, since=at(20), seen_at=at(100), protocol=protocol, **more)


def dropped(why: Dropping, message: str | None = None) -> DropFact:
    return DropFact(why, at(20), message)


def grab(fact: DownloadFact, *items: ItemKey, entry: EntryFact = ENTRY) -> GrabFact:
    return GrabFact(entry, fact, frozenset(items or {FILM}))


def file(file_id: int, *items: ItemKey, death: FileDeath | None = None, told_at: datetime | None = None) -> FileFact:
    """Give a file, told at 20 and dead since 50."""
    died_at = at(50) if death else None
    return FileFact(ENTRY, file_id, frozenset(items or {FILM}), told_at or at(20), death=death, died_at=died_at)


def held(hold: Hold, *, until: datetime | None = None, item: ItemKey = FILM) -> HeldFact:
    return HeldFact(ENTRY, item, hold, at(20), until)


def search(item: ItemFact, *, monitored: bool = True, searched_at: datetime | None = None) -> SearchFact:
    return SearchFact(ENTRY, item.key, monitored, searched_at)


def film(**known: Any) -> MediaFacts:
    return replace(METROPOLIS, **known)


def film_with(fact: DownloadFact) -> MediaFacts:
    return film(grabs=(grab(fact),))


def series(**known: Any) -> MediaFacts:
    return replace(SERIES, **known)


def look(request: RequestFact, facts: MediaFacts, now: datetime, *causes: Cause) -> Outlook:
    return find_trouble(request, facts, derive(request, facts), causes, now)


def kinds(request: RequestFact, facts: MediaFacts, moments: Collection[float]) -> list[str | None]:
    """Name the trouble at each of some minutes after noon."""
    found = [look(request, facts, at(minutes)).trouble for minutes in moments]
    return [trouble.kind.value if trouble else None for trouble in found]

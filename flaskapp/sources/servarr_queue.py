"""The queues of Radarr and Sonarr: what is on the way, and what they hold back.

Only the fields of state are read, never a sentence: texts are translated, and those of clients are their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flaskapp.domain.observation import EntryRef, EpisodeRef
from flaskapp.domain.queue import DownloadListed, HeldRelease, Hold, Protocol, QueueStage, ReleasesHeld
from flaskapp.sources.fields import Fields
from flaskapp.sources.servarr import Dialect, read_messages, read_row

HELD = {"delay": Hold.DELAY, "downloadclientunavailable": Hold.CLIENT_UNAVAILABLE}
STAGES = {"warning": QueueStage.WARNED, "paused": QueueStage.PAUSED, "queued": QueueStage.QUEUED}
OVER = ("imported", "ignored")
ENDLESS = timedelta(days=100)
"""Clients that can't tell the time left give the largest span they have."""

_SPAN = re.compile(r"(?:([0-9]{1,8})\.)?([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:\.[0-9]{1,9})?")
_RANKS = {stage: rank for rank, stage in enumerate(QueueStage)} | {QueueStage.FAILED: -1}
"""How far a stage is, in the order of its words; a failed row says the least of its download."""


@dataclass(frozen=True)
class _Row:
    """One row: about one item of one entry."""

    fields: Fields
    entry: EntryRef
    item: EpisodeRef

    def word(self, name: str) -> str:
        """Read a word of state; old versions spell them with a capital."""
        return (self.fields.text(name) or "").lower()

    @property
    def hold(self) -> Hold | None:
        """Tell why it is held back, if it is."""
        return HELD.get(self.word("status"))

    @property
    def protocol(self) -> Protocol:
        """Tell how it comes."""
        word = self.word("protocol")
        return Protocol(word) if word in set(Protocol) else Protocol.UNKNOWN

    @property
    def size(self) -> int | None:
        """Give the bytes of the whole download; 0 stands there before a torrent's contents are known."""
        return self.fields.whole("size") or None

    @property
    def size_left(self) -> int | None:
        """Give the bytes that are missing, of a known size."""
        return self.fields.whole("sizeleft", "sizeLeft") if self.size else None

    @property
    def progress(self) -> float | None:
        """Give how much is there, None while the size is unknown."""
        size, left = self.size, self.size_left
        return None if size is None or left is None else max(0.0, 1 - left / size)

    @property
    def stage(self) -> QueueStage:
        """Give the stage by the first rule that fits."""
        status, state = self.word("status"), self.word("trackedDownloadState")
        health = self.word("trackedDownloadStatus")
        if health == "error" or status == "failed" or state in ("failed", "failedpending"):
            return QueueStage.FAILED
        if state == "importblocked":
            return QueueStage.BLOCKED
        if state == "importing":
            return QueueStage.IMPORTING
        if state == "importpending":
            return QueueStage.HELD if health == "warning" else QueueStage.PENDING
        if status == "completed":
            return QueueStage.UNREACHABLE if health == "warning" else QueueStage.COMPLETE
        return STAGES.get(status) or self._moving()

    def _moving(self) -> QueueStage:
        is_whole = self.protocol is Protocol.USENET and self.progress == 1
        return QueueStage.UNPACKING if is_whole else QueueStage.DOWNLOADING


def read_queue(
    rows: Iterable[Mapping[str, object]], seen_at: datetime, dialect: Dialect
) -> tuple[tuple[DownloadListed, ...], ReleasesHeld]:
    """Read all rows of ``/queue/details``: Sonarr has one for each episode of a pack."""
    downloads: dict[tuple[int, str], list[_Row]] = {}
    held: dict[tuple[int, int, int], HeldRelease] = {}
    for row in _rows(rows, dialect):
        download_id = row.fields.identifier("downloadId")
        if row.hold:
            held.setdefault((row.entry.entry_id, row.item.season, row.item.episode), _held(row, row.hold, seen_at))
        elif download_id and row.word("trackedDownloadState") not in OVER:
            downloads.setdefault((row.entry.entry_id, download_id), []).append(row)
    listed = (_listed(download_id, group, seen_at) for (_, download_id), group in downloads.items())
    return tuple(listed), ReleasesHeld(seen_at=seen_at, held=tuple(held.values()))


def _rows(rows: Iterable[Mapping[str, object]], dialect: Dialect) -> Iterator[_Row]:
    """Open the rows that name a title and an item; what nobody could follow is left out."""
    for row in rows:
        fields = Fields(row)
        about = read_row(fields, dialect)
        if about is not None:
            yield _Row(fields, *about)


def _held(row: _Row, hold: Hold, seen_at: datetime) -> HeldRelease:
    if hold is not Hold.DELAY:
        return HeldRelease(row.entry, row.item, hold)
    left = _span(row.fields)
    until = row.fields.moment("estimatedCompletionTime") or (None if left is None else seen_at + left)
    return HeldRelease(row.entry, row.item, hold, until)


def _listed(download_id: str, rows: list[_Row], seen_at: datetime) -> DownloadListed:
    """Make one download of its rows; the most advanced one speaks, as each has the size of all."""
    row = max(rows, key=lambda row: _RANKS[row.stage])
    fields, stage = row.fields, row.stage
    left = _span(fields) if stage is QueueStage.DOWNLOADING else None
    return DownloadListed(
        seen_at=seen_at,
        entry=row.entry,
        items=tuple({(each.item.season, each.item.episode): each.item for each in rows}.values()),
        download_id=download_id,
        stage=stage,
        protocol=row.protocol,
        progress=row.progress,
        size=row.size,
        size_left=row.size_left,
        eta=None if left is None else int(left.total_seconds()),
        title=fields.text("title"),
        quality=fields.child("quality").child("quality").text("name"),
        indexer=fields.text("indexer"),
        client=fields.text("downloadClient"),
        added_at=fields.moment("added"),
        messages=read_messages(fields, "statusMessages"),
        client_text=fields.text("errorMessage"),
    )


def _span(fields: Fields) -> timedelta | None:
    """Read the time left, ``[days.]hours:minutes:seconds``."""
    spelled = _SPAN.fullmatch(fields.text("timeleft", "timeLeft") or "")
    if spelled is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in spelled.groups())
    span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return span if span < ENDLESS else None

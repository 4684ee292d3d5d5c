"""The histories of Radarr and Sonarr: what happened while nobody told us."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flaskapp.domain.observation import EntryRef, EpisodeRef, FileImported, Grabbed, Observation, Release
from flaskapp.domain.queue import DownloadDropped, Dropping
from flaskapp.domain.reading import EntryDoubted
from flaskapp.sources.fields import Fields
from flaskapp.sources.servarr import Dialect, read_row

GRABBED = "grabbed"
ONE_STEP = timedelta(seconds=10)
"""Sonarr writes the rows of a pack one after the other, which takes a moment for a long one."""


@dataclass(frozen=True)
class HistoryRow:
    """One step of a download or title; of a pack it has all items, and the ``id`` of its last row.

    ``at`` is upstream's own time. Its observations were never seen later than they were read.
    """

    id: int
    at: datetime
    observations: tuple[Observation, ...]


@dataclass(frozen=True)
class _Line:
    """One row as it is written: about one item of one entry."""

    fields: Fields
    entry: EntryRef
    item: EpisodeRef
    id: int
    at: datetime
    kind: str

    @property
    def data(self) -> Fields:
        """Open what differs from kind to kind; all values are text."""
        return self.fields.child("data")

    @property
    def download_id(self) -> str | None:
        """Read the id of the download."""
        return self.fields.identifier("downloadId")

    @property
    def file_id(self) -> int | None:
        """Read the id of an imported file."""
        return self.data.id("fileId")

    @property
    def quality(self) -> str | None:
        """Read the name of the quality."""
        return self.fields.child("quality").child("quality").text("name")

    def continues(self, other: _Line) -> bool:
        """Tell whether it belongs to the same step as the row before it."""
        return self._step() == other._step() and self.at - other.at <= ONE_STEP

    def _step(self) -> tuple[object, ...]:
        release = self.fields.text("sourceTitle") if self.kind == GRABBED else None  # else the name of a file
        return self.kind, self.entry.entry_id, self.download_id, release, self.file_id


@dataclass(frozen=True)
class _Step:
    """Consecutive rows that say one thing of several items."""

    lines: tuple[_Line, ...]
    seen_at: datetime

    @property
    def line(self) -> _Line:
        """Give the row that speaks for all."""
        return self.lines[0]

    @property
    def items(self) -> tuple[EpisodeRef, ...]:
        """Give the items of all rows, each once."""
        return tuple({(line.item.season, line.item.episode): line.item for line in self.lines}.values())


def read_history(rows: Iterable[Mapping[str, object]], seen_at: datetime, dialect: Dialect) -> tuple[HistoryRow, ...]:
    """Read rows of ``/history/since``, the oldest first; what says nothing to us is left out."""
    readers = {**_READERS, dialect.file_deleted: _doubted}
    lines = sorted(_lines(rows, dialect), key=lambda line: (line.at, line.id))
    read = []
    for group in _steps(line for line in lines if line.kind in readers):
        at = group[-1].at
        step = _Step(group, min(at, seen_at))
        observation = readers[step.line.kind](step)
        if observation is not None:
            read.append(HistoryRow(max(line.id for line in group), at, (observation,)))
    return tuple(read)


def _lines(rows: Iterable[Mapping[str, object]], dialect: Dialect) -> Iterator[_Line]:
    """Open the rows that say when, which and of what; what nobody could follow is left out."""
    for row in rows:
        fields = Fields(row)
        about, number, at = read_row(fields, dialect), fields.id("id"), fields.moment("date")
        if about and number and at:
            yield _Line(fields, *about, number, at, fields.text("eventType") or "")


def _steps(lines: Iterable[_Line]) -> Iterator[tuple[_Line, ...]]:
    group: tuple[_Line, ...] = ()
    for line in lines:
        if group and not line.continues(group[-1]):
            yield group
            group = ()
        group = (*group, line)
    if group:
        yield group


def _grabbed(step: _Step) -> Observation:
    line = step.line
    return Grabbed(
        seen_at=step.seen_at,
        from_history=True,
        entry=line.entry,
        items=step.items,
        download_id=line.download_id,
        release=Release(
            title=line.fields.text("sourceTitle"),
            quality=line.quality,
            indexer=line.data.text("indexer"),
            size=line.data.whole("size"),
            group=line.data.text("releaseGroup"),
        ),
        client=line.data.text("downloadClientName", "downloadClient"),
    )


def _imported(step: _Step) -> Observation:
    """Read an import; old versions don't say which file, and then the title has to be read."""
    line = step.line
    if line.file_id is None:
        return _doubted(step)
    return FileImported(
        seen_at=step.seen_at,
        from_history=True,
        entry=line.entry,
        file_id=line.file_id,
        items=step.items,
        download_id=line.download_id,
        quality=line.quality,
        size=line.data.whole("size"),
    )


def _doubted(step: _Step) -> Observation:
    """Read that files changed: history doesn't say which file was deleted."""
    return EntryDoubted(seen_at=step.seen_at, from_history=True, entry=step.line.entry)


def _failed(step: _Step) -> Observation | None:
    return _dropped(step, Dropping.FAILED)


def _ignored(step: _Step) -> Observation | None:
    return _dropped(step, Dropping.IGNORED)


def _dropped(step: _Step, why: Dropping) -> Observation | None:
    line = step.line
    if line.download_id is None:
        return None
    return DownloadDropped(
        seen_at=step.seen_at,
        from_history=True,
        entry=line.entry,
        items=step.items,
        download_id=line.download_id,
        why=why,
        message=line.data.text("message"),
    )


_READERS: dict[str, Callable[[_Step], Observation | None]] = {
    GRABBED: _grabbed,
    "downloadFolderImported": _imported,
    "downloadFailed": _failed,
    "downloadIgnored": _ignored,
}

"""The webhooks of Radarr and Sonarr in the words they share: entry, grab, file, blocked import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flaskapp.domain.observation import (
    EntryDeleted,
    EntryRef,
    EntryTold,
    EpisodeRef,
    FileDeath,
    FileDeleted,
    FileImported,
    Grabbed,
    ImportBlocked,
    Observation,
    Release,
)
from flaskapp.sources.fields import UNKNOWN_KIND, Fields
from flaskapp.sources.servarr import Dialect, read_entry, read_messages
from flaskapp.sources.translation import Translation

_TEST = "Test"
_NOTHING_TO_FOLLOW = {
    _TEST: "test",
    "Health": "Health messages name no title.",
    "HealthRestored": "Health messages name no title.",
    "ApplicationUpdate": "An update names no title.",
}
_DEATHS = {death.value.lower(): death for death in FileDeath}


@dataclass(frozen=True)
class Event:
    """One webhook body of Radarr or Sonarr."""

    fields: Fields
    seen_at: datetime
    dialect: Dialect

    @property
    def entry(self) -> EntryRef:
        """Read the movie or series it speaks of."""
        return read_entry(self.fields.child(self.dialect.title), self.dialect.media_type)

    @property
    def items(self) -> tuple[EpisodeRef, ...]:
        """Read the film or the episodes it speaks of; none of a series is worth a note."""
        items = self.dialect.items(self.fields)
        if not items:
            self.fields.note("episodes", "names no episode")
        return items

    @property
    def download_id(self) -> str | None:
        """Read the id of the download; the two spell it in either case."""
        return self.fields.identifier("downloadId")


Reader = Callable[[Event], Observation]


def translate(
    payload: dict[str, object], seen_at: datetime, dialect: Dialect, readers: Mapping[str, Reader]
) -> Translation:
    """Give what one webhook body means."""
    fields = Fields(payload)
    kind = fields.needed_kind("eventType")
    reader = readers.get(kind)
    if reader is None:
        reason = _NOTHING_TO_FOLLOW.get(kind)
        # A kind that we don't know came with a later version, and may move a title. A test may have ended a pause.
        is_hint = reason is None or kind == _TEST
        return Translation(kind, reason=reason or UNKNOWN_KIND, notes=fields.notes, is_hint=is_hint)
    if reader is read_blocked and not fields.has(dialect.title):
        return Translation(kind, reason=f"It names no {dialect.title} that we could follow.", notes=fields.notes)
    observation = reader(Event(fields, seen_at, dialect))
    return Translation(kind, (observation,), notes=fields.notes)


def read_told(event: Event) -> Observation:
    """Read that the title exists: all that is left to follow when an event names no file or no episode."""
    return EntryTold(seen_at=event.seen_at, entry=event.entry)


def read_deleted(event: Event) -> Observation:
    """Read that the title was deleted."""
    return EntryDeleted(seen_at=event.seen_at, entry=event.entry, files_deleted=event.fields.flag("deletedFiles"))


def read_grabbed(event: Event) -> Observation:
    """Read that a release was handed to a download client."""
    release, items = event.fields.child("release"), event.items
    if not items:
        return read_told(event)
    return Grabbed(
        seen_at=event.seen_at,
        entry=event.entry,
        items=items,
        download_id=event.download_id,
        release=Release(
            title=release.text("releaseTitle"),
            quality=release.text("quality"),
            indexer=release.text("indexer"),
            size=release.whole("size"),
            group=release.text("releaseGroup"),
        ),
        client=event.fields.text("downloadClient"),
    )


def read_imported(event: Event) -> Observation:
    """Read that a file came to lie in the library folder."""
    file, items = event.fields.child(event.dialect.file), event.items
    file_id = _file_id_of(file)
    if file_id is None or not items:
        return read_told(event)
    return FileImported(
        seen_at=event.seen_at,
        entry=event.entry,
        file_id=file_id,
        items=items,
        download_id=event.download_id,
        quality=file.text("quality"),
        size=file.whole("size"),
        is_upgrade=event.fields.flag("isUpgrade"),
        replaced=tuple(old for row in event.fields.rows("deletedFiles") if (old := row.id("id"))),
        replaced_quality=next((row.text("quality") for row in event.fields.rows("deletedFiles")), None),
    )


def read_file_deleted(event: Event) -> Observation:
    """Read that a file record was deleted."""
    file_id = _file_id_of(event.fields.child(event.dialect.file))
    if file_id is None:
        return read_told(event)
    return FileDeleted(
        seen_at=event.seen_at,
        entry=event.entry,
        file_id=file_id,
        items=event.items,
        reason=_death_of(event.fields),
    )


def read_blocked(event: Event) -> Observation:
    """Read that an import waits for a person."""
    return ImportBlocked(
        seen_at=event.seen_at,
        entry=event.entry,
        items=event.items,
        download_id=event.download_id,
        messages=read_messages(event.fields, "downloadStatusMessages"),
    )


def _file_id_of(file: Fields) -> int | None:
    file_id = file.id("id")
    if file_id is None:
        file.note("id", "names no file")
    return file_id


def _death_of(fields: Fields) -> FileDeath:
    """Read why a file went; without a reason it is gone, and a successor has its own event and a higher id."""
    reason = fields.text("deleteReason")
    death = _DEATHS.get((reason or "").lower())
    if death is None:
        fields.note("deleteReason", "names no known reason")
    return death or FileDeath.MANUAL

"""Radarr's webhooks, and its films, queue and history when asked.

No webhook says anything of progress or failure; a second Grab is the only sign of a failed first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from flaskapp.domain.observation import FILM, MediaType
from flaskapp.domain.queue import DownloadListed, ReleasesHeld
from flaskapp.domain.reading import MovieRead
from flaskapp.sources import servarr_history, servarr_queue, servarr_webhooks
from flaskapp.sources.fields import LONGEST_ADDRESS, Fields
from flaskapp.sources.servarr import Dialect, read_entry, read_yes
from flaskapp.sources.servarr_history import HistoryRow
from flaskapp.sources.translation import Translation

_DIALECT = Dialect(
    MediaType.MOVIE,
    title="movie",
    file="movieFile",
    file_deleted="movieFileDeleted",
    items=lambda _: (FILM,),
    item=lambda _: FILM,
)
_READERS: dict[str, servarr_webhooks.Reader] = {
    "Grab": servarr_webhooks.read_grabbed,
    "Download": servarr_webhooks.read_imported,
    "Rename": servarr_webhooks.read_told,
    "MovieAdded": servarr_webhooks.read_told,
    "MovieDelete": servarr_webhooks.read_deleted,
    "MovieFileDelete": servarr_webhooks.read_file_deleted,
    "ManualInteractionRequired": servarr_webhooks.read_blocked,
}


def parse(payload: dict[str, object], seen_at: datetime) -> Translation:
    """Give what a webhook body of Radarr means."""
    return servarr_webhooks.translate(payload, seen_at, _DIALECT, _READERS)


def read_queue(
    rows: Iterable[Mapping[str, object]], seen_at: datetime
) -> tuple[tuple[DownloadListed, ...], ReleasesHeld]:
    """Read all rows of the queue, which have to hold their movie."""
    return servarr_queue.read_queue(rows, seen_at, _DIALECT)


def read_history(rows: Iterable[Mapping[str, object]], seen_at: datetime) -> tuple[HistoryRow, ...]:
    """Read rows of history, which have to hold their movie; the oldest comes first."""
    return servarr_history.read_history(rows, seen_at, _DIALECT)


def read_movie(row: dict[str, object], seen_at: datetime) -> MovieRead:
    """Read a row of ``/movie``; before 5.6 only the file itself carries its number."""
    fields = Fields(row, "movie")
    file = fields.child("movieFile")
    return MovieRead(
        seen_at=seen_at,
        entry=read_entry(fields, MediaType.MOVIE),
        file_id=fields.id("movieFileId") or file.id("id"),
        quality=file.child("quality").child("quality").text("name"),
        size=file.whole("size"),
        monitored=read_yes(fields, "monitored"),
        is_released=read_yes(fields, "isAvailable"),
        release_at=_release_at(fields, seen_at),
        searched_at=fields.moment("lastSearchTime"),
        path=fields.text("path", most=LONGEST_ADDRESS),
    )


def _release_at(fields: Fields, seen_at: datetime) -> datetime | None:
    """Give the next date on which the film comes out for home, or else the last one."""
    dates = sorted(at for name in ("digitalRelease", "physicalRelease") if (at := fields.moment(name)))
    return next((at for at in dates if at > seen_at), dates[-1] if dates else None)

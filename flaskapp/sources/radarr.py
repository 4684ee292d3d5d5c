"""Radarr's webhooks, and its films when asked.

No webhook says anything of progress or failure; a second Grab is the only sign of a failed first.
"""

from __future__ import annotations

from datetime import datetime

from flaskapp.domain.observation import FILM, MediaType
from flaskapp.domain.reading import MovieRead
from flaskapp.sources import servarr
from flaskapp.sources.fields import Fields
from flaskapp.sources.translation import Translation

_DIALECT = servarr.Dialect(MediaType.MOVIE, title="movie", file="movieFile", items=lambda _: (FILM,))
_READERS: dict[str, servarr.Reader] = {
    "Grab": servarr.read_grabbed,
    "Download": servarr.read_imported,
    "Rename": servarr.read_told,
    "MovieAdded": servarr.read_told,
    "MovieDelete": servarr.read_deleted,
    "MovieFileDelete": servarr.read_file_deleted,
    "ManualInteractionRequired": servarr.read_blocked,
}


def parse(payload: dict[str, object], seen_at: datetime) -> Translation:
    """Give what a webhook body of Radarr means."""
    return servarr.translate(payload, seen_at, _DIALECT, _READERS)


def read_movie(row: dict[str, object], seen_at: datetime) -> MovieRead:
    """Read a row of ``/movie``; before 5.6 only the file itself carries its number."""
    fields = Fields(row, "movie")
    file = fields.child("movieFile")
    return MovieRead(
        seen_at=seen_at,
        entry=servarr.read_entry(fields, MediaType.MOVIE),
        file_id=fields.id("movieFileId") or file.id("id"),
        quality=file.child("quality").child("quality").text("name"),
        size=file.whole("size"),
    )

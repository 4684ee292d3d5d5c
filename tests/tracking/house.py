"""The same film, series and people for all tests of what is recorded, and a look at what was kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.domain.observation import (
    FILM,
    DownloadPolled,
    DownloadStage,
    EntryRef,
    EpisodeRef,
    FileImported,
    Grabbed,
    LibraryItemType,
    MediaRef,
    MediaType,
    Release,
    RequesterRef,
    RequestTold,
    Word,
)
from flaskapp.domain.queue import DownloadDropped, DownloadListed, Dropping, QueueStage
from flaskapp.domain.reading import EpisodesRead, LibraryItemRead, ListedEpisode, MovieRead, RequestRead
from flaskapp.domain.recorded import Recorded
from flaskapp.extensions import db
from flaskapp.models import Change, MediaRequest
from flaskapp.models.row import Row

Tell = Callable[..., Recorded]
AnyRow = TypeVar("AnyRow", bound=Row)
Answer = TypeVar("Answer")
NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def later(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


METROPOLIS = MediaRef(MediaType.MOVIE, tmdb_id=19, imdb_id="tt0017136", title="Metropolis", year=1927)
NOSFERATU = MediaRef(MediaType.MOVIE, tmdb_id=653, title="Nosferatu", year=1922)
SIGNALS = MediaRef(MediaType.TV, tmdb_id=9990301, tvdb_id=9990101, title="The Signal House", year=2022)
IN_RADARR = EntryRef(12, METROPOLIS)
IN_SONARR = EntryRef(7, SIGNALS)
EPISODES = (EpisodeRef(2, 1), EpisodeRef(2, 2))
WISH = RequestTold(
    seen_at=NOON, seerr_request_id=1, media=METROPOLIS, word=Word.APPROVED, requested_by=RequesterRef("alice")
)
READ = RequestRead(
    seen_at=later(1),
    seerr_request_id=1,
    media=METROPOLIS,
    word=Word.APPROVED,
    completed=False,
    vanished=False,
    requested_by=WISH.requested_by,
    seasons=None,
    is_4k=False,
    asked_at=NOON,
)
SERIES_WISH = replace(WISH, seerr_request_id=2, media=SIGNALS, seasons=(2,))
GRABBED = Grabbed(seen_at=NOON, entry=IN_RADARR, items=(FILM,), download_id="f2e9", release=Release())
IMPORTED = FileImported(seen_at=NOON, entry=IN_RADARR, file_id=5, items=(FILM,), download_id="f2e9")
IN_FOLDER = MovieRead(seen_at=later(1), entry=IN_RADARR, file_id=5, path="/films/Metropolis (1927)")
NOT_IN_FOLDER = replace(IN_FOLDER, file_id=None)
SHOWN = LibraryItemRead(seen_at=NOON, item_id="d4c3", item_type=LibraryItemType.MOVIE, media=METROPOLIS)
POLLED = DownloadPolled(
    seen_at=NOON,
    download_id="f2e9",
    client="qBittorrent",
    stage=DownloadStage.DOWNLOADING,
    progress=0.25,
    size=1000,
    size_left=750,
)
LISTED = DownloadListed(
    seen_at=NOON,
    entry=IN_RADARR,
    items=(FILM,),
    download_id="f2e9",
    stage=QueueStage.DOWNLOADING,
    progress=0.5,
    size=1000,
    size_left=500,
    eta=60,
)
FAILED = DownloadDropped(
    seen_at=NOON, entry=IN_RADARR, items=(FILM,), download_id="f2e9", why=Dropping.FAILED, message="It was damaged"
)


def episodes_read(minutes: float, *file_ids: int | None, entry: EntryRef = IN_SONARR) -> EpisodesRead:
    """Give the list of the second season: one episode for each file id."""
    listed = tuple(
        ListedEpisode(2, number, f"Part {number}", None, aired=True, monitored=True, file_id=file_id)
        for number, file_id in enumerate(file_ids, start=1)
    )
    return EpisodesRead(seen_at=later(minutes), entry=entry, episodes=listed)


def episode_shown(number: int, minutes: float = 0) -> LibraryItemRead:
    return LibraryItemRead(
        seen_at=later(minutes),
        item_id=f"e{number}",
        item_type=LibraryItemType.EPISODE,
        media=None,
        series_id="show",
        season=2,
        episodes=(number,),
    )


SERIES_SHOWN = LibraryItemRead(seen_at=NOON, item_id="show", item_type=LibraryItemType.SERIES, media=SIGNALS)


def ask(query: Callable[[Session], Answer]) -> Answer:
    with Session(db.engine) as session:
        return query(session)


def rows(model: type[AnyRow]) -> Sequence[AnyRow]:
    return ask(lambda session: session.scalars(select(model).order_by(model.id)).all())


def only(model: type[AnyRow]) -> AnyRow:
    (row,) = rows(model)
    return row


def card(number: int = 1) -> MediaRequest:
    """Give the card of a request in Seerr."""
    return next(row for row in rows(MediaRequest) if row.seerr_request_id == number)


def trouble(number: int = 1) -> str | None:
    """Give the kind of what a card waits for."""
    found = card(number).trouble
    return found["kind"] if found else None


def last_change() -> Change:
    return rows(Change)[-1]

"""Law A: webhooks in any order, with any duplicates, end in the same state.

Only the words of one Seerr request keep their order: they carry no time, so the last arrival decides.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.domain.observation import (
    FILM,
    EntryDeleted,
    EntryRef,
    EntryTold,
    EpisodeRef,
    FileDeath,
    FileDeleted,
    FileImported,
    Grabbed,
    ImportCompleted,
    LibraryItemAdded,
    LibraryItemRemoved,
    LibraryItemType,
    MediaRef,
    MediaType,
    Observation,
    Release,
    RequestTold,
    Word,
)
from flaskapp.domain.origin import Origin
from flaskapp.domain.reading import EpisodesRead, ListedEpisode
from flaskapp.extensions import db
from flaskapp.models import MediaRequest
from flaskapp.tracking.record import Rules, record

START = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
METROPOLIS = MediaRef(MediaType.MOVIE, tmdb_id=19, imdb_id="tt0017136", title="Metropolis", year=1927)
SIGNALS = MediaRef(MediaType.TV, tmdb_id=9990301, tvdb_id=9990101, title="The Signal House", year=2022)
Step = tuple[str, bool, Observation]
"""Source, is it the 4K instance, what it says; the time is put on when it arrives."""


@st.composite
def film_lives(draw: st.DrawFn) -> list[Step]:
    """Draw the life of a film: grabs that fail, upgrades, deletions, a second coming, HD and 4K."""
    life: list[Step] = []
    for request_id, is_4k in ((1, False), (2, True))[: draw(st.integers(1, 2))]:
        life += _words(draw, request_id, METROPOLIS, is_4k=is_4k)
        if draw(st.booleans()):
            life += _film_in_radarr(draw, entry_id=1, is_4k=is_4k)
        if draw(st.booleans()):
            life += _film_in_radarr(draw, entry_id=2, is_4k=is_4k)
    if draw(st.booleans()):
        shown = LibraryItemAdded(
            seen_at=START, item_id="aa11", item_type=LibraryItemType.MOVIE, media=METROPOLIS, title="Metropolis"
        )
        life.append(("jellyfin", False, shown))
        if draw(st.booleans()):
            life.append(("jellyfin", False, LibraryItemRemoved(seen_at=START, item_id="aa11")))
    return life


def _words(
    draw: st.DrawFn, request_id: int, media: MediaRef, *, is_4k: bool, seasons: tuple[int, ...] | None = None
) -> list[Step]:
    words = [Word.PENDING, draw(st.sampled_from([Word.APPROVED, Word.DECLINED]))]
    if words[-1] is Word.APPROVED and draw(st.booleans()):
        words.append(Word.FAILED)
    told = [
        RequestTold(seen_at=START, seerr_request_id=request_id, media=media, word=word, is_4k=is_4k, seasons=seasons)
        for word in words
    ]
    if draw(st.booleans()):
        told.append(
            RequestTold(
                seen_at=START,
                seerr_request_id=request_id,
                media=MediaRef(media.media_type, tmdb_id=media.tmdb_id),
                word=None,
                completed=True,
                is_4k=is_4k,
                seasons=seasons,
            )
        )
    return [("seerr", False, each) for each in told]


def _film_in_radarr(draw: st.DrawFn, *, entry_id: int, is_4k: bool) -> list[Step]:
    # Old Radarrs name only one of the ids: what belongs together must be found out in any order.
    refs = [METROPOLIS, MediaRef(MediaType.MOVIE, tmdb_id=19), MediaRef(MediaType.MOVIE, imdb_id="tt0017136")]
    entry = EntryRef(entry_id, draw(st.sampled_from(refs)))
    told: list[Observation] = [EntryTold(seen_at=START, entry=EntryRef(entry_id, METROPOLIS))]
    told += [_grab(entry, f"{entry_id}{attempt}aa") for attempt in range(draw(st.integers(0, 2)))]
    for file_id in range(1, draw(st.integers(1, 3))):
        told.append(
            FileImported(
                seen_at=START,
                entry=entry,
                file_id=entry_id * 10 + file_id,
                items=(FILM,),
                download_id=draw(st.sampled_from([None, f"{entry_id}0aa", f"{entry_id}1aa"])),
            )
        )
        death = draw(st.sampled_from([None, FileDeath.UPGRADE, FileDeath.MANUAL, FileDeath.MANUAL_OVERRIDE]))
        if death is not None:
            told.append(
                FileDeleted(seen_at=START, entry=entry, file_id=entry_id * 10 + file_id, items=(FILM,), reason=death)
            )
    if draw(st.booleans()):
        told.append(EntryDeleted(seen_at=START, entry=entry, files_deleted=draw(st.booleans())))
    return [("radarr", is_4k, each) for each in told]


def _grab(entry: EntryRef, download_id: str | None, *items: EpisodeRef) -> Grabbed:
    release = Release(title="Release", quality="Bluray-1080p", indexer="Indexer", size=1000)
    return Grabbed(seen_at=START, entry=entry, items=items or (FILM,), download_id=download_id, release=release)


@st.composite
def series_lives(draw: st.DrawFn) -> list[Step]:
    """Draw the life of a season: a pack and single grabs, part imports, hints, episodes in Jellyfin."""
    count = draw(st.integers(1, 4))
    refs = [EpisodeRef(2, number) for number in range(1, count + 1)]
    entry = EntryRef(7, draw(st.sampled_from([SIGNALS, MediaRef(MediaType.TV, tvdb_id=9990101)])))
    life = _words(draw, 7, SIGNALS, is_4k=False, seasons=(2,))
    told: list[Observation] = [_grab(entry, "pack", *refs)] if draw(st.booleans()) else []
    for ref in refs:
        told += _episode(draw, entry, ref)
    if draw(st.booleans()):
        hinted = draw(st.sampled_from(["pack", None]))
        told.append(ImportCompleted(seen_at=START, entry=entry, items=tuple(refs), download_id=hinted))
    if draw(st.booleans()):
        told.append(EntryDeleted(seen_at=START, entry=entry, files_deleted=True))
    life += [("sonarr", False, each) for each in told]
    life += [("jellyfin", False, each) for each in _season_in_jellyfin(draw, refs)]
    return life


def _episode(draw: st.DrawFn, entry: EntryRef, ref: EpisodeRef) -> list[Observation]:
    told: list[Observation] = []
    if draw(st.booleans()):
        told.append(_grab(entry, draw(st.sampled_from([None, f"single{ref.episode}"])), ref))
    for version in range(draw(st.integers(0, 2))):
        file_id = 100 * (version + 1) + ref.episode
        download_id = draw(st.sampled_from([None, "pack", f"single{ref.episode}"]))
        told.append(FileImported(seen_at=START, entry=entry, file_id=file_id, items=(ref,), download_id=download_id))
        death = draw(st.sampled_from([None, None, *FileDeath]))
        if death is not None:
            told.append(FileDeleted(seen_at=START, entry=entry, file_id=file_id, items=(ref,), reason=death))
    return told


def _season_in_jellyfin(draw: st.DrawFn, refs: list[EpisodeRef]) -> list[Observation]:
    told: list[Observation] = [
        LibraryItemAdded(
            seen_at=START,
            item_id=f"episode{ref.episode}",
            item_type=LibraryItemType.EPISODE,
            media=None,
            series_id="show",
            season=ref.season,
            episodes=(ref.episode,),
        )
        for ref in refs
        if draw(st.booleans())
    ]
    if told:
        told.append(
            LibraryItemAdded(
                seen_at=START,
                item_id="show",
                item_type=LibraryItemType.SERIES,
                media=MediaRef(MediaType.TV, tmdb_id=SIGNALS.tmdb_id),
            )
        )
    return told


@st.composite
def retold(draw: st.DrawFn, lives: st.SearchStrategy[list[Step]]) -> tuple[list[Step], list[Step]]:
    """Draw a life in its order, and the same life shuffled and doubled."""
    life = draw(lives)
    doubled = life + [step for step in life if not _is_word(step[2]) and draw(st.booleans())]
    shuffled = draw(st.permutations(doubled))
    # Words keep their order: the places of words are filled with the words as they were said.
    words = iter([step for step in life if _is_word(step[2])])
    return life, [next(words) if _is_word(step[2]) else step for step in shuffled]


def _is_word(observation: Observation) -> bool:
    return isinstance(observation, RequestTold) and observation.word is not None


def _arrive(steps: list[Step], first: Observation | None = None) -> None:
    """Let each step arrive as a webhook of its own, half a minute after the one before."""
    if first is not None:
        record([first], Origin("sonarr", "sonarr", is_4k=False, now=START), Rules())
    for number, (source, is_4k, observation) in enumerate(steps):
        now = START + timedelta(seconds=30 * (number + 1))
        told = type(observation)(**{**vars(observation), "seen_at": now})
        origin = Origin(source, "4k" if is_4k else source, is_4k, now)
        record([told], origin, Rules())


def _end() -> list[tuple[object, ...]]:
    with Session(db.engine) as session:
        rows = session.scalars(select(MediaRequest).order_by(MediaRequest.seerr_request_id))
        return [
            (row.seerr_request_id, row.is_4k, row.seasons, row.state, row.progress, row.eta, row.face["strip"])
            for row in rows
        ]


LAW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@LAW
@pytest.mark.timeout(300)
@given(told=retold(film_lives()))
def test_films_end_alike_in_any_order(empty: Callable[[], None], told: tuple[list[Step], list[Step]]) -> None:
    life, shuffled = told

    empty()
    _arrive(life)
    in_order = _end()
    empty()
    _arrive(shuffled)

    assert _end() == in_order


@LAW
@pytest.mark.timeout(300)
@given(told=retold(series_lives()), has_list=st.booleans())
def test_series_end_alike_in_any_order(
    empty: Callable[[], None], told: tuple[list[Step], list[Step]], *, has_list: bool
) -> None:
    life, shuffled = told
    known = _episode_list() if has_list else None

    empty()
    _arrive(life, known)
    in_order = _end()
    empty()
    _arrive(shuffled, known)

    assert _end() == in_order


def _episode_list() -> EpisodesRead:
    """Give the list as it was read before anything was told: five episodes, the last one unaired."""
    rows = [
        ListedEpisode(2, number, f"Part {number}", None, aired=number < 5, monitored=True, file_id=None)
        for number in range(1, 6)
    ]
    return EpisodesRead(seen_at=START - timedelta(days=1), entry=EntryRef(7, SIGNALS), episodes=tuple(rows))

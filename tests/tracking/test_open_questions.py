"""What the record still misses: who is asked about, and that long lists cost no more questions than short ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from flaskapp.domain.observation import (
    FILM,
    DownloadGone,
    DownloadStage,
    EntryDeleted,
    EntryRef,
    LibraryItemAdded,
    LibraryItemType,
    MediaType,
    Observation,
    Word,
)
from flaskapp.domain.origin import Origin
from flaskapp.domain.queue import Dropping, QueueStage
from flaskapp.domain.reading import EntryDoubted, LibraryItemAbsent
from flaskapp.extensions import db, writing
from flaskapp.models import (
    Download,
    DownloadAlias,
    Entry,
    ExternalId,
    Grab,
    Item,
    Media,
    open_questions,
    service_questions,
)
from flaskapp.tracking.asked import new_request
from flaskapp.tracking.record import forget
from tests.tracking.house import (
    EPISODES,
    FAILED,
    GRABBED,
    IMPORTED,
    IN_FOLDER,
    IN_RADARR,
    IN_SONARR,
    LISTED,
    NOON,
    NOSFERATU,
    POLLED,
    SERIES_SHOWN,
    SERIES_WISH,
    SHOWN,
    WISH,
    Tell,
    ask,
    card,
    episode_shown,
    episodes_read,
    later,
)

MISSING_BYTES = partial(service_questions.missing_bytes, client="qBittorrent")
SHOWN_ITEMS = partial(service_questions.shown_items, instance="jellyfin")
GONE = DownloadGone(seen_at=later(5), download_id="f2e9")
DROPS = {why: replace(FAILED, why=why, seen_at=later(5)) for why in Dropping}
SECOND = replace(GRABBED, download_id="bbbb", seen_at=later(2))


def grabs(source: str = "radarr", instance: str | None = None) -> list[tuple[tuple[str, ...], int, MediaType]]:
    query = partial(open_questions.open_grabs, source=source, instance=instance or source)
    return list(ask(query))


@pytest.mark.parametrize(
    ("said", "followed", "grabbed"),
    [
        ([], 0, 0),
        ([GRABBED], 1, 1),
        ([LISTED], 1, 1),
        ([GRABBED, LISTED, POLLED], 1, 1),
        ([GRABBED, SECOND], 2, 2),
        ([replace(GRABBED, download_id=None)], 1, 0),  # a made-up id is in no queue
        ([GRABBED, POLLED, GONE], 0, 0),
        ([GRABBED, DROPS[Dropping.FAILED]], 0, 0),
        ([GRABBED, DROPS[Dropping.REMOVED]], 1, 0),  # its client may still know it
        ([GRABBED, DROPS[Dropping.IGNORED]], 1, 0),
        ([GRABBED, IMPORTED], 0, 0),
        ([GRABBED, SECOND, IMPORTED], 1, 1),
        ([GRABBED, SECOND, IMPORTED, SHOWN], 0, 0),
        ([GRABBED, EntryDeleted(seen_at=later(5), entry=IN_RADARR, files_deleted=False)], 0, 0),
    ],
)
def test_downloads_are_followed_while_they_may_bring_something(
    tell: Tell, said: list[Observation], followed: int, grabbed: int
) -> None:
    tell("seerr", WISH)

    for each in said:
        tell("radarr", each)

    assert len(ask(open_questions.open_downloads)) == followed
    assert len(ask(open_questions.tracked_downloads)) == followed
    assert len(grabs()) == grabbed


def test_downloads_that_nobody_waits_for_are_not_followed(tell: Tell) -> None:
    tell("radarr", GRABBED)
    tell("seerr", replace(WISH, is_4k=True))
    assert (ask(open_questions.open_downloads), grabs()) == ([], [])
    tell("seerr", replace(WISH, seerr_request_id=5))
    assert len(ask(open_questions.open_downloads)) == 1

    forget(card(5).id, Origin("board", "board", is_4k=False, now=NOON))

    assert (ask(open_questions.open_downloads), grabs()) == ([], [])


def test_a_grab_is_known_by_all_its_ids_in_its_own_instance(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("seerr", SERIES_WISH)
    tell("radarr", GRABBED)
    tell("qbittorrent", replace(POLLED, download_id="a1b2", aliases=("f2e9",)))
    tell("sonarr", replace(LISTED, entry=IN_SONARR, items=EPISODES, download_id="c3c3"))

    assert grabs() == [(("a1b2", "f2e9"), 12, MediaType.MOVIE)]
    assert grabs("sonarr") == [(("c3c3",), 7, MediaType.TV)]
    assert grabs("radarr", "4k") == []


@pytest.mark.parametrize(
    ("stage", "is_held"),
    [
        (QueueStage.PENDING, True),
        (QueueStage.HELD, True),
        (QueueStage.BLOCKED, True),
        (QueueStage.DOWNLOADING, False),
        (QueueStage.IMPORTING, False),
        (QueueStage.FAILED, False),
    ],
)
def test_an_import_that_is_held_up_tells_folder_and_bytes(tell: Tell, stage: QueueStage, *, is_held: bool) -> None:
    tell("seerr", WISH)
    tell("radarr", replace(IN_FOLDER, file_id=None))
    tell("radarr", replace(LISTED, stage=stage, size=4200))

    held = partial(open_questions.held_imports, source="radarr")
    assert ask(partial(held, instance="radarr")) == ([("/films/Metropolis (1927)", 4200)] if is_held else [])
    assert ask(partial(held, instance="4k")) == []


def test_a_held_pack_counts_once_and_an_import_that_is_over_not_at_all(tell: Tell) -> None:
    pack = replace(LISTED, entry=IN_SONARR, items=EPISODES, stage=QueueStage.BLOCKED, size=9000)
    held = partial(open_questions.held_imports, source="sonarr", instance="sonarr")
    tell("seerr", SERIES_WISH)
    tell("sonarr", replace(episodes_read(1, None, None), path="/tv/The Signal House"))
    tell("sonarr", pack)
    assert ask(held) == [("/tv/The Signal House", 9000)]

    tell("sonarr", replace(FAILED, entry=IN_SONARR, items=EPISODES, why=Dropping.IGNORED, seen_at=later(2)))

    assert ask(held) == []


def test_only_what_a_client_speaks_of_lacks_bytes_there(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("radarr", LISTED)
    assert ask(MISSING_BYTES) == []

    tell("qbittorrent", POLLED)
    assert ask(MISSING_BYTES) == [(750, False)]
    tell("qbittorrent", replace(POLLED, stage=DownloadStage.ERROR, seen_at=later(1)))
    assert ask(MISSING_BYTES) == [(750, True)]
    assert ask(partial(service_questions.missing_bytes, client="qBittorrent VPN")) == []
    tell("qbittorrent", replace(GONE))

    assert ask(MISSING_BYTES) == []


def test_what_is_shown_is_looked_for_while_it_is_on_the_board(tell: Tell) -> None:
    tell("jellyfin", SHOWN)
    assert ask(SHOWN_ITEMS) == []
    tell("seerr", WISH)
    tell("radarr", IN_FOLDER)
    assert ask(SHOWN_ITEMS) == [("d4c3", True)]

    tell("jellyfin", LibraryItemAbsent(seen_at=later(5), item_id="d4c3"))
    assert ask(SHOWN_ITEMS) == []
    tell("jellyfin", replace(SHOWN, seen_at=later(6)))
    forget(card().id, Origin("board", "board", is_4k=False, now=NOON))

    assert ask(SHOWN_ITEMS) == []


def test_of_a_series_all_that_is_shown_is_looked_for(tell: Tell) -> None:
    tell("seerr", SERIES_WISH)
    tell("sonarr", episodes_read(1, 70, None))

    tell("jellyfin", SERIES_SHOWN)
    tell("jellyfin", episode_shown(1))

    assert ask(SHOWN_ITEMS) == [("show", True), ("e1", True)]


def test_each_jellyfin_is_asked_for_its_own_items_alone(tell: Tell) -> None:
    episode = LibraryItemAdded(
        seen_at=later(3), item_id="e9", item_type=LibraryItemType.EPISODE, media=None, series_id="5e", season=1
    )
    tell("seerr", WISH)
    tell("radarr", IN_FOLDER)
    tell("jellyfin", SHOWN)
    tell("jellyfin", replace(SHOWN, item_id="f00d"), episode, instance="cottage")

    shown, opened = (
        {who: ask(partial(query, instance=who)) for who in ("jellyfin", "cottage")}
        for query in (service_questions.shown_items, open_questions.open_library_items)
    )

    assert shown == {"jellyfin": [("d4c3", True)], "cottage": [("f00d", True)]}
    assert opened == {"jellyfin": [], "cottage": [("e9", "5e", later(3))]}


def test_what_nobody_waits_for_is_asked_for_in_turn(tell: Tell) -> None:
    other = EntryRef(13, NOSFERATU)

    def oldest() -> list[tuple[int, int]]:
        rows = ask(partial(service_questions.longest_unasked, source="radarr", instance="radarr"))
        return [(entry_id, number) for entry_id, number, _ in rows]

    tell("seerr", WISH)
    tell("radarr", IN_FOLDER)
    assert oldest() == []  # somebody waits for it
    tell("jellyfin", SHOWN)
    assert oldest() == [(12, 19)]

    tell("seerr", replace(WISH, seerr_request_id=8, media=NOSFERATU, word=Word.DECLINED))
    tell("radarr", replace(IN_FOLDER, entry=other, file_id=None, seen_at=later(2)))
    assert oldest() == [(12, 19)]
    tell("radarr", replace(IN_FOLDER, seen_at=later(3)))
    assert oldest() == [(13, 653)]
    tell("radarr", EntryDoubted(seen_at=later(4), entry=other))
    assert oldest() == [(12, 19)]
    tell("radarr", EntryDeleted(seen_at=later(5), entry=IN_RADARR, files_deleted=False))
    tell("radarr", EntryDeleted(seen_at=later(5), entry=other, files_deleted=False))

    assert oldest() == []


@contextmanager
def counting() -> Iterator[list[str]]:
    """Collect the statements that are sent to the database."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


QUESTIONS: list[Callable[[Session], Any]] = [
    open_questions.tracked_downloads,
    partial(open_questions.open_grabs, source="radarr", instance="radarr"),
    partial(open_questions.held_imports, source="radarr", instance="radarr"),
    partial(open_questions.open_films, is_4k=False),
    open_questions.unshown,
    partial(open_questions.listed_requests, instance="seerr"),
    MISSING_BYTES,
    SHOWN_ITEMS,
    partial(service_questions.longest_unasked, source="radarr", instance="radarr"),
    partial(service_questions.due_looks, now=later(60 * 24 * 365)),
]


def add_films(numbers: Sequence[int]) -> None:
    """Add films whose import is held up, row by row: telling them one by one takes long."""
    with writing() as session:
        for number in numbers:
            media = Media(media_type=MediaType.MOVIE, title=f"Film {number}")
            media.external_ids.append(ExternalId(media_type=MediaType.MOVIE, provider="tmdb", value=str(number)))
            download = Download(grabbed_at=NOON, speaker="qBittorrent", queue_stage=QueueStage.HELD, size=1000)
            download.aliases.append(DownloadAlias(value=f"{number:040x}"))
            session.add_all([media, download])
            session.flush()
            item = Item(media_id=media.id, season=FILM.season, episode=FILM.episode)
            path = f"/films/{number}"
            entry = Entry(
                source="radarr", instance="radarr", entry_id=number, media_id=media.id, is_4k=False, path=path
            )
            request = new_request(media, NOON)
            request.seerr_instance, request.seerr_request_id = "seerr", number
            session.add_all([item, entry, request])
            session.flush()
            session.add(Grab(entry_pk=entry.id, download_pk=download.id, item_pk=item.id))


@pytest.mark.usefixtures("empty")
def test_five_hundred_requests_cost_no_more_statements_than_ten() -> None:
    spent: list[list[int]] = []
    for numbers in (range(1, 11), range(11, 501)):
        add_films(numbers)
        spent.append([])
        for question in QUESTIONS:
            with counting() as sent:
                assert len(ask(question)) in (0, numbers[-1])
            spent[-1].append(len(sent))

    few, many = spent
    assert max(few) <= 3  # the beginning of the transaction, the rows, and their ids
    assert all(after <= before + 1 for before, after in zip(few, many, strict=True))  # ids are asked for by 500


def test_what_one_quality_imported_is_still_followed_for_the_other(tell: Tell) -> None:
    tell("seerr", WISH, replace(WISH, seerr_request_id=3, is_4k=True))
    tell("radarr", GRABBED)
    tell("radarr", GRABBED, IMPORTED, is_4k=True)

    followed = ask(open_questions.tracked_downloads)
    tell("radarr", IMPORTED)

    assert [aliases for _, aliases, _ in followed] == [("f2e9",)]
    assert ask(open_questions.tracked_downloads) == []

"""What is written when sources speak: facts, cards, and one Change where a card differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from flaskapp.domain.observation import (
    FILM,
    DownloadGone,
    DownloadPolled,
    DownloadStage,
    EntryRef,
    EntryTold,
    EpisodeRef,
    FileDeath,
    FileDeleted,
    FileImported,
    Grabbed,
    LibraryItemAdded,
    LibraryItemType,
    MediaRef,
    MediaType,
    Release,
    RequesterRef,
    RequestTold,
    Word,
)
from flaskapp.domain.origin import Origin
from flaskapp.domain.reading import EpisodesRead, LibraryItemRead, ListedEpisode
from flaskapp.domain.recorded import Recorded
from flaskapp.domain.state import State
from flaskapp.extensions import db
from flaskapp.models import Change, Download, Entry, Grab, LibraryItem, Media, MediaFile, MediaRequest
from flaskapp.models.row import Row
from flaskapp.tracking.record import forget

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
METROPOLIS = MediaRef(MediaType.MOVIE, tmdb_id=19, imdb_id="tt0017136", title="Metropolis", year=1927)
SIGNALS = MediaRef(MediaType.TV, tmdb_id=9990301, tvdb_id=9990101, title="The Signal House", year=2022)
IN_RADARR = EntryRef(12, METROPOLIS)
IN_SONARR = EntryRef(7, SIGNALS)
ASKED = RequestTold(
    seen_at=NOON, seerr_request_id=1, media=METROPOLIS, word=Word.PENDING, requested_by=RequesterRef("alice")
)
APPROVED = replace(ASKED, word=Word.APPROVED, seen_at=NOON + timedelta(minutes=1))
RELEASE = Release("Metropolis.1927.1080p", "Bluray-1080p", "Public Films", 4_200_000_000, "UFA")
GRABBED = Grabbed(
    seen_at=NOON, entry=IN_RADARR, items=(FILM,), download_id="f2e9", release=RELEASE, client="qBittorrent"
)
IMPORTED = FileImported(seen_at=NOON, entry=IN_RADARR, file_id=5, items=(FILM,), download_id="f2e9")
SHOWN = LibraryItemAdded(seen_at=NOON, item_id="d4c3", item_type=LibraryItemType.MOVIE, media=METROPOLIS)
POLLED = DownloadPolled(
    seen_at=NOON, download_id="f2e9", stage=DownloadStage.DOWNLOADING, progress=0.25, size=1000, speed=50, eta=15
)


Tell = Callable[..., Recorded]
AnyRow = TypeVar("AnyRow", bound=Row)


def rows(model: type[AnyRow]) -> Sequence[AnyRow]:
    with Session(db.engine) as session:
        return session.scalars(select(model).order_by(model.id)).all()


def count(model: type[Row]) -> int:
    return len(rows(model))


def only_request() -> MediaRequest:
    (request,) = rows(MediaRequest)
    return request


def test_a_film_goes_from_a_wish_to_the_screen(tell: Tell) -> None:
    tell("seerr", ASKED)
    tell("seerr", APPROVED)
    tell("radarr", GRABBED)
    tell("qbittorrent", POLLED)
    tell("qbittorrent", replace(POLLED, stage=DownloadStage.COMPLETE, progress=1.0, seen_at=NOON + timedelta(hours=1)))
    tell("radarr", IMPORTED)
    tell("jellyfin", SHOWN)

    steps = [(change.kind, change.from_state, change.to_state, change.source) for change in rows(Change)]
    assert steps == [
        ("created", None, State.REQUESTED, "seerr"),
        ("state", State.REQUESTED, State.APPROVED, "seerr"),
        ("state", State.APPROVED, State.GRABBED, "radarr"),
        ("state", State.GRABBED, State.DOWNLOADING, "qbittorrent"),
        ("state", State.DOWNLOADING, State.DOWNLOADED, "qbittorrent"),
        ("state", State.DOWNLOADED, State.IMPORTED, "radarr"),
        ("state", State.IMPORTED, State.AVAILABLE, "jellyfin"),
    ]
    assert rows(Change)[2].reason == "Grabbed from Public Films for qBittorrent: 4.2 GB, Bluray-1080p by UFA"


def test_fifty_identical_webhooks_make_one_row_of_each(tell: Tell) -> None:
    for _ in range(50):
        tell("seerr", ASKED)
        tell("radarr", GRABBED)
        tell("radarr", IMPORTED)

    models = (MediaRequest, Media, Entry, Download, Grab, MediaFile)
    assert [count(model) for model in models] == [1] * len(models)
    assert count(Change) == 3


def test_progress_alone_writes_no_change(tell: Tell) -> None:
    tell("seerr", APPROVED)
    tell("radarr", GRABBED)
    tell("qbittorrent", POLLED)
    before = count(Change)

    later = replace(POLLED, progress=0.5, eta=10, seen_at=NOON + timedelta(seconds=2))
    recorded = tell("qbittorrent", later)

    assert (only_request().progress, only_request().eta) == (50, 10)
    assert [(numbers.progress, numbers.eta, numbers.speed) for numbers in recorded.measured] == [(50, 10, 50)]
    assert count(Change) == before


def test_the_timeline_names_the_download_that_made_the_step(tell: Tell) -> None:
    tell("seerr", APPROVED)
    tell("radarr", GRABBED)
    tell("radarr", replace(GRABBED, download_id="bbbb"))

    tell("qbittorrent", POLLED, replace(POLLED, download_id="bbbb", stage=DownloadStage.METADATA, progress=0.0))

    assert (rows(Change)[-1].to_state, rows(Change)[-1].reason) == (State.DOWNLOADING, "The download runs")


def test_a_client_that_is_only_checking_does_not_pull_the_bar_back(tell: Tell) -> None:
    tell("seerr", APPROVED)
    tell("radarr", GRABBED)
    tell("qbittorrent", replace(POLLED, progress=0.6))

    checking = replace(POLLED, stage=DownloadStage.CHECKING, progress=0.1, seen_at=NOON + timedelta(seconds=2))
    tell("qbittorrent", checking)

    assert (only_request().state, only_request().progress) == (State.DOWNLOADING, 60)


def test_a_client_that_checks_what_is_whole_does_not_take_it_back(tell: Tell) -> None:
    tell("seerr", APPROVED)
    tell("radarr", GRABBED)
    tell("qbittorrent", replace(POLLED, stage=DownloadStage.COMPLETE, progress=1.0))

    checking = replace(POLLED, stage=DownloadStage.CHECKING, progress=0.1, seen_at=NOON + timedelta(seconds=2))
    tell("qbittorrent", checking)

    assert (only_request().state, only_request().progress) == (State.DOWNLOADED, 100)


def test_a_check_that_lasts_is_told(tell: Tell) -> None:
    tell("seerr", APPROVED)
    tell("radarr", GRABBED)
    tell("qbittorrent", replace(POLLED, progress=0.6))

    for seconds in (2, 32, 92):
        checking = replace(POLLED, stage=DownloadStage.CHECKING, seen_at=NOON + timedelta(seconds=seconds))
        tell("qbittorrent", checking)

    assert only_request().trouble is not None
    assert (only_request().trouble or {})["kind"] == "checking"


def test_an_old_poll_does_not_overtake_a_new_one(tell: Tell) -> None:
    tell("seerr", APPROVED)
    tell("radarr", GRABBED)
    tell("qbittorrent", replace(POLLED, progress=0.6, seen_at=NOON + timedelta(seconds=4)))

    tell("qbittorrent", replace(POLLED, progress=0.3, seen_at=NOON + timedelta(seconds=2)))

    assert only_request().progress == 60


def test_a_torrent_is_one_download_under_all_its_ids(tell: Tell) -> None:
    tell("seerr", APPROVED)
    tell("radarr", GRABBED)

    tell("qbittorrent", replace(POLLED, download_id="v2v2", aliases=("f2e9",)))
    tell("radarr", replace(IMPORTED, download_id="v2v2"))

    assert count(Download) == 1
    assert only_request().state is State.IMPORTED


def test_a_download_nobody_grabbed_is_not_ours(tell: Tell) -> None:
    tell("seerr", APPROVED)

    tell("qbittorrent", replace(POLLED, download_id="someone else's"))

    assert count(Download) == 0


def test_a_download_that_is_gone_no_longer_counts(tell: Tell) -> None:
    tell("seerr", APPROVED)
    tell("radarr", GRABBED)
    tell("qbittorrent", POLLED)

    tell("qbittorrent", DownloadGone(seen_at=NOON + timedelta(minutes=1), download_id="f2e9"))

    assert (only_request().state, only_request().progress) == (State.APPROVED, 0)


def test_a_second_grab_is_a_second_attempt_on_the_card(tell: Tell) -> None:
    tell("seerr", APPROVED)
    tell("radarr", GRABBED)

    tell("radarr", replace(GRABBED, download_id="bbbb"))

    assert only_request().face["attempt"] == 2
    assert rows(Change)[-1].kind == "detail"


def test_a_better_title_from_seerr_is_a_detail(tell: Tell) -> None:
    tell("seerr", replace(ASKED, media=replace(METROPOLIS, title="Metropolis & more")))

    tell("seerr", ASKED)

    assert rows(Change)[-1].kind == "detail"
    assert only_request().face["title"] == "Metropolis"


def test_facts_that_came_before_the_request_are_found(tell: Tell) -> None:
    tell("radarr", GRABBED)
    tell("radarr", IMPORTED)
    tell("jellyfin", SHOWN)
    assert count(MediaRequest) == 0

    tell("seerr", APPROVED)

    assert only_request().state is State.AVAILABLE


def test_two_ids_that_turn_out_to_be_one_film_are_merged(tell: Tell) -> None:
    tell("seerr", replace(APPROVED, media=MediaRef(MediaType.MOVIE, tmdb_id=19, title="Metropolis")))
    tell("radarr", replace(GRABBED, entry=EntryRef(12, MediaRef(MediaType.MOVIE, imdb_id="tt0017136"))))
    assert only_request().state is State.APPROVED

    tell("radarr", EntryTold(seen_at=NOON, entry=IN_RADARR))

    assert count(Media) == 1
    assert only_request().state is State.GRABBED


def test_an_episode_waits_until_its_show_is_known(tell: Tell) -> None:
    asked = replace(APPROVED, media=SIGNALS, seasons=(2,))
    tell("seerr", asked)
    episode = LibraryItemAdded(
        seen_at=NOON,
        item_id="e1",
        item_type=LibraryItemType.EPISODE,
        media=None,
        series_id="show",
        season=2,
        episodes=(1, 2),
    )
    tell("jellyfin", episode)
    assert only_request().state is State.APPROVED

    tell("jellyfin", LibraryItemRead(seen_at=NOON, item_id="show", item_type=LibraryItemType.SERIES, media=SIGNALS))

    assert count(LibraryItem) == 2
    assert only_request().state is State.PARTIALLY_AVAILABLE
    assert [each["episode"] for each in only_request().face["strip"]] == [1, 2]


def test_the_episode_list_makes_a_season_whole(tell: Tell) -> None:
    tell("seerr", replace(APPROVED, media=SIGNALS, seasons=(2,)))
    refs = (EpisodeRef(2, 1), EpisodeRef(2, 2))
    for number, ref in enumerate(refs):
        imported = FileImported(seen_at=NOON, entry=IN_SONARR, file_id=70 + number, items=(ref,))
        tell("sonarr", imported)
        shown = LibraryItemAdded(
            seen_at=NOON, item_id=f"e{number}", item_type=LibraryItemType.EPISODE, media=None,
            series_id="show", season=2, episodes=(ref.episode,),
        )  # fmt: skip
        tell("jellyfin", shown)
    tell("jellyfin", LibraryItemAdded(seen_at=NOON, item_id="show", item_type=LibraryItemType.SERIES, media=SIGNALS))
    assert only_request().state is State.PARTIALLY_AVAILABLE

    file_ids = {1: 70, 2: 71}
    listed = [
        ListedEpisode(2, number, "Part", None, aired=number < 3, monitored=True, file_id=file_ids.get(number))
        for number in (1, 2, 3)
    ]
    tell("sonarr", EpisodesRead(seen_at=NOON + timedelta(minutes=5), entry=IN_SONARR, episodes=tuple(listed)))

    assert only_request().state is State.AVAILABLE
    assert [only_request().face[key] for key in ("here", "due")] == [2, 2]


def test_the_first_call_of_a_jellyfin_takes_the_last_word_from_seerr(tell: Tell) -> None:
    tell("seerr", replace(APPROVED, word=None, completed=True))
    assert only_request().state is State.AVAILABLE

    tell("jellyfin", replace(SHOWN, media=MediaRef(MediaType.MOVIE, tmdb_id=653, title="Nosferatu")))

    assert only_request().state is State.IMPORTED


def test_a_deleted_card_never_comes_back_but_a_new_request_is_a_new_card(tell: Tell) -> None:
    tell("seerr", APPROVED)
    deleted = forget(only_request().id, Origin("board", "board", is_4k=False, now=NOON))

    tell("seerr", replace(APPROVED, seen_at=NOON + timedelta(hours=1)))
    tell("radarr", GRABBED)

    assert rows(Change)[-1].id == deleted.change_ids[-1]
    tell("seerr", replace(APPROVED, seerr_request_id=2))
    assert [request.deleted_at is None for request in rows(MediaRequest)] == [False, True]


def test_titles_nobody_asked_for_get_a_card_only_when_wanted(tell: Tell) -> None:
    tell("radarr", EntryTold(seen_at=NOON, entry=IN_RADARR))
    assert count(MediaRequest) == 0

    tell("radarr", GRABBED, track_unrequested=True)
    assert (only_request().seerr_request_id, only_request().state) == (None, State.GRABBED)

    tell("seerr", ASKED)
    assert (only_request().seerr_request_id, only_request().requested_by) == (1, "alice")


def test_two_radarrs_with_the_same_numbers_are_told_apart(tell: Tell) -> None:
    tell("seerr", APPROVED)
    tell("radarr", IMPORTED)

    tell(
        "radarr",
        FileDeleted(seen_at=NOON, entry=IN_RADARR, file_id=5, items=(FILM,), reason=FileDeath.MANUAL),
        is_4k=True,
    )

    assert count(Entry) == 2
    assert only_request().state is State.IMPORTED

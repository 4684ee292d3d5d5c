"""From facts to state: a table of what is known and what the card then says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flaskapp.domain.facts import (
    DownloadFact,
    DropFact,
    EntryFact,
    FileFact,
    GrabFact,
    HintFact,
    ItemFact,
    ListingFact,
    MediaFacts,
    RequestFact,
    ShownFact,
)
from flaskapp.domain.lifecycle import add_up, derive
from flaskapp.domain.observation import DownloadStage, FileDeath, MediaType
from flaskapp.domain.queue import Dropping, QueueStage
from flaskapp.domain.state import ORDER, Stage, Standing, State, stage_of
from flaskapp.domain.transfer import Transfer

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
FILM = (0, 0)
ENTRY = EntryFact(pk=1)
ENTRY_4K = EntryFact(pk=2, is_4k=True)
APPROVED = RequestFact(pending_at=NOON, approved_at=NOON + timedelta(minutes=1))
METROPOLIS = MediaFacts(MediaType.MOVIE, entries=(ENTRY,), has_library=True)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def file(
    file_id: int = 1, *items: tuple[int, int], death: FileDeath | None = None, entry: EntryFact = ENTRY, **more: Any
) -> FileFact:
    died_at = at(50) if death else None
    return FileFact(entry, file_id, frozenset(items or {FILM}), at(30), death=death, died_at=died_at, **more)


def download(alias: str = "aa", stage: DownloadStage | None = None, **more: Any) -> DownloadFact:
    return DownloadFact(pk=ord(alias[0]), aliases=frozenset({alias}), grabbed_at=at(10), stage=stage, **more)


def grab(fact: DownloadFact, *items: tuple[int, int], entry: EntryFact = ENTRY) -> GrabFact:
    return GrabFact(entry, fact, frozenset(items or {FILM}))


def shown(*items: tuple[int, int], read_at: datetime | None = None) -> ShownFact:
    return ShownFact(frozenset(items or {FILM}), read_at)


WORDS = [
    ("nobody said a word", RequestFact(), State.REQUESTED),
    ("asked", RequestFact(pending_at=at(0)), State.REQUESTED),
    ("approved", APPROVED, State.APPROVED),
    ("declined after all", replace(APPROVED, declined_at=at(2)), State.DECLINED),
    ("approved after a refusal", RequestFact(declined_at=at(0), approved_at=at(1)), State.APPROVED),
    ("could not be sent", replace(APPROVED, failed_at=at(1.01)), State.FAILED),
    ("the failure overtook the approval of the same click", replace(APPROVED, failed_at=at(0.9)), State.FAILED),
    ("approved again long after a failure", RequestFact(failed_at=at(0), approved_at=at(1)), State.APPROVED),
    ("declined after a failure", RequestFact(approved_at=at(0), failed_at=at(0), declined_at=at(1)), State.DECLINED),
]


@pytest.mark.parametrize(("said", "request_fact", "expected"), WORDS, ids=[row[0] for row in WORDS])
def test_words_alone(said: str, request_fact: RequestFact, expected: State) -> None:
    assert derive(request_fact, METROPOLIS).state is expected


LIVE, BY_HAND, SHOWN = file(), file(death=FileDeath.MANUAL), shown()
GRAB = grab(download())
GONE = replace(ENTRY, deleted_at=at(50))
READ = replace(ENTRY, read_at=at(60))


FAILED = ListingFact(QueueStage.FAILED, since=at(20), seen_at=at(25))
UNPACKING, IMPORTING = replace(FAILED, stage=QueueStage.UNPACKING), replace(FAILED, stage=QueueStage.IMPORTING)
DROP = DropFact(Dropping.FAILED, at(20))


def grab_at(stage: DownloadStage) -> dict[str, Any]:
    return {"grabs": (grab(download(stage=stage)),)}


FILMS = [
    ("grabbed", {"grabs": (GRAB,)}, State.GRABBED),
    ("queued in the client", grab_at(DownloadStage.QUEUED), State.GRABBED),
    ("bytes flow", grab_at(DownloadStage.DOWNLOADING), State.DOWNLOADING),
    ("paused half way", grab_at(DownloadStage.PAUSED), State.DOWNLOADING),
    ("all bytes there", grab_at(DownloadStage.COMPLETE), State.DOWNLOADED),
    ("removed from the client", {"grabs": (grab(download(gone_at=at(40))),)}, State.APPROVED),
    ("grabbed by a title that is gone", {"grabs": (grab(download(), entry=GONE),)}, State.APPROVED),
    ("failed in the queue", {"grabs": (grab(download(listing=FAILED)),)}, State.APPROVED),
    ("dropped from the queue", {"grabs": (grab(download(stage=DownloadStage.COMPLETE, drop=DROP)),)}, State.APPROVED),
    ("unpacking, says the queue", {"grabs": (grab(download(listing=UNPACKING)),)}, State.DOWNLOADED),
    ("being imported", {"grabs": (grab(download(stage=DownloadStage.COMPLETE, listing=IMPORTING)),)}, State.IMPORTING),
    ("imported", {"files": (LIVE,)}, State.IMPORTED),
    ("a late grab", {"files": (file(download_id="aa"),), "grabs": (GRAB,)}, State.IMPORTED),
    ("shown, nobody told of a file", {"shown": (SHOWN,)}, State.AVAILABLE),
    ("imported and shown", {"files": (LIVE,), "shown": (SHOWN,)}, State.AVAILABLE),
    ("upgrading while available", {"files": (LIVE,), "shown": (SHOWN,), "grabs": (GRAB,)}, State.AVAILABLE),
    ("the new file of an upgrade was not told", {"files": (file(death=FileDeath.UPGRADE),)}, State.IMPORTED),
    ("an upgrade in any order", {"files": (file(2), file(1, death=FileDeath.UPGRADE))}, State.IMPORTED),
    ("deleted by hand", {"files": (BY_HAND,), "shown": (SHOWN,)}, State.APPROVED),
    ("vanished from disk", {"files": (file(death=FileDeath.MISSING_FROM_DISK),)}, State.APPROVED),
    ("imported again after a deletion", {"files": (BY_HAND, file(2)), "shown": (SHOWN,)}, State.IMPORTED),
    ("and read again", {"files": (BY_HAND, file(2)), "shown": (shown(read_at=at(60)),)}, State.AVAILABLE),
    ("but read before", {"files": (BY_HAND, file(2)), "shown": (shown(read_at=at(40)),)}, State.IMPORTED),
    (
        "left Radarr with its files",
        {"entries": (replace(GONE, files_deleted=True),), "shown": (SHOWN,)},
        State.APPROVED,
    ),
    ("left Radarr, the files stay", {"entries": (GONE,), "shown": (SHOWN,)}, State.AVAILABLE),
    ("read without a file", {"entries": (READ,), "shown": (SHOWN,)}, State.APPROVED),
    ("read without this file", {"files": (file(entry=READ),), "entries": (READ,)}, State.APPROVED),
    ("in the 4K Radarr only", {"files": (file(entry=ENTRY_4K),)}, State.APPROVED),
]


@pytest.mark.parametrize(("known", "facts", "expected"), FILMS, ids=[row[0] for row in FILMS])
def test_films(known: str, facts: dict[str, Any], expected: State) -> None:
    assert derive(APPROVED, replace(METROPOLIS, **facts)).state is expected


def test_an_import_ends_the_grab_it_came_from_and_no_other() -> None:
    first, second = grab(download("aa", DownloadStage.STALLED, progress=0.4)), grab(download("bb"))
    facts = replace(METROPOLIS, grabs=(first, second))

    assert derive(APPROVED, facts).attempt == 2
    assert derive(APPROVED, facts).state is State.DOWNLOADING
    assert derive(APPROVED, replace(facts, files=(file(download_id="bb"),))).state is State.IMPORTED


def test_a_grab_without_an_id_ends_when_a_file_comes_that_nobody_grabbed() -> None:
    blackhole = grab(download("radarr/1", nameless=True))
    deleted_later = file(1, death=FileDeath.MANUAL, download_id="something else")
    facts = replace(METROPOLIS, grabs=(blackhole,))

    assert derive(APPROVED, facts).state is State.GRABBED
    assert derive(APPROVED, replace(facts, files=(deleted_later,))).state is State.APPROVED


def test_4k_counts_only_what_is_4k() -> None:
    asked = replace(APPROVED, is_4k=True)
    hd = replace(METROPOLIS, files=(file(),), shown=(shown(),))

    assert derive(asked, hd).state is State.APPROVED
    assert derive(asked, replace(hd, files=(file(), file(7, entry=ENTRY_4K)))).state is State.AVAILABLE


def test_without_jellyfin_seerr_decides_and_with_it_seerr_alone_is_almost_there() -> None:
    complete = replace(APPROVED, completed_at=at(40))

    assert derive(complete, replace(METROPOLIS, has_library=False)).state is State.AVAILABLE
    assert derive(complete, METROPOLIS).state is State.IMPORTED
    assert derive(complete, replace(METROPOLIS, files=(file(death=FileDeath.MANUAL),))).state is State.REMOVED


def test_a_reading_from_before_it_was_complete_proves_no_loss() -> None:
    complete = replace(APPROVED, completed_at=at(40))

    def state(read_at: float) -> State:
        return derive(complete, replace(METROPOLIS, entries=(replace(ENTRY, read_at=at(read_at)),))).state

    assert (state(read_at=30), state(read_at=50)) == (State.IMPORTED, State.REMOVED)


SEASON = tuple(ItemFact((2, number), aired=number < 4) for number in (1, 2, 3, 4))
SERIES = MediaFacts(MediaType.TV, items=(*SEASON, ItemFact((0, 1)), ItemFact((1, 1))), has_library=True, list_read=True)
ASKED = replace(APPROVED, seasons=frozenset({2}))


def test_a_season_is_available_when_all_that_aired_is() -> None:
    here = replace(SERIES, shown=(shown((2, 1), (2, 2), (2, 3)),))

    derived = derive(ASKED, here)

    assert derived.state is State.AVAILABLE
    assert [status.standing for status in derived.items] == [*[Standing.HERE] * 3, Standing.UNAIRED]
    assert derive(ASKED, replace(here, list_read=False)).state is State.PARTIALLY_AVAILABLE


def test_specials_and_other_seasons_count_only_if_asked() -> None:
    def keys(request: RequestFact) -> list[tuple[int, int]]:
        return [status.item.key for status in derive(request, SERIES).items]

    assert keys(ASKED) == [(2, 1), (2, 2), (2, 3), (2, 4)]
    assert keys(replace(ASKED, seasons=frozenset({0, 1}))) == [(0, 1), (1, 1)]
    assert keys(replace(ASKED, seasons=None))[0] == (1, 1)


def test_a_pack_is_one_download_for_many_episodes() -> None:
    pack = download("aa", DownloadStage.DOWNLOADING, progress=0.5, size=4_000, speed=10, eta=90)
    facts = replace(SERIES, grabs=(grab(pack, (2, 1), (2, 2), (2, 3)),))

    derived = derive(ASKED, facts)

    assert derived.state is State.DOWNLOADING
    assert (derived.numbers.progress, derived.numbers.eta, derived.numbers.speed) == (50, 90, 10)


def test_a_pack_that_is_partly_imported_stays_on_the_way() -> None:
    pack = grab(download("aa", DownloadStage.COMPLETE, progress=1.0), (2, 1), (2, 2), (2, 3))
    facts = replace(SERIES, grabs=(pack,), files=(file(1, (2, 1), download_id="aa"),))

    derived = derive(ASKED, facts)

    assert derived.state is State.IMPORTED
    assert stage_of(derived.state, is_moving=bool(derived.downloads)) is Stage.ON_THE_WAY


def test_an_episode_stands_blocked_while_no_other_download_can_bring_it() -> None:
    blocked = grab(download("aa", DownloadStage.COMPLETE, blocked_at=at(20)), (2, 1), (2, 2))
    facts = replace(SERIES, grabs=(blocked, grab(download("bb", DownloadStage.DOWNLOADING), (2, 2))))

    standings = [status.standing for status in derive(ASKED, facts).items]

    assert standings == [Standing.BLOCKED, Standing.ARRIVING, Standing.WAITING, Standing.UNAIRED]


def test_numbers_name_whoever_measured_last() -> None:
    polled = grab(download("aa", DownloadStage.DOWNLOADING, polled_at=at(20)), (2, 1))
    listed = grab(download("bb", listing=UNPACKING), (2, 2))

    derived = derive(ASKED, replace(SERIES, grabs=(polled, listed)))

    assert (derived.numbers.measured_at, derived.numbers.measured_by) == (at(25), "queue")
    assert derive(ASKED, replace(SERIES, grabs=(polled,))).numbers.measured_by == "qbittorrent"
    assert derive(ASKED, SERIES).numbers.measured_by is None


def test_an_import_complete_speaks_only_for_episodes_whose_file_was_never_told() -> None:
    hint = HintFact(ENTRY, frozenset({(2, 1), (2, 2)}), "aa")
    facts = replace(SERIES, entries=(ENTRY,), hints=(hint,), files=(file(1, (2, 1), death=FileDeath.MANUAL),))

    states = {status.item.key: status.state for status in derive(ASKED, facts).items}

    assert states[2, 1] is None
    assert states[2, 2] is State.IMPORTED


def test_progress_is_bytes_done_by_bytes_total_and_100_only_when_all_is_there() -> None:
    big = Transfer(State.DOWNLOADING, progress=0.999, size=99_000, eta=30)
    small = Transfer(State.DOWNLOADED, progress=1.0, size=1_000)

    def shown(transfers: list[Transfer]) -> tuple[int, int]:
        numbers = add_up(transfers)
        return numbers.progress, numbers.eta

    assert shown([big, small]) == (99, 30)
    assert shown([replace(big, eta=None), small]) == (99, -1)
    assert shown([small]) == (100, 0)
    assert shown([replace(big, size=None, progress=0.5), small]) == (75, 30)


def test_states_have_an_order() -> None:
    assert ORDER[State.GRABBED] < ORDER[State.DOWNLOADING] < ORDER[State.IMPORTED] < ORDER[State.AVAILABLE]

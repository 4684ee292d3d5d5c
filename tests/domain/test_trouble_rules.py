"""Which trouble is told when several things are true at once, and when none is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flaskapp.domain.facts import DownloadFact, EntryFact, HintFact, MediaFacts, RequestFact, ShownFact
from flaskapp.domain.house import Cause, CauseKind
from flaskapp.domain.observation import DownloadStage, FileDeath
from flaskapp.domain.queue import Dropping, Hold, Protocol, QueueStage
from flaskapp.domain.trouble import Outlook, TroubleKind, Who
from tests.domain.cases import (
    APPROVED,
    ASKED,
    ENTRY,
    FILM,
    SEASON,
    at,
    download,
    dropped,
    file,
    film,
    film_with,
    grab,
    held,
    kinds,
    listed,
    look,
    search,
    series,
)

FAR_MINUTES = 24 * 60
FAR = at(FAR_MINUTES)
STALLED = download("aa", DownloadStage.STALLED)
FLOWING = download("bb", DownloadStage.DOWNLOADING, progress=0.5)
BLOCKED = download("cc", DownloadStage.COMPLETE, listing=listed(QueueStage.BLOCKED, messages=("Non è un film",)))
FAILED = download("dd", drop=dropped(Dropping.FAILED, "Repair failed"))
SEARCHED = replace(ENTRY, searched_at=at(30))
LEFT = EntryFact(pk=3, deleted_at=at(5))
DELETED = file(1, death=FileDeath.MANUAL)
SHOWN = ShownFact(frozenset({FILM}))

QUIET = [
    ("it is here", APPROVED, film(shown=(SHOWN,), grabs=(grab(STALLED),))),
    ("it was declined", replace(APPROVED, declined_at=at(5)), film_with(STALLED)),
    ("its request was deleted", replace(APPROVED, gone_at=at(5)), film_with(BLOCKED)),
    ("nobody was asked yet", APPROVED, film()),
    ("nobody said who asked", RequestFact(), film()),
    ("bytes flow", APPROVED, film_with(FLOWING)),
    ("bytes flow, and the queue is late", APPROVED, film_with(replace(FLOWING, listing=listed(QueueStage.WARNED)))),
    ("complete, and the queue is late", APPROVED, film_with(replace(BLOCKED, listing=listed(QueueStage.WARNED)))),
    ("complete, and nobody can ask Radarr", APPROVED, film_with(replace(BLOCKED, listing=None))),
    ("usenet flows", APPROVED, film_with(download(listing=listed(QueueStage.DOWNLOADING, Protocol.USENET)))),
    ("only grabbed", APPROVED, film_with(download())),
    ("a 4K request looks at no HD download", replace(APPROVED, is_4k=True), film_with(BLOCKED)),
    ("nor at an HD release", replace(APPROVED, is_4k=True), film(held=(held(Hold.DELAY),))),
    ("a release is held for what left Radarr", APPROVED, film(held=(replace(held(Hold.DELAY), entry=LEFT),))),
    ("asked again after a deletion", replace(APPROVED, approved_at=at(51)), film(files=(DELETED,))),
    ("it is in the folder, and there is no Jellyfin", APPROVED, film(files=(file(1),), has_library=False)),
    ("nobody told when it was imported", APPROVED, film(hints=(HintFact(ENTRY, frozenset({FILM})),))),
]


@pytest.mark.parametrize(("known", "request_fact", "facts"), QUIET, ids=[row[0] for row in QUIET])
def test_a_card_is_quiet(known: str, request_fact: RequestFact, facts: MediaFacts) -> None:
    assert look(request_fact, facts, FAR) == Outlook()


def test_words_of_the_services_go_along() -> None:
    def messages(facts: MediaFacts) -> tuple[str, ...]:
        trouble = look(APPROVED, facts, FAR).trouble
        return trouble.messages if trouble else ()

    told = download(stage=DownloadStage.COMPLETE, blocked_at=at(15), blocked_messages=("Sample",))

    assert messages(film_with(BLOCKED)) == ("Non è un film",)
    assert messages(film_with(told)) == ("Sample",)
    assert messages(film_with(FAILED)) == ("Repair failed",)


def test_usenet_never_speaks_of_peers() -> None:
    usenet = replace(STALLED, listing=listed(QueueStage.WARNED, Protocol.USENET))

    trouble = look(APPROVED, film_with(usenet), at(60)).trouble

    assert trouble is not None
    assert trouble.sentence == "No data is coming in. It goes on by itself when the source is back."


def test_the_moment_it_waits_for_is_told_while_it_lies_ahead() -> None:
    facts = film(held=(held(Hold.DELAY, until=at(60)),))

    before, after = look(APPROVED, facts, at(59)), look(APPROVED, facts, at(60))

    assert before.trouble is not None
    assert (before.trouble.until, before.look_at) == (at(60), at(60))
    assert after == Outlook(replace(before.trouble, until=None))


def test_a_date_that_passed_is_no_longer_promised() -> None:
    facts = film(entries=(replace(ENTRY, is_released=False, release_at=at(60)),))

    before, after = look(APPROVED, facts, at(59)), look(APPROVED, facts, at(60))

    assert before.look_at == at(60)
    assert before.trouble is not None
    assert after.trouble is not None
    assert "expected on 14 March 2026" in before.trouble.sentence
    assert after.trouble.sentence == "Not released yet. Radarr looks for it once it is."


def test_a_search_after_the_failure_is_told_instead_of_it_once_it_is_over() -> None:
    facts = film(entries=(SEARCHED,), grabs=(grab(FAILED, entry=SEARCHED),))

    assert kinds(APPROVED, facts, (20, 31, 32)) == ["download_failed", "download_failed", "nothing_found"]


def test_a_search_before_the_approval_says_nothing_of_the_one_that_begins_with_it() -> None:
    again = replace(APPROVED, approved_at=at(40))

    assert kinds(again, film(entries=(SEARCHED,)), (41, 42)) == [None, "nothing_found"]


def test_a_failure_is_no_trouble_while_another_release_comes() -> None:
    facts = film(grabs=(grab(FAILED), grab(FLOWING)))

    assert look(APPROVED, facts, FAR) == Outlook()


def test_a_blocked_import_is_no_trouble_while_another_release_comes() -> None:
    assert kinds(APPROVED, film(grabs=(grab(BLOCKED), grab(FLOWING))), (60,)) == [None]
    assert kinds(APPROVED, film(grabs=(grab(BLOCKED), grab(STALLED))), (60,)) == ["stalled"]


def test_a_failure_from_before_the_last_deletion_is_forgotten() -> None:
    assert kinds(APPROVED, film(grabs=(grab(FAILED),), files=(DELETED,)), (60,)) == ["gone"]


def test_an_untracked_download_is_told_only_when_radarr_answered_since() -> None:
    complete = grab(download(stage=DownloadStage.COMPLETE))

    def at_the_end(entry: EntryFact) -> list[str | None]:
        return kinds(APPROVED, film(entries=(entry,), grabs=(replace(complete, entry=entry),)), (60,))

    assert at_the_end(replace(ENTRY, read_at=at(19))) == [None]
    assert at_the_end(replace(ENTRY, read_at=at(21))) == ["not_tracked"]


BEGINNINGS = [
    ("told before it was listed", replace(BLOCKED, blocked_at=at(15)), 15),
    ("gone before it left the queue", replace(FAILED, drop=dropped(Dropping.REMOVED), gone_at=at(18)), 18),
    ("complete after it left the queue", replace(BLOCKED, drop=dropped(Dropping.REMOVED), stage_since=at(30)), 30),
]


@pytest.mark.parametrize(("known", "fact", "since"), BEGINNINGS, ids=[row[0] for row in BEGINNINGS])
def test_a_trouble_began_when_it_was_first_known(known: str, fact: DownloadFact, since: float) -> None:
    trouble = look(APPROVED, film_with(fact), at(60)).trouble

    assert trouble is not None
    assert trouble.since == at(since)


def test_of_equal_downloads_the_newest_counts() -> None:
    newer = replace(STALLED, pk=9, aliases=frozenset({"zz"}), grabbed_at=at(30), stage_since=at(40))

    assert kinds(APPROVED, film(grabs=(grab(newer), grab(STALLED))), (49, 50)) == [None, "stalled"]


def test_a_deletion_in_another_season_dates_nothing() -> None:
    complete = replace(ASKED, completed_at=at(5), vanished_at=at(70))
    elsewhere = file(1, (1, 1), death=FileDeath.MANUAL)

    trouble = look(complete, series(files=(elsewhere,)), at(90)).trouble

    assert trouble is not None
    assert (trouble.kind.value, trouble.since) == ("gone", at(70))


def test_a_download_that_stalls_again_and_again_is_never_told() -> None:
    for minutes in range(20, 200, 9):
        stalled = replace(STALLED, stage_since=at(minutes))

        assert kinds(APPROVED, film_with(stalled), (minutes, minutes + 9)) == [None, None]


def test_a_download_that_gets_a_byte_now_and_then_is_not_stalled() -> None:
    assert kinds(APPROVED, film_with(replace(STALLED, last_byte_at=at(100))), (109, 110)) == [None, "stalled"]


PACK = ((2, 1), (2, 2), (2, 3))


def test_part_of_a_season_is_named() -> None:
    here = (file(1, (2, 1)), file(2, (2, 2)))
    shown = (ShownFact(frozenset({(2, 1), (2, 2)})),)
    facts = series(files=here, shown=shown, grabs=(grab(BLOCKED, (2, 3)),))

    trouble = look(ASKED, facts, at(60)).trouble

    assert trouble is not None
    assert trouble.sentence == "1 episode is downloaded, but Sonarr can't import it by itself."
    assert trouble.items == ((2, 3),)


def test_a_pack_that_holds_all_of_it_names_no_episode() -> None:
    trouble = look(ASKED, series(grabs=(grab(BLOCKED, *PACK),)), at(60)).trouble

    assert trouble is not None
    assert trouble.sentence == "Downloaded, but Sonarr can't import it by itself."
    assert trouble.items == ()


def test_the_blocked_episodes_are_told_while_the_others_move() -> None:
    facts = series(grabs=(grab(FLOWING, (2, 1)), grab(BLOCKED, (2, 2), (2, 3))))

    trouble = look(ASKED, facts, at(60)).trouble

    assert trouble is not None
    assert trouble.sentence == "2 episodes are downloaded, but Sonarr can't import them by itself."
    assert trouble.items == ((2, 2), (2, 3))


SEARCH = search(SEASON[1], searched_at=at(30))
WAITING = series(searches=(SEARCH, search(SEASON[2], monitored=False)))


def test_nobody_is_told_of_what_only_waits_while_something_moves() -> None:
    stalled = replace(WAITING, grabs=(grab(STALLED, (2, 1)),))

    assert kinds(ASKED, replace(WAITING, grabs=(grab(FLOWING, (2, 1)),)), (60,)) == [None]
    assert kinds(ASKED, stalled, (29, 30)) == [None, "not_monitored"]
    assert kinds(ASKED, replace(stalled, items=SEASON[:2]), (31, 60)) == ["stalled", "stalled"]
    assert kinds(ASKED, replace(WAITING, items=SEASON[:2]), (60,)) == ["nothing_found"]


def test_what_another_sonarr_does_for_an_episode_says_nothing() -> None:
    other = EntryFact(pk=2, is_4k=True)
    unwanted = search(SEASON[0], monitored=False)
    both = series(
        items=SEASON[:1], entries=(ENTRY, other), searches=(unwanted, replace(SEARCH, item=(2, 1), entry=other))
    )

    assert kinds(ASKED, both, (60,)) == ["not_monitored"]
    assert kinds(replace(ASKED, is_4k=True), both, (60,)) == ["nothing_found"]
    assert kinds(ASKED, replace(both, searches=(replace(unwanted, entry=LEFT), SEARCH)), (60,)) == [None]


def test_an_unaired_episode_is_no_trouble_while_an_aired_one_is_missing() -> None:
    unaired = replace(SEASON[1], aired=False, air_at=at(99))

    aired = series(items=(SEASON[1], replace(unaired, key=(2, 4))), searches=(SEARCH,))
    assert kinds(ASKED, aired, (60,)) == ["nothing_found"]
    assert kinds(ASKED, series(items=(unaired,)), (60,)) == ["not_aired"]


def test_an_episode_whose_hour_has_come_is_not_announced_again() -> None:
    late, later = (replace(item, aired=False, air_at=at(99 + item.key[1])) for item in SEASON[:2])

    before, after = (look(ASKED, series(items=(late, later)), now).trouble for now in (at(99), at(100)))

    assert before is not None
    assert after is not None
    assert (before.until, before.sentence) == (at(100), "Season 2 starts on 14 March 2026.")
    assert (after.until, after.sentence) == (at(101), "The next episode airs on 14 March 2026.")


def test_what_is_not_known_of_a_series_is_waited_for_too() -> None:
    here = ShownFact(frozenset({SEASON[0].key}))
    taken_out = series(items=SEASON[:1], entries=(LEFT,), shown=(here,))

    assert kinds(ASKED, taken_out, (FAR_MINUTES,)) == [None]
    trouble = look(ASKED, replace(taken_out, list_read=False), FAR).trouble

    assert trouble is not None
    assert (trouble.kind, trouble.who, trouble.items) == (TroubleKind.GONE, Who.ADMIN, ())


def test_the_first_in_the_queue_speaks_for_all() -> None:
    def queued(alias: str, place: int) -> DownloadFact:
        return download(alias, DownloadStage.QUEUED, place=place)

    facts = series(grabs=tuple(grab(queued(a, n), item) for a, n, item in zip("abc", (10, 2, 3), PACK, strict=True)))

    trouble = look(ASKED, facts, at(60)).trouble

    assert trouble is not None
    assert trouble.sentence == "Place 2 in the download queue. It starts by itself."


def test_what_jellyfin_does_not_show_is_told_per_episode() -> None:
    facts = series(files=(file(1, (2, 1)), file(2, (2, 2), told_at=at(58))))

    trouble = look(ASKED, facts, at(60)).trouble

    assert trouble is not None
    assert (trouble.since, trouble.items) == (at(20), ((2, 1),))
    assert trouble.sentence == "1 episode is in the library folder, waiting for Jellyfin to show it."


def test_a_series_that_only_seerr_calls_complete_waits_for_jellyfin() -> None:
    complete = replace(ASKED, completed_at=at(20))

    trouble = look(complete, series(items=()), at(60)).trouble

    assert trouble is not None
    assert (trouble.kind.value, trouble.since) == ("not_shown", at(20))


EXPLAINED = [
    (CauseKind.DISCONNECTED, STALLED),
    (CauseKind.DISCONNECTED, download(stage=DownloadStage.METADATA)),
    (CauseKind.DOWNLOADS_FULL, download(stage=DownloadStage.ERROR)),
    (CauseKind.LIBRARY_FULL, download(stage=DownloadStage.COMPLETE, listing=listed(QueueStage.HELD))),
    (CauseKind.CLIENT_UNREACHABLE, download(gone_at=at(20))),
    (CauseKind.CLIENT_UNREACHABLE, download(stage=DownloadStage.COMPLETE, drop=dropped(Dropping.REMOVED))),
]


@pytest.mark.parametrize(("kind", "fact"), EXPLAINED)
def test_what_the_house_has_is_told_on_no_card(kind: CauseKind, fact: DownloadFact) -> None:
    facts = film_with(replace(fact, speaker="qBittorrent"))
    cause = Cause(kind, "qBittorrent", at(50))

    assert look(APPROVED, facts, at(60)).trouble is not None
    assert look(APPROVED, facts, at(60), cause).trouble is None
    assert look(APPROVED, facts, at(60), replace(cause, kind=CauseKind.SLOW_MODE)).trouble is not None


@pytest.mark.parametrize("speaker", ["qBittorrent VPN", None])
@pytest.mark.parametrize(("kind", "fact"), EXPLAINED[:3])
def test_what_one_client_sees_explains_nothing_of_another(
    kind: CauseKind, fact: DownloadFact, speaker: str | None
) -> None:
    facts = film_with(replace(fact, speaker=speaker))

    assert look(APPROVED, facts, at(60), Cause(kind, "qBittorrent", at(50))).trouble is not None


def test_what_one_radarr_sees_explains_nothing_of_another() -> None:
    def told(upstream: str) -> bool:
        return (
            look(APPROVED, film_with(BLOCKED), at(60), Cause(CauseKind.LIBRARY_FULL, upstream, at(50))).trouble
            is not None
        )

    assert [told(name) for name in ("Radarr", "Radarr 4K", "Sonarr")] == [False, True, True]


def test_who_waits_for_a_found_release_hears_of_the_client_once() -> None:
    facts = film(held=(held(Hold.CLIENT_UNAVAILABLE),))

    assert look(APPROVED, facts, at(60), Cause(CauseKind.CLIENT_UNREACHABLE, "Radarr", at(20))).trouble is None


def test_the_admin_hears_first_what_is_nearest_to_the_end() -> None:
    paused = download("ee", DownloadStage.PAUSED)
    facts = series(grabs=(grab(paused, (2, 1)), grab(STALLED, (2, 2)), grab(BLOCKED, (2, 3))))

    trouble = look(ASKED, facts, at(60)).trouble

    assert trouble is not None
    assert (trouble.kind.value, trouble.who) == ("import_blocked", Who.ADMIN)
    assert kinds(ASKED, replace(facts, grabs=facts.grabs[:2]), (60,)) == ["paused"]

"""When a download is looked for, and when a client counts as having lost it."""

from __future__ import annotations

import itertools

from flaskapp.polling.missing import ANSWERS, LONGEST_LOOK, LOOK, Missing, TrackedDownload
from tests.polling.record import at

METROPOLIS = TrackedDownload(1, ("ab" * 20,))
NOSFERATU = TrackedDownload(2, ("cd" * 20, "ef" * 20))


def absent(missing: Missing, *downloads: TrackedDownload, answers: int = ANSWERS) -> None:
    for _ in range(answers):
        missing.note(downloads)


def look(missing: Missing, seconds: float, found: set[str] | None = None) -> None:
    missing.looked(at(seconds))
    missing.found(found or set())


def test_nothing_missing_is_no_reason_to_look() -> None:
    missing = Missing()

    missing.note([])

    assert not missing.is_look_due(at(0))


def test_a_missing_download_is_looked_for_at_once_and_then_once_a_minute_or_less() -> None:
    missing = Missing()
    missing.note([METROPOLIS])

    assert missing.is_look_due(at(0))
    looks, second = [], 0
    while second < 3 * 3600:
        missing.note([METROPOLIS])
        if missing.is_look_due(at(second)):
            looks.append(second)
            look(missing, second)
        second += 2

    pauses = [later - earlier for earlier, later in itertools.pairwise(looks)]
    assert pauses[0] == LOOK
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_LOOK


def test_another_missing_download_is_looked_for_soon_but_not_within_the_minute() -> None:
    missing = Missing()
    for second in (0, 60, 180, 420):
        missing.note([METROPOLIS])
        look(missing, second)

    missing.note([METROPOLIS, NOSFERATU])

    assert not missing.is_look_due(at(420 + LOOK - 1))
    assert missing.is_look_due(at(420 + LOOK))


def test_lost_needs_several_answers_and_several_looks() -> None:
    missing = Missing()

    absent(missing, METROPOLIS, answers=ANSWERS + 5)
    look(missing, 0)
    assert missing.lost() == set()
    look(missing, 60)

    assert missing.lost() == {METROPOLIS.pk}


def test_several_looks_without_several_answers_prove_nothing() -> None:
    missing = Missing()

    absent(missing, METROPOLIS, answers=ANSWERS - 1)
    look(missing, 0)
    look(missing, 60)

    assert missing.lost() == set()


def test_one_answer_with_it_begins_the_count_anew() -> None:
    missing = Missing()
    absent(missing, METROPOLIS)
    look(missing, 0)

    missing.note([])
    missing.note([METROPOLIS])
    look(missing, 60)

    assert missing.lost() == set()


def test_a_download_with_another_id_is_not_lost() -> None:
    missing = Missing()
    absent(missing, METROPOLIS, NOSFERATU)

    assert missing.wanted() == {"ab" * 20, "cd" * 20, "ef" * 20}
    look(missing, 0)
    look(missing, 60, found={"99" * 20, "ef" * 20})

    assert missing.lost() == {METROPOLIS.pk}


def test_a_look_that_fails_proves_nothing() -> None:
    missing = Missing()
    absent(missing, METROPOLIS)

    missing.looked(at(0))
    missing.looked(at(60))

    assert missing.lost() == set()


def test_a_clock_that_is_set_back_does_not_stop_the_looks() -> None:
    missing = Missing()
    missing.note([METROPOLIS])
    look(missing, 3600)

    assert missing.is_look_due(at(0))

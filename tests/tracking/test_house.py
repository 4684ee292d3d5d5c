"""What hits everybody is kept once, and every card that it bears on is looked at again."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flaskapp.domain.house import CauseKind, CausesRead
from flaskapp.domain.observation import DownloadStage
from flaskapp.models import Cause, Change
from flaskapp.models.service_questions import is_silent
from tests.tracking.house import (
    GRABBED,
    IN_FOLDER,
    NOON,
    POLLED,
    SHOWN,
    WISH,
    Tell,
    ask,
    card,
    last_change,
    later,
    only,
    rows,
    trouble,
)

KINDS = frozenset({CauseKind.SLOW_MODE, CauseKind.DISCONNECTED})
CUT_OFF = CausesRead(seen_at=later(20), upstream="qBittorrent", asked=KINDS, found=frozenset({CauseKind.DISCONNECTED}))
WELL = replace(CUT_OFF, found=frozenset(), seen_at=later(30))


def kept() -> list[tuple[CauseKind, str]]:
    return [(row.kind, row.upstream) for row in rows(Cause)]


def stalled_film(tell: Tell) -> None:
    tell("seerr", WISH)
    tell("radarr", GRABBED)
    tell("qbittorrent", replace(POLLED, stage=DownloadStage.STALLED))
    tell("qbittorrent", replace(POLLED, stage=DownloadStage.STALLED, seen_at=later(11)))
    assert trouble() == "stalled"


def test_a_cause_hides_the_troubles_that_it_explains_while_it_lasts(tell: Tell) -> None:
    stalled_film(tell)

    tell("house", CUT_OFF)
    assert (trouble(), last_change().kind) == (None, "trouble")
    tell("house", WELL)

    assert (trouble(), rows(Cause)) == ("stalled", [])


def test_a_cause_keeps_its_beginning_and_is_said_once(tell: Tell) -> None:
    stalled_film(tell)
    tell("house", CUT_OFF)

    again = tell("house", replace(CUT_OFF, seen_at=later(25)))

    assert again.change_ids == []
    assert only(Cause).since == later(20)


def test_a_cause_that_explains_nothing_changes_no_card(tell: Tell) -> None:
    stalled_film(tell)
    before = len(rows(Change))

    tell("house", replace(CUT_OFF, found=frozenset({CauseKind.SLOW_MODE})))

    assert (len(rows(Change)), trouble()) == (before, "stalled")


def test_what_is_done_is_left_alone(tell: Tell) -> None:
    tell("seerr", replace(WISH, seerr_request_id=3))
    tell("radarr", IN_FOLDER)
    tell("jellyfin", SHOWN)
    rev = card(3).rev

    tell("house", CUT_OFF)

    assert card(3).rev == rev


def test_each_upstream_speaks_for_itself_and_of_what_it_was_asked(tell: Tell) -> None:
    silent = CausesRead(
        seen_at=NOON,
        upstream="Radarr",
        asked=frozenset({CauseKind.WEBHOOKS_SILENT}),
        found=frozenset({CauseKind.WEBHOOKS_SILENT}),
    )
    for read in (CUT_OFF, silent, replace(silent, upstream="Sonarr")):
        tell("house", read)

    tell("house", replace(silent, upstream="Sonarr", found=frozenset(), seen_at=later(40)))
    tell("house", replace(silent, asked=frozenset({CauseKind.WEBHOOKS_PAUSED}), found=frozenset(), seen_at=later(41)))

    assert kept() == [(CauseKind.DISCONNECTED, "qBittorrent"), (CauseKind.WEBHOOKS_SILENT, "Radarr")]
    assert [ask(partial(is_silent, upstream=name)) for name in ("Radarr", "Sonarr", "qBittorrent")] == [
        True,
        False,
        False,
    ]

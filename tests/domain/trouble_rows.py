"""Each kind of trouble: what is known, and what the card then says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from flaskapp.domain.facts import HiddenFact, MediaFacts, RequestFact
from flaskapp.domain.observation import FileDeath
from flaskapp.domain.queue import Hold
from flaskapp.domain.trouble import TroubleKind, Who
from tests.domain.cases import (
    APPROVED,
    ASKED,
    ENTRY,
    SEASON,
    at,
    file,
    film,
    held,
    search,
    series,
)

CHRISTMAS_EVE = datetime(2026, 12, 24, tzinfo=UTC)
MAY_DAY = datetime(2027, 5, 3, 20, tzinfo=UTC)
READ = replace(ENTRY, read_at=at(110))
SEARCHED = replace(ENTRY, searched_at=at(20))
READ = replace(ENTRY, read_at=at(60))
TAKEN = replace(ENTRY, deleted_at=at(20))
UNAIRED = tuple(replace(item, aired=False, air_at=MAY_DAY + timedelta(days=item.key[1] - 1)) for item in SEASON)
NOBODY, ADMIN, DATE = Who
K = TroubleKind


@dataclass(frozen=True)
class Row:
    """What is known, and the trouble that is told of it; ``since`` in minutes after noon."""

    known: str
    facts: MediaFacts
    kind: TroubleKind
    sentence: str
    since: float = 20
    who: Who = NOBODY
    request: RequestFact = APPROVED

    def __str__(self) -> str:
        return f"{self.kind}: {self.known}"


WORDS = [
    Row(
        "asked",
        film(),
        K.AWAITING_APPROVAL,
        "Waiting for approval in Seerr.",
        since=0,
        who=ADMIN,
        request=RequestFact(pending_at=at(0)),
    ),
    Row(
        "a series of which no episode is known",
        series(items=()),
        K.AWAITING_APPROVAL,
        "Waiting for approval in Seerr.",
        since=0,
        who=ADMIN,
        request=RequestFact(pending_at=at(0)),
    ),
    Row(
        "could not be sent",
        film(),
        K.NOT_SENT,
        "Seerr could not hand this on to Radarr. It has to be retried in Seerr.",
        since=2,
        who=ADMIN,
        request=replace(APPROVED, failed_at=at(2)),
    ),
    Row(
        "complete once, vanished since",
        film(),
        K.GONE,
        "It was in the library until 14 March 2026. It comes back only if it is requested again.",
        request=replace(APPROVED, completed_at=at(3), vanished_at=at(20)),
    ),
    Row(
        "complete once, deleted since",
        film(files=(file(1, death=FileDeath.MANUAL),)),
        K.GONE,
        "It was in the library until 14 March 2026. It comes back only if it is requested again.",
        since=50,
        request=replace(APPROVED, completed_at=at(3)),
    ),
    Row(
        "complete once, and not there when Radarr was asked",
        film(entries=(READ,), files=(replace(file(1), entry=READ),)),
        K.GONE,
        "It was in the library until 14 March 2026. It comes back only if it is requested again.",
        request=replace(APPROVED, completed_at=at(3)),
    ),
    Row(
        "deleted before Seerr noticed that it came",
        film(files=(file(1, death=FileDeath.MANUAL),)),
        K.GONE,
        "It was in the library until 14 March 2026. Radarr looks for it again.",
        since=50,
    ),
    Row(
        "deleted, and its approval told once more after that",
        film(files=(file(1, death=FileDeath.MANUAL),)),
        K.GONE,
        "It was in the library until 14 March 2026. Radarr looks for it again.",
        since=50,
        request=replace(APPROVED, asked_at=at(0), approved_at=at(55)),
    ),
    Row(
        "not listed any more, and nobody told its end",
        film(entries=(READ,), files=(replace(file(1), entry=READ),)),
        K.GONE,
        "It was in the library until 14 March 2026. Radarr looks for it again.",
        since=20,
    ),
    Row(
        "taken out of Radarr before it came",
        film(entries=(TAKEN,)),
        K.GONE,
        "It was taken out of Radarr before it arrived. It comes only if it is added again.",
        who=ADMIN,
    ),
    Row(
        "never in Radarr, or taken out before anybody heard of it",
        film(entries=()),
        K.GONE,
        "Radarr does not have it. It comes only if it is added there.",
        who=ADMIN,
        since=10,
        request=replace(APPROVED, lacked_at=at(10)),
    ),
    Row(
        "taken out of Radarr after it came",
        film(entries=(TAKEN,), files=(replace(file(1), entry=TAKEN),)),
        K.GONE,
        "It was in the library until 14 March 2026. It comes back only if it is requested again.",
        who=ADMIN,
    ),
]
WAITING = [
    Row(
        "a date is known",
        film(entries=(replace(SEARCHED, is_released=False, release_at=CHRISTMAS_EVE),)),
        K.NOT_RELEASED,
        "Not released yet: expected on 24 December 2026.",
        since=1,
        who=DATE,
    ),
    Row(
        "no date is known",
        film(entries=(replace(ENTRY, is_released=False),)),
        K.NOT_RELEASED,
        "Not released yet. Radarr looks for it once it is.",
        since=1,
        who=DATE,
    ),
    Row(
        "the season is to come",
        series(items=UNAIRED),
        K.NOT_AIRED,
        "Season 2 starts on 3 May 2027.",
        since=1,
        who=DATE,
        request=ASKED,
    ),
    Row(
        "only later episodes are known",
        series(items=UNAIRED[1:]),
        K.NOT_AIRED,
        "The next episode airs on 4 May 2027.",
        since=1,
        who=DATE,
        request=ASKED,
    ),
    Row(
        "a special",
        series(items=(replace(UNAIRED[0], key=(0, 1)),)),
        K.NOT_AIRED,
        "The next episode airs on 3 May 2027.",
        since=1,
        who=DATE,
        request=replace(APPROVED, seasons=frozenset({0})),
    ),
    Row(
        "nobody knows when",
        series(items=(replace(UNAIRED[0], air_at=None),)),
        K.NOT_AIRED,
        "Not aired yet, and no date is known.",
        since=1,
        who=DATE,
        request=ASKED,
    ),
    Row(
        "the film is not monitored",
        film(entries=(replace(SEARCHED, monitored=False, is_released=False),)),
        K.NOT_MONITORED,
        "Radarr does not look for this, because it is not monitored there.",
        since=1,
        who=ADMIN,
    ),
    Row(
        "the series is not monitored",
        series(entries=(replace(ENTRY, monitored=False),)),
        K.NOT_MONITORED,
        "Sonarr does not look for this, because it is not monitored there.",
        since=1,
        who=ADMIN,
        request=ASKED,
    ),
    Row(
        "episodes to come are not monitored",
        series(items=UNAIRED, searches=tuple(search(item, monitored=False) for item in UNAIRED)),
        K.NOT_MONITORED,
        "Sonarr does not look for this, because it is not monitored there.",
        since=1,
        who=ADMIN,
        request=ASKED,
    ),
    Row(
        "a search came back with nothing",
        film(entries=(SEARCHED,)),
        K.NOTHING_FOUND,
        "Radarr searched and found nothing suitable yet. It keeps looking by itself.",
    ),
    Row(
        "a profile waits",
        film(entries=(SEARCHED,), held=(held(Hold.DELAY),)),
        K.DELAYED,
        "A release is found. Radarr waits a little, in case a better one appears.",
    ),
    Row(
        "the client is away",
        film(held=(held(Hold.CLIENT_UNAVAILABLE),)),
        K.CLIENT_UNAVAILABLE,
        "A release is found, but the download client can't be reached. Radarr keeps trying.",
    ),
    Row(
        "in the library folder only",
        film(files=(file(1),)),
        K.NOT_SHOWN,
        "In the library folder, waiting for Jellyfin to show it.",
    ),
    Row(
        "shown once, and no longer",
        film(files=(file(1),), hidden=(HiddenFact(frozenset({(0, 0)}), at(600)),)),
        K.NOT_SHOWN,
        "In the library folder, waiting for Jellyfin to show it.",
        since=600,
    ),
]

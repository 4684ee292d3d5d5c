"""Facts to the one reason why a card waits: what, since when, who has to act, what happens next.

Each item that is not here has findings; the first of them that lasts long enough speaks for it. Of what is spoken the
most useful is told: what an admin must do, then what blocks the most advanced step, then what only takes time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from flaskapp.domain.facts import ItemFact, ItemKey, MediaFacts, RequestFact
from flaskapp.domain.finding import Finding
from flaskapp.domain.house import SEEN_BY_CLIENTS, Cause, CauseKind
from flaskapp.domain.item_findings import Case, findings, gone
from flaskapp.domain.lifecycle import Derived, ItemStatus
from flaskapp.domain.observation import FILM, MediaType
from flaskapp.domain.own_facts import OwnFacts
from flaskapp.domain.state import HERE, State
from flaskapp.domain.trouble_kind import TroubleKind, Who

__all__ = ["Outlook", "Trouble", "TroubleKind", "Who", "find_trouble"]

SETTLED = (State.AVAILABLE, State.DECLINED)
RANK = (
    TroubleKind.IMPORT_BLOCKED,
    TroubleKind.FILES_UNREACHABLE,
    TroubleKind.NOT_TRACKED,
    TroubleKind.NOT_IMPORTED,
    TroubleKind.FILES_MISSING,
    TroubleKind.CLIENT_ERROR,
    TroubleKind.NOT_SHOWN,
    TroubleKind.IMPORTING,
    TroubleKind.UNPACKING,
    TroubleKind.MOVING,
    TroubleKind.CHECKING,
    TroubleKind.PAUSED,
    TroubleKind.STALLED,
    TroubleKind.METADATA,
    TroubleKind.QUEUED,
    TroubleKind.DOWNLOAD_IGNORED,
    TroubleKind.DOWNLOAD_REMOVED,
    TroubleKind.CLIENT_UNAVAILABLE,
    TroubleKind.DOWNLOAD_FAILED,
    TroubleKind.NOT_SENT,
    TroubleKind.AWAITING_APPROVAL,
    TroubleKind.NOT_MONITORED,
    TroubleKind.DELAYED,
    TroubleKind.NOT_RELEASED,
    TroubleKind.NOT_AIRED,
    TroubleKind.NOTHING_FOUND,
    TroubleKind.GONE,
)
"""What is told first; whatever waits for the admin comes before all that does not."""
EXPLAINS = {
    CauseKind.DISCONNECTED: {TroubleKind.STALLED, TroubleKind.METADATA},
    CauseKind.DOWNLOADS_FULL: {TroubleKind.CLIENT_ERROR},
    CauseKind.LIBRARY_FULL: {TroubleKind.IMPORT_BLOCKED},
    CauseKind.CLIENT_UNREACHABLE: {
        TroubleKind.CLIENT_UNAVAILABLE,
        TroubleKind.DOWNLOAD_REMOVED,
        TroubleKind.NOT_TRACKED,
    },
}
"""What a cause explains is told once, on top of the board, and on no card."""
SERVICES = {MediaType.MOVIE: "Radarr", MediaType.TV: "Sonarr"}
INSTANCES = {f"{service}{quality}" for service in SERVICES.values() for quality in ("", " 4K")}
WHOLE = (FILM.season, FILM.episode)
"""The film, or what is not known of a series yet."""
ENDLESS = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Trouble:
    """Why a card waits: one plain sentence that also says what happens next.

    ``until`` is the moment for which it waits, where one is known. ``items`` are the episodes concerned, empty when
    it is all of them. ``messages`` are upstream's own words, for the admin.
    """

    kind: TroubleKind
    since: datetime
    who: Who
    sentence: str
    until: datetime | None = None
    items: tuple[ItemKey, ...] = ()
    messages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outlook:
    """The trouble of a card, and when it has to be looked at again although nobody says anything new."""

    trouble: Trouble | None = None
    look_at: datetime | None = None


def find_trouble(
    request: RequestFact, facts: MediaFacts, derived: Derived, causes: Collection[Cause], now: datetime
) -> Outlook:
    """Find why a request waits, None while it moves on by itself and soon."""
    if request.gone_at is not None or derived.state in SETTLED:
        return Outlook()
    case = Case(request, OwnFacts(request, facts), now)
    scope = _due(derived, case.own)
    waiting = [status for status in scope if status.state is not State.AVAILABLE]
    if derived.state is State.REMOVED:
        found = {status.item.key: gone(case) for status in waiting}
    else:
        found = {status.item.key: findings(case, status) for status in waiting}
    turns = (turn for each in found.values() for finding in each for turn in finding.turns())
    told = _told(found, {key: _explained(causes, case, key) for key in found} if causes else {}, now)
    is_moving = any(status.state not in HERE and status.state and status.item.key not in told for status in waiting)
    worth = {key: finding for key, finding in told.items() if not is_moving or _is_urgent(finding, now)}
    return Outlook(
        trouble=_trouble(worth, len(scope), SERVICES[facts.media_type], now) if worth else None,
        look_at=min((turn for turn in turns if turn > now), default=None),
    )


def _due(derived: Derived, own: OwnFacts) -> tuple[ItemStatus, ...]:
    """Give the items that are waited for: the due ones, else those yet to air; and what is not known yet."""
    due = tuple(status for status in derived.items if status.is_due) or derived.items
    if due and own.is_all_known:
        return due
    is_there = not due and derived.state is State.IMPORTED
    return (*due, ItemStatus(ItemFact(WHOLE), State.IMPORTED if is_there else None))


def _explained(causes: Iterable[Cause], case: Case, key: ItemKey) -> set[TroubleKind]:
    """Give the kinds that the causes explain; what one Radarr or Sonarr sees says nothing of another."""
    own = SERVICES[case.own.facts.media_type] + (" 4K" if case.request.is_4k else "")
    clients = {download.speaker for download in case.own.open_downloads(key)}
    seen = [
        cause.kind
        for cause in causes
        if (cause.upstream in clients or cause.kind not in SEEN_BY_CLIENTS)
        and (cause.upstream == own or cause.upstream not in INSTANCES)
    ]
    return {kind for cause in seen for kind in EXPLAINS.get(cause, ())}


def _told(
    found: dict[ItemKey, list[Finding]], explained: dict[ItemKey, set[TroubleKind]], now: datetime
) -> dict[ItemKey, Finding]:
    """Choose what speaks for each item: its first finding that lasts long enough, unless it is told on top."""
    first = {key: next((each for each in several if each.is_told(now)), None) for key, several in found.items()}
    return {key: finding for key, finding in first.items() if finding and finding.kind not in explained.get(key, ())}


def _is_urgent(finding: Finding, now: datetime) -> bool:
    """Tell whether it is worth telling although other items move."""
    return finding.who_at(now) is Who.ADMIN and finding.kind is not TroubleKind.NOT_MONITORED


def _trouble(told: dict[ItemKey, Finding], due: int, service: str, now: datetime) -> Trouble:
    """Tell the most useful finding for all items that share it."""
    best = min(told.values(), key=lambda finding: _order(finding, now))
    alike = {k: f for k, f in told.items() if _order(f, now) == _order(best, now)}
    lead = min(alike.values(), key=lambda finding: (finding.until or ENDLESS, finding.place or 0, finding.since))
    items = () if len(alike) == due or WHOLE in alike else tuple(sorted(alike))
    return Trouble(
        kind=lead.kind,
        since=min(finding.since for finding in alike.values()),
        who=lead.who_at(now),
        sentence=lead.wording_at(now).sentence(service, len(items) or None),
        until=lead.until if lead.until and lead.until > now else None,
        items=items,
        messages=tuple(dict.fromkeys(message for finding in alike.values() for message in finding.messages)),
    )


def _order(finding: Finding, now: datetime) -> tuple[bool, int]:
    return finding.who_at(now) is not Who.ADMIN, RANK.index(finding.kind)

"""Why one item of a request is not here: the reasons in the order in which they count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flaskapp.domain import wording
from flaskapp.domain.download_findings import closed_download, open_download
from flaskapp.domain.facts import HeldFact, ItemFact, ItemKey, RequestFact
from flaskapp.domain.finding import Finding
from flaskapp.domain.lifecycle import ItemStatus, seerr_word
from flaskapp.domain.own_facts import OwnFacts, most_advanced
from flaskapp.domain.queue import Hold
from flaskapp.domain.state import State
from flaskapp.domain.transfer import is_blocked
from flaskapp.domain.trouble_kind import PATIENCE, TroubleKind, Who

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """A request with the facts that count for it, looked at now."""

    request: RequestFact
    own: OwnFacts
    now: datetime

    @property
    def asked_at(self) -> datetime | None:
        """Give since when it is waited for."""
        return self.request.approved_at or self.request.pending_at or self.request.completed_at

    @property
    def read_at(self) -> datetime | None:
        """Give when Radarr or Sonarr last answered about this title."""
        answers = [entry.read_at for entry in self.own.entries if not entry.deleted_at]
        return max((at for at in answers if at), default=None)


def findings(case: Case, status: ItemStatus) -> list[Finding]:
    """Find why an item is not here, what counts first standing first."""
    key = status.item.key
    if status.state is State.IMPORTED:
        return _not_shown(case, key)
    downloads = case.own.open_downloads(key)
    if downloads:
        # One that needs a person matters only while no other is on the way.
        free = [download for download in downloads if not is_blocked(download)]
        finding = open_download(most_advanced(free or downloads), read_at=case.read_at)
        return [finding] if finding else []
    return _before_a_download(case, status.item)


def gone(case: Case) -> list[Finding]:
    """Find since when a request is removed that was complete once."""
    keys = {item.key for item in case.own.scope()}
    files = [file for file in case.own.files if file.items & keys]
    deaths = [file.died_at for file in files if file.death and file.death.for_good]
    deaths += [entry.deleted_at for entry in case.own.entries]
    seen = [file.read_at or file.told_at for file in files]
    since = max((at for at in deaths if at), default=case.request.vanished_at)
    since = since or max(seen, default=case.request.completed_at)
    return [_gone(since, is_looked_for=False)] if since else []


def _not_shown(case: Case, key: ItemKey) -> list[Finding]:
    files = [file for file in case.own.files if key in file.items and not file.entry.deleted_at]
    begun = [file.told_at for file in files]
    begun += [hidden.since for hidden in case.own.facts.hidden if key in hidden.items]
    since = max(begun, default=case.request.completed_at)
    if since is None or not case.own.facts.has_library:
        return []
    return [Finding(TroubleKind.NOT_SHOWN, since, wording.NOT_SHOWN, late=wording.NOT_SHOWN_LATE)]


def _before_a_download(case: Case, item: ItemFact) -> list[Finding]:
    request, word = case.request, seerr_word(case.request)
    if word is State.REQUESTED and request.pending_at:
        return [Finding(TroubleKind.AWAITING_APPROVAL, request.pending_at, wording.AWAITING_APPROVAL, Who.ADMIN)]
    if word is State.FAILED and request.failed_at:
        return [Finding(TroubleKind.NOT_SENT, request.failed_at, wording.NOT_SENT, Who.ADMIN)]
    if word is not State.APPROVED or case.asked_at is None:
        return []
    if request.lacked_at and not case.own.entries:
        return [Finding(TroubleKind.GONE, request.lacked_at, wording.LACKED, Who.ADMIN)]
    if case.own.entries and all(entry.deleted_at for entry in case.own.entries):
        return _taken_out(case, item.key)
    held = [each for each in case.own.held if each.item == item.key]
    if held:
        return [_held(each) for each in held]
    if _is_unmonitored(case, item.key):
        return [Finding(TroubleKind.NOT_MONITORED, case.asked_at, wording.NOT_MONITORED, Who.ADMIN)]
    if item.aired is False:
        return [_not_aired(case, item, case.asked_at)]
    if _is_unreleased(case):
        return [_not_released(case, case.asked_at)]
    return _looking(case, item, case.asked_at)


def _taken_out(case: Case, key: ItemKey) -> list[Finding]:
    """Tell what is left of an item whose title is in no Radarr or Sonarr any more."""
    since = max(entry.deleted_at for entry in case.own.entries if entry.deleted_at)
    if any(key in file.items for file in case.own.files):
        return [_gone(since, is_looked_for=False, who=Who.ADMIN)]
    return [Finding(TroubleKind.GONE, since, wording.TAKEN_OUT, Who.ADMIN)]


def _gone(since: datetime, *, is_looked_for: bool, who: Who = Who.NOBODY) -> Finding:
    return Finding(TroubleKind.GONE, since, wording.gone_since(since, is_looked_for=is_looked_for), who)


def _held(held: HeldFact) -> Finding:
    if held.hold is Hold.DELAY:
        return Finding(TroubleKind.DELAYED, held.since, wording.DELAYED, until=held.until)
    return Finding(TroubleKind.CLIENT_UNAVAILABLE, held.since, wording.CLIENT_UNAVAILABLE)


def _is_unmonitored(case: Case, key: ItemKey) -> bool:
    titles = [entry.monitored for entry in case.own.entries if not entry.deleted_at]
    episodes = [search.monitored for search in case.own.searches[key]]
    return any(said and all(monitored is False for monitored in said) for said in (titles, episodes))


def _not_aired(case: Case, item: ItemFact, asked_at: datetime) -> Finding:
    until = item.air_at if item.air_at and item.air_at > case.now else None
    words = wording.aired_on(until, *item.key) if until else wording.NOT_AIRED
    return Finding(TroubleKind.NOT_AIRED, asked_at, words, Who.RELEASE_DATE, until=until)


def _is_unreleased(case: Case) -> bool:
    said = [entry.is_released for entry in case.own.entries if not entry.deleted_at]
    return bool(said) and all(is_released is False for is_released in said)


def _not_released(case: Case, asked_at: datetime) -> Finding:
    days = [entry.release_at for entry in case.own.entries if entry.release_at and not entry.deleted_at]
    until = min((day for day in days if day > case.now), default=None)
    words = wording.released_on(until) if until else wording.NOT_RELEASED
    return Finding(TroubleKind.NOT_RELEASED, asked_at, words, Who.RELEASE_DATE, until=until)


def _looking(case: Case, item: ItemFact, asked_at: datetime) -> list[Finding]:
    """Tell how the search goes: what was searched for after it failed or went was not found again."""
    loss = case.own.last_loss(item.key) or LONG_AGO
    ends = [closed_download(grab.download) for grab in case.own.fruitless(item.key)]
    end = ends[-1] if ends and ends[-1] and ends[-1].since > loss else None
    found = [end] if end else []
    if loss > (case.request.asked_at or asked_at):  # an approval may be told late, and more than once
        found.append(_gone(loss, is_looked_for=True))
    searched_at = _searched_at(case, item.key)
    if searched_at and searched_at > max(loss, end.since if end else LONG_AGO):
        found.insert(0, _nothing_found(searched_at, asked_at))
    return found


def _searched_at(case: Case, key: ItemKey) -> datetime | None:
    searches = [entry.searched_at for entry in case.own.entries if not entry.deleted_at]
    searches += [search.searched_at for search in case.own.searches[key]]
    return max((at for at in searches if at), default=None)


def _nothing_found(searched_at: datetime, asked_at: datetime) -> Finding:
    # Who has just approved it has just started a search, too.
    patience = max(searched_at, asked_at) - searched_at + PATIENCE[TroubleKind.NOTHING_FOUND]
    return Finding(TroubleKind.NOTHING_FOUND, searched_at, wording.NOTHING_FOUND, patience=patience)

"""Requests, and what becomes of them in Seerr's eyes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import count

from demo.clock import Clock
from demo.jellyfin.model import Jellyfin
from demo.posters import Gallery
from demo.seerr.agent import EVERYTHING, Agent
from demo.seerr.template import TEST, Words
from demo.servarr.arr import Arr
from demo.titles import Film, Series
from demo.webhook import Post, Receiver, Webhook

DISPATCHING, SCANNING = 0.5, 6.0
"""Seconds until Radarr or Sonarr is told, and from a new item in Jellyfin to the scan that sees it."""
PENDING, APPROVED, DECLINED, FAILED, COMPLETED = 1, 2, 3, 4, 5
"""Status of a request."""
UNKNOWN, WAITING, PROCESSING, PARTIAL, AVAILABLE, DELETED = 1, 2, 3, 4, 5, 7
"""Status of media and of its seasons."""
MEDIA_WORDS = {
    UNKNOWN: "UNKNOWN",
    WAITING: "PENDING",
    PROCESSING: "PROCESSING",
    PARTIAL: "PARTIALLY_AVAILABLE",
    AVAILABLE: "AVAILABLE",
    DELETED: "DELETED",
}


@dataclass(frozen=True)
class Person:
    """Somebody who may ask; ``is_trusted`` needs no approval."""

    id: int
    name: str
    jellyfin_id: str
    is_trusted: bool = False


@dataclass
class Ask:
    """One request. ``seasons`` are empty for a film."""

    id: int
    title: Film
    person: Person
    seasons: tuple[int, ...]
    created_at: datetime
    updated_at: datetime
    is_4k: bool = False
    status: int = PENDING

    def keys(self) -> set[tuple[int, int]]:
        """Give all that has to be there for it to be complete."""
        if not isinstance(self.title, Series):
            return {(0, 0)}
        return {episode.key for episode in self.title.episodes if episode.season in self.seasons}


@dataclass(frozen=True)
class Servers:
    """Where Seerr sends what is approved, the usual and the 4K ones."""

    radarr: Arr
    sonarr: Arr
    radarr_4k: Arr
    sonarr_4k: Arr


class Seerr:
    """Takes requests, passes them on, and looks into Jellyfin for what has arrived."""

    def __init__(self, clock: Clock, post: Post, jellyfin: Jellyfin, house: Servers, gallery: Gallery) -> None:
        self.clock, self._post, self.jellyfin, self._house = clock, post, jellyfin, house
        self.agent, self.version = Agent(), "3.3.0"
        self.requests: dict[int, Ask] = {}
        self._seen: dict[tuple[str, bool], set[tuple[int, int]]] = {}
        self._words, self._ids = Words(gallery), count(1)

    def ask(self, title: Film, person: Person, seasons: tuple[int, ...] = (), *, is_4k: bool = False) -> Ask:
        """Ask for a title."""
        now = self.clock.now
        ask = Ask(next(self._ids), title, person, seasons, now, now, is_4k)
        self.requests[ask.id] = ask
        if person.is_trusted:
            self._approve(ask, "MEDIA_AUTO_APPROVED")
        else:
            self._tell(ask, "MEDIA_PENDING")
        return ask

    def approve(self, ask: Ask) -> None:
        """Approve a request, or try a failed one again: Seerr says the same of both."""
        self._approve(ask, "MEDIA_APPROVED")

    def _approve(self, ask: Ask, kind: str) -> None:
        # Told before the media moves on, as upstream's status lags behind.
        self._tell(ask, kind)
        self._move(ask, APPROVED)
        self.clock.after(DISPATCHING, partial(self._dispatch, ask))

    def _dispatch(self, ask: Ask) -> None:
        arr = self.arr_of(ask.title, is_4k=ask.is_4k)
        if not arr.is_accepting:
            self._move(ask, FAILED)
            self._tell(ask, "MEDIA_FAILED")
            return
        arr.add(ask.title, ask.seasons)

    def decline(self, ask: Ask) -> None:
        """Decline a request."""
        self._tell(ask, "MEDIA_DECLINED")
        self._move(ask, DECLINED)

    def pend(self, ask: Ask) -> None:
        """Set a request back to pending, of which nobody is told."""
        self._move(ask, PENDING)

    def delete(self, ask: Ask) -> None:
        """Delete a request, of which nobody is told."""
        del self.requests[ask.id]

    def notice(self) -> None:
        """Scan the library after a while."""
        self.clock.after(SCANNING, self.scan)

    def scan(self) -> None:
        """See what Jellyfin shows, and complete the requests that have all they asked for."""
        for ask in list(self.requests.values()):
            seen = self._seen[ask.title.slug, ask.is_4k] = self.jellyfin.shown(ask.title, is_4k=ask.is_4k)
            if ask.status == APPROVED and ask.keys() <= seen:
                self.complete(ask)

    def complete(self, ask: Ask) -> None:
        """Call a request complete: Jellyfin shows it all, or Radarr has it already."""
        self._move(ask, COMPLETED)
        self._tell(ask, "MEDIA_AVAILABLE")

    def arr_of(self, title: Film, *, is_4k: bool = False) -> Arr:
        """Give the service that looks for a title."""
        if isinstance(title, Series):
            return self._house.sonarr_4k if is_4k else self._house.sonarr
        return self._house.radarr_4k if is_4k else self._house.radarr

    def media_status(self, title: Film, season: int | None = None, *, is_4k: bool = False) -> int:
        """Give the status of a title, or of one of its seasons, in one quality."""
        theirs = (ask for ask in self.requests.values() if ask.title == title and ask.is_4k == is_4k)
        asks = [ask for ask in theirs if season in (None, *ask.seasons)]
        wanted = self._keys_of(title, season)
        here = self._seen.get((title.slug, is_4k), set()) & wanted
        if here:
            return AVAILABLE if here == wanted else PARTIAL
        statuses = {ask.status for ask in asks}
        if COMPLETED in statuses:
            return DELETED
        if APPROVED in statuses:
            return PROCESSING
        return WAITING if PENDING in statuses else UNKNOWN

    def _keys_of(self, title: Film, season: int | None) -> set[tuple[int, int]]:
        if not isinstance(title, Series):
            return {(0, 0)}
        return {episode.key for episode in title.episodes if season in (None, episode.season)}

    def _move(self, ask: Ask, status: int) -> None:
        ask.status, ask.updated_at = status, self.clock.now

    @property
    def receiver(self) -> Receiver | None:
        """Give where its webhooks go; None while there is no such place."""
        return self.agent.receiver if self.agent.is_enabled else None

    def connect(self, receiver: Receiver) -> None:
        """Let it send all news to a place."""
        self.agent = Agent(receiver.url, receiver.headers.get("Authorization", ""), EVERYTHING, is_enabled=True)

    def try_out(self, agent: Agent) -> int:
        """Send a test as other settings would have it, and give the status of the answer."""
        return self._post.deliver(Webhook("seerr", agent.receiver, agent.fill_in(TEST)))

    def _tell(self, ask: Ask, kind: str) -> None:
        if not self.agent.wants(kind):
            return
        usual, in_4k = (MEDIA_WORDS[self.media_status(ask.title, is_4k=is_4k)] for is_4k in (False, True))
        shown = self.jellyfin.id_of(ask.title) or self.jellyfin.id_of(ask.title, is_4k=True) or ""
        payload = self._words.tell(kind, ask, (usual, in_4k), shown)
        self._post.send(Webhook("seerr", self.agent.receiver, self.agent.fill_in(payload)))

"""Who is asked what: the readings of every configured service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm import Session

from flaskapp.clients.jellyfin import JellyfinClient
from flaskapp.clients.qbittorrent import QbittorrentClient
from flaskapp.clients.radarr import RadarrClient
from flaskapp.clients.seerr import SeerrClient
from flaskapp.clients.servarr import ServarrClient
from flaskapp.clients.sonarr import SonarrClient
from flaskapp.config import Settings
from flaskapp.domain.observation import MediaRef
from flaskapp.models import open_questions, service_questions
from flaskapp.polling.absences import OpenGrab
from flaskapp.polling.arrivals import Arrivals, Unshown
from flaskapp.polling.checkups import Checkups, Context, of_client
from flaskapp.polling.client_causes import ClientCauses
from flaskapp.polling.connections import Connections
from flaskapp.polling.disks import Disks, HeldImport
from flaskapp.polling.entries import Entries, OpenEntry
from flaskapp.polling.episode_lists import EpisodeLists
from flaskapp.polling.films import Films
from flaskapp.polling.histories import History, Memory
from flaskapp.polling.library_items import LibraryItems, OpenLibraryItem
from flaskapp.polling.missing import TrackedDownload
from flaskapp.polling.outlet import Outlet
from flaskapp.polling.poller import Poller
from flaskapp.polling.queues import Queue
from flaskapp.polling.reconciler import Reading
from flaskapp.polling.seerr_requests import SeerrRequests
from flaskapp.polling.settled import Known, Settled
from flaskapp.polling.shown_items import ShownItem, ShownItems
from flaskapp.polling.titles import OpenTitle, Titles
from flaskapp.polling.whereabouts import Whereabouts
from flaskapp.setup.checkup import Ask
from flaskapp.setup.findings import look
from flaskapp.sources import radarr, sonarr
from flaskapp.upstreams import Upstream

Answer = TypeVar("Answer")


class Read(Protocol):
    """Asks the record in a session of its own."""

    def __call__(self, query: Callable[[Session], Answer]) -> Answer:
        """Give what a query answers."""


class Readings:
    """The readings of one app, by the name of the service that they ask; ``context`` opens its context."""

    def __init__(
        self, settings: Settings, upstreams: Iterable[Upstream], outlet: Outlet, read: Read, context: Context
    ) -> None:
        self._settings, self._upstreams, self._outlet = settings, tuple(upstreams), outlet
        self._read, self._context = read, context
        clients = (upstream.name for upstream in self._upstreams if upstream.source == "qbittorrent")
        tracked = self._rows(TrackedDownload, open_questions.tracked_downloads)
        self._whereabouts = Whereabouts(clients, tracked)

    def by_service(self) -> dict[str, Sequence[Reading]]:
        """Give the readings of each service in the order in which they are asked."""
        read = {
            "radarr": self._of_arr,
            "sonarr": self._of_arr,
            "seerr": self._of_seerr,
            "jellyfin": self._of_jellyfin,
            "qbittorrent": self._of_qbittorrent,
        }
        order = list(read)  # what Radarr and Sonarr grabbed is known when the client is asked for it
        chosen = sorted(self._upstreams, key=lambda upstream: order.index(upstream.source))
        return {each.name: read[each.source](each) for each in chosen}

    def _of_arr(self, upstream: Upstream) -> Sequence[Reading]:
        """History comes first, so that the timeline has the steps in their order."""
        if upstream.source == "radarr":
            films = RadarrClient(upstream.name, upstream.url, upstream.api_key)
            titles: Entries = Films(upstream, films, self._entries(upstream, open_questions.open_films), self._outlet)
            return [*self._of_servarr(upstream, films, radarr), *self._of_titles(upstream, titles)]
        series = SonarrClient(upstream.name, upstream.url, upstream.api_key)
        titles = EpisodeLists(upstream, series, self._entries(upstream, open_questions.open_series), self._outlet)
        return [*self._of_servarr(upstream, series, sonarr), *self._of_titles(upstream, titles)]

    def _of_titles(self, upstream: Upstream, titles: Entries) -> Sequence[Reading]:
        oldest = partial(service_questions.longest_unasked, source=upstream.source, instance=upstream.instance)
        return [titles, Settled(upstream, titles, self._rows(Known, oldest), self._outlet), self._checkups(upstream)]

    def _of_servarr(self, upstream: Upstream, client: ServarrClient, source: Any) -> Sequence[Reading]:
        name, key = upstream.name, (upstream.source, upstream.instance)
        memory = Memory(
            mark=lambda: self._read(lambda session: service_questions.read_history_mark(session, name)),
            heard=lambda at: self._read(lambda session: service_questions.has_heard(session, *key, at)),
            reach=timedelta(days=self._settings.history_days),
        )
        grabs = self._rows(_grab, partial(open_questions.open_grabs, source=key[0], instance=key[1]))
        held = self._rows(HeldImport, partial(open_questions.held_imports, source=key[0], instance=key[1]))
        is_silent = partial(self._read, partial(service_questions.is_silent, upstream=name))
        return [
            History(upstream, client, source.read_history, memory, self._outlet),
            Queue(upstream, client, source.read_queue, grabs, self._outlet),
            Disks(upstream, client, held, self._outlet),
            Connections(upstream, client, is_silent, self._outlet),
        ]

    def _of_seerr(self, upstream: Upstream) -> Sequence[Reading]:
        client = SeerrClient(upstream.name, upstream.url, upstream.api_key)
        history = timedelta(days=self._settings.history_days)
        listed = partial(self._read, partial(open_questions.listed_requests, instance=upstream.instance))
        titles = self._rows(OpenTitle, partial(open_questions.open_titles, instance=upstream.instance))
        return [
            SeerrRequests(upstream, client, listed, self._outlet, history),
            Titles(upstream, client, titles, self._outlet),
            self._checkups(upstream),
        ]

    def _of_jellyfin(self, upstream: Upstream) -> Sequence[Reading]:
        client = JellyfinClient(upstream.name, upstream.url, upstream.api_key)
        opened = partial(open_questions.open_library_items, instance=upstream.instance)
        shown = partial(service_questions.shown_items, instance=upstream.instance)
        return [
            LibraryItems(upstream, client, self._rows(OpenLibraryItem, opened), self._outlet),
            ShownItems(upstream, client, self._rows(ShownItem, shown), self._outlet),
            Arrivals(upstream, client, self._rows(Unshown, open_questions.unshown), self._outlet),
            self._checkups(upstream),
        ]

    def _of_qbittorrent(self, upstream: Upstream) -> Sequence[Reading]:
        client = QbittorrentClient(upstream.name, upstream.url, upstream.username, upstream.api_key)
        missing = partial(self._read, partial(service_questions.missing_bytes, client=upstream.name))
        return [
            Poller(upstream, client, self._whereabouts, self._outlet, self._settings.poll_interval),
            ClientCauses(upstream, client, missing, self._outlet),
            self._checkups(upstream, of_client(client)),
        ]

    def _checkups(self, upstream: Upstream, ask: Ask | None = None) -> Checkups:
        return Checkups(upstream, ask or partial(look, upstream), self._outlet, self._context)

    def _entries(self, upstream: Upstream, query: Callable[..., Sequence[Any]]) -> Callable[[], Sequence[OpenEntry]]:
        return self._rows(OpenEntry, partial(query, is_4k=upstream.is_4k))

    def _rows(
        self, make: Callable[..., Answer], query: Callable[[Session], Sequence[Any]]
    ) -> Callable[[], Sequence[Answer]]:
        """Ask the record for rows, each of which becomes what a reading works on."""
        return lambda: self._read(lambda session: [make(*row) for row in query(session)])


def _grab(aliases: tuple[str, ...], entry_id: int, media_type: Any) -> OpenGrab:
    return OpenGrab(aliases, entry_id, MediaRef(media_type))

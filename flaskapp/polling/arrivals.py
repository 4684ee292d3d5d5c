"""What Jellyfin shows of the titles that lie in the library folder: its own calls are lost when it restarts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from flaskapp.domain.observation import MediaRef, MediaType
from flaskapp.domain.reading import LibraryItemRead
from flaskapp.polling.errand import Errand
from flaskapp.polling.outlet import Outlet, origin_of
from flaskapp.sources.jellyfin import folder_of, read_item
from flaskapp.upstreams import Upstream

KINDS = {MediaType.MOVIE: "Movie", MediaType.TV: "Series"}


@dataclass(frozen=True)
class Unshown:
    """A title with files that Jellyfin has not shown yet, and when its card last changed.

    ``folders`` are the names of those in which Radarr and Sonarr keep it.
    """

    media_type: MediaType
    title: str
    ids: frozenset[tuple[str, str]]
    folders: frozenset[str]
    opened_at: datetime

    @property
    def media(self) -> MediaRef:
        """Give the title as Radarr or Sonarr names it."""
        known = dict(self.ids)
        return MediaRef(
            self.media_type,
            tmdb_id=int(known["tmdb"]) if "tmdb" in known else None,
            tvdb_id=int(known["tvdb"]) if "tvdb" in known else None,
            imdb_id=known.get("imdb"),
        )


class SearchClient(Protocol):
    """What is needed of Jellyfin."""

    def search(self, item_type: str, title: str) -> list[dict[str, object]]:
        """Give films or shows of about this title."""

    def episodes(self, series_id: str) -> list[dict[str, object]]:
        """Give the episodes of a show."""


class Arrivals:
    """Looks for one title at a time, less often the longer it does not come."""

    def __init__(
        self, upstream: Upstream, client: SearchClient, unshown: Callable[[], Sequence[Unshown]], outlet: Outlet
    ) -> None:
        self._upstream, self._client, self._unshown, self._outlet = upstream, client, unshown, outlet
        self._errand = Errand()

    def tick(self, now: datetime) -> float:
        """Look for the next title that is due; give the seconds until another one is."""
        due, pause = self._errand.due(self._unshown(), now)
        if not due:
            return pause
        with self._outlet.asking(self._upstream.name, now):
            found = list(self._find(due[0], now))
        self._errand.answered(due[:1], now)
        if found:
            self._outlet.ingest(found, origin_of(self._upstream, now))
        return 0.0

    def _find(self, subject: Unshown, now: datetime) -> Iterator[LibraryItemRead]:
        # Punctuation is written differently everywhere; the provider ids decide.
        words = " ".join(re.findall(r"\w+", subject.title)) or subject.title
        for item in self._client.search(KINDS[subject.media_type], words):
            read = read_item(item, now)
            if read is None:
                continue
            if read.media is None or subject.ids.isdisjoint(read.media.ids()):
                if folder_of(item) not in subject.folders:
                    continue
                # Anime and home videos are often matched under another id: the folder decides.
                read = replace(read, media=subject.media)
            yield read
            if subject.media_type is MediaType.TV:
                episodes = self._client.episodes(read.item_id)
                yield from (each for episode in episodes if (each := read_item(episode, now)))

"""What Radarr has of the films that somebody waits for: an import whose webhook was lost, a file found by a scan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

from flaskapp.domain.observation import MediaRef, MediaType
from flaskapp.domain.reading import MovieRead
from flaskapp.polling.entries import Entries, OpenEntry
from flaskapp.polling.outlet import Outlet
from flaskapp.sources.radarr import read_movie
from flaskapp.upstreams import Upstream


class MovieClient(Protocol):
    """What is needed of Radarr."""

    def movie(self, tmdb_id: int) -> dict[str, object] | None:
        """Give the film with this id."""


class Films(Entries):
    """Reads the open films of one Radarr."""

    def __init__(
        self, upstream: Upstream, client: MovieClient, open_films: Callable[[], Sequence[OpenEntry]], outlet: Outlet
    ) -> None:
        super().__init__(upstream, open_films, outlet)
        self._client = client

    def ask(self, number: int) -> Callable[[datetime], MovieRead] | None:
        """Ask for a film by its TMDB id."""
        row = self._client.movie(number)
        return partial(read_movie, row) if row else None

    def media(self, number: int) -> MediaRef:
        """Name the title by its TMDB id."""
        return MediaRef(MediaType.MOVIE, tmdb_id=number)

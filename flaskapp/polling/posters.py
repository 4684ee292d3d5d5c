"""Posters: our own copy of each, so that a browser tells no third party what it looks at."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from flaskapp.clients.http import ClientError
from flaskapp.domain.observation import PosterKept
from flaskapp.domain.origin import Origin
from flaskapp.polling.backoff import Attempts, Patience
from flaskapp.polling.errand import LOOK_UP
from flaskapp.polling.outlet import Outlet

logger = logging.getLogger(__name__)

ORIGINAL, HANDY = "//image.tmdb.org/t/p/original/", "//image.tmdb.org/t/p/w500/"
"""Radarr names pictures as they were scanned, several MiB each; a card is never wider than 500 pixels."""


@dataclass(frozen=True)
class OpenPoster:
    """A media that names a poster and has none yet."""

    media_id: int
    url: str


class PictureClient(Protocol):
    """What is needed of the web."""

    def picture(self, url: str) -> bytes:
        """Give the picture at an address."""


class Posters:
    """Fetches the posters of ``open_posters()`` into a folder, one file per media, named by our number of it."""

    def __init__(
        self, client: PictureClient, open_posters: Callable[[], Sequence[OpenPoster]], outlet: Outlet, folder: Path
    ) -> None:
        self._client, self._open_posters, self._outlet, self._folder = client, open_posters, outlet, folder
        self._attempts = Attempts(Patience(first=15.0, longest=600.0, most=5))

    def tick(self, now: datetime) -> float:
        """Fetch the next poster that is due; give the seconds until another one is."""
        posters = self._open_posters()
        self._attempts.keep_only(set(posters))
        waits = {poster: self._attempts.wait(poster, now) for poster in posters}
        due = next((poster for poster, wait in waits.items() if wait == 0), None)
        if due is None:
            return min([LOOK_UP, *waits.values()])
        # Noted before the try: whatever happens, this poster does not hold up the others.
        pause = self._attempts.fail(due, now)
        try:
            self._keep(due.media_id, self._client.picture(due.url.replace(ORIGINAL, HANDY)))
        except (ClientError, OSError) as error:
            reason = error if isinstance(error, ClientError) else f"The folder of posters: {error.strerror}."
            logger.warning("No poster for media %s: %s We try again in %.0f s.", due.media_id, reason, pause)
            return 0.0
        kept = PosterKept(seen_at=now, media_id=due.media_id)
        self._outlet.ingest([kept], Origin.only("posters", now))
        return 0.0

    def _keep(self, media_id: int, picture: bytes) -> None:
        """Put the picture in its place at once: a reader sees all of it or nothing."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=f".{media_id}-", delete=False) as draft:
            path = Path(draft.name)
            try:
                draft.write(picture)
                draft.flush()
                path.chmod(0o644)
                path.replace(self._folder / str(media_id))
            finally:
                path.unlink(missing_ok=True)

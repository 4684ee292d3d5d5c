"""What torrents mean, read once: most of a long list is the same as two seconds ago."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from flaskapp.domain.observation import DownloadPolled
from flaskapp.sources.qbittorrent import ID_FIELDS, parse


class Torrents:
    """Remembers the last answer. A torrent that is in it again, word for word, is the very observation it was then."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[Mapping[str, object], DownloadPolled]] = {}

    def read(self, torrents: Iterable[Mapping[str, object]], now: datetime) -> list[DownloadPolled]:
        """Give what an answer means; ``seen_at`` is when each was first listed like this."""
        last, self._last, read = self._last, {}, []
        for torrent in torrents:
            key = str(torrent.get(ID_FIELDS[0]))
            known = last.get(key)
            if known is None or known[0] != torrent:
                polled = parse([torrent], now)
                if not polled:
                    continue
                known = dict(torrent), polled[0]
            self._last[key] = known
            read.append(known[1])
        return read

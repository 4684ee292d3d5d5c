"""Sonarr's webhooks, and its episode lists, queue and history when asked.

Numbers are those of TVDB; season 0 holds the specials.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from flaskapp.domain.observation import EpisodeRef, ImportCompleted, MediaType, Observation
from flaskapp.domain.queue import DownloadListed, ReleasesHeld
from flaskapp.domain.reading import EpisodesRead, ListedEpisode
from flaskapp.sources import servarr_history, servarr_queue, servarr_webhooks
from flaskapp.sources.fields import LARGEST_NUMBER, LONGEST_ADDRESS, Fields
from flaskapp.sources.servarr import Dialect, read_entry, read_yes
from flaskapp.sources.servarr_history import HistoryRow
from flaskapp.sources.translation import Translation


def parse(payload: dict[str, object], seen_at: datetime) -> Translation:
    """Give what a webhook body of Sonarr means."""
    return servarr_webhooks.translate(payload, seen_at, _DIALECT, _READERS)


def read_queue(
    rows: Iterable[Mapping[str, object]], seen_at: datetime
) -> tuple[tuple[DownloadListed, ...], ReleasesHeld]:
    """Read all rows of the queue, which have to hold their series and episode."""
    return servarr_queue.read_queue(rows, seen_at, _DIALECT)


def read_history(rows: Iterable[Mapping[str, object]], seen_at: datetime) -> tuple[HistoryRow, ...]:
    """Read rows of history, which have to hold their series and episode; the oldest comes first."""
    return servarr_history.read_history(rows, seen_at, _DIALECT)


def read_episodes(series: dict[str, object], episodes: list[object], seen_at: datetime) -> EpisodesRead:
    """Read the episode list: a row of ``/series`` and all rows of ``/episode`` for it."""
    rows = [Fields(row) for row in episodes if isinstance(row, dict)]
    listed = {key: _listed(row, key, seen_at) for row in rows if (key := _key_of(row))}
    fields = Fields(series, "series")
    return EpisodesRead(
        seen_at=seen_at,
        entry=read_entry(fields, MediaType.TV),
        episodes=tuple(listed.values()),
        monitored=read_yes(fields, "monitored"),
        path=fields.text("path", most=LONGEST_ADDRESS),
    )


def _listed(row: Fields, key: tuple[int, int], seen_at: datetime) -> ListedEpisode:
    air_at = row.moment("airDateUtc")
    return ListedEpisode(
        *key,
        title=row.text("title"),
        air_at=air_at,
        aired=air_at is not None and air_at <= seen_at,
        monitored=row.flag("monitored"),
        file_id=row.id("episodeFileId"),
        searched_at=row.moment("lastSearchTime"),
    )


def _read_download(event: servarr_webhooks.Event) -> Observation:
    """Tell the two events apart that share one kind: a file was imported, or a whole download."""
    fields = event.fields
    if fields.has("episodeFile") or not (fields.has("episodeFiles") or fields.has("fileCount")):
        return servarr_webhooks.read_imported(event)
    items = event.items
    if not items:
        return servarr_webhooks.read_told(event)
    return ImportCompleted(seen_at=event.seen_at, entry=event.entry, items=items, download_id=event.download_id)


def _episodes_of(fields: Fields) -> tuple[EpisodeRef, ...]:
    named: dict[tuple[int, int], EpisodeRef] = {}
    for row in fields.rows("episodes"):
        key = _key_of(row)
        if key is None:
            row.note("episodeNumber", "and seasonNumber name no episode")
        else:
            named.setdefault(key, _episode(row, key))
    return tuple(named.values())


def _episode_of(row: Fields) -> EpisodeRef | None:
    episode = row.child("episode")
    key = _key_of(episode)
    return _episode(episode, key) if key else None


def _episode(row: Fields, key: tuple[int, int]) -> EpisodeRef:
    return EpisodeRef(*key, title=row.text("title"), air_at=row.moment("airDateUtc"))


def _key_of(row: Fields) -> tuple[int, int] | None:
    season = row.whole("seasonNumber", most=LARGEST_NUMBER)
    episode = row.whole("episodeNumber", most=LARGEST_NUMBER)
    return None if season is None or episode is None else (season, episode)


_DIALECT = Dialect(
    MediaType.TV,
    title="series",
    file="episodeFile",
    file_deleted="episodeFileDeleted",
    items=_episodes_of,
    item=_episode_of,
)
_READERS: dict[str, servarr_webhooks.Reader] = {
    "Grab": servarr_webhooks.read_grabbed,
    "Download": _read_download,
    "Rename": servarr_webhooks.read_told,
    "SeriesAdd": servarr_webhooks.read_told,
    "SeriesDelete": servarr_webhooks.read_deleted,
    "EpisodeFileDelete": servarr_webhooks.read_file_deleted,
    "ManualInteractionRequired": servarr_webhooks.read_blocked,
}

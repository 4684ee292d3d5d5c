"""Sonarr's webhooks and its episode list. Numbers are those of TVDB; season 0 holds the specials."""

from __future__ import annotations

from datetime import datetime

from flaskapp.domain.observation import EpisodeRef, ImportCompleted, MediaType, Observation
from flaskapp.domain.reading import EpisodesRead, ListedEpisode
from flaskapp.sources import servarr
from flaskapp.sources.fields import LARGEST_NUMBER, Fields
from flaskapp.sources.translation import Translation


def parse(payload: dict[str, object], seen_at: datetime) -> Translation:
    """Give what a webhook body of Sonarr means."""
    return servarr.translate(payload, seen_at, _DIALECT, _READERS)


def read_episodes(series: dict[str, object], episodes: list[object], seen_at: datetime) -> EpisodesRead:
    """Read the episode list: a row of ``/series`` and all rows of ``/episode`` for it."""
    rows = [Fields(row) for row in episodes if isinstance(row, dict)]
    listed = {key: _listed(row, key, seen_at) for row in rows if (key := _key_of(row))}
    entry = servarr.read_entry(Fields(series, "series"), MediaType.TV)
    return EpisodesRead(seen_at=seen_at, entry=entry, episodes=tuple(listed.values()))


def _listed(row: Fields, key: tuple[int, int], seen_at: datetime) -> ListedEpisode:
    air_at = row.moment("airDateUtc")
    return ListedEpisode(
        *key,
        title=row.text("title"),
        air_at=air_at,
        aired=air_at is not None and air_at <= seen_at,
        monitored=row.flag("monitored"),
        file_id=row.id("episodeFileId"),
    )


def _read_download(event: servarr.Event) -> Observation:
    """Tell the two events apart that share one kind: a file was imported, or a whole download."""
    fields = event.fields
    if fields.has("episodeFile") or not (fields.has("episodeFiles") or fields.has("fileCount")):
        return servarr.read_imported(event)
    items = event.items
    if not items:
        return servarr.read_told(event)
    return ImportCompleted(seen_at=event.seen_at, entry=event.entry, items=items, download_id=event.download_id)


def _episodes_of(fields: Fields) -> tuple[EpisodeRef, ...]:
    named: dict[tuple[int, int], EpisodeRef] = {}
    for row in fields.rows("episodes"):
        key = _key_of(row)
        if key is None:
            row.note("episodeNumber", "and seasonNumber name no episode")
        else:
            named.setdefault(key, EpisodeRef(*key, title=row.text("title"), air_at=row.moment("airDateUtc")))
    return tuple(named.values())


def _key_of(row: Fields) -> tuple[int, int] | None:
    season = row.whole("seasonNumber", most=LARGEST_NUMBER)
    episode = row.whole("episodeNumber", most=LARGEST_NUMBER)
    return None if season is None or episode is None else (season, episode)


_DIALECT = servarr.Dialect(MediaType.TV, title="series", file="episodeFile", items=_episodes_of)
_READERS: dict[str, servarr.Reader] = {
    "Grab": servarr.read_grabbed,
    "Download": _read_download,
    "Rename": servarr.read_told,
    "SeriesAdd": servarr.read_told,
    "SeriesDelete": servarr.read_deleted,
    "EpisodeFileDelete": servarr.read_file_deleted,
    "ManualInteractionRequired": servarr.read_blocked,
}

"""The rows of Seerr's REST."""

from __future__ import annotations

from typing import Any

from demo.clock import to_milli
from demo.seerr.model import APPROVED, AVAILABLE, COMPLETED, Ask, Person, Seerr
from demo.servarr import rest as servarr
from demo.servarr import sonarr
from demo.servarr.model import Key
from demo.servarr.queue import QueueItem
from demo.titles import Film, Series

Row = dict[str, Any]


def kind_of(title: Film) -> str:
    """Name the type of a title."""
    return "tv" if isinstance(title, Series) else "movie"


def row(seerr: Seerr, ask: Ask) -> Row:
    """Show a request as the list does."""
    return {**_request(seerr, ask), "seasonCount": len(ask.seasons), "canRemove": True}


def detail(seerr: Seerr, ask: Ask) -> Row:
    """Show a request alone: with all seasons that are known of its series."""
    shown = _request(seerr, ask)
    return {
        **shown,
        "media": {**shown["media"], "seasons": _media_seasons(seerr, ask)},
        "seasonCount": len(ask.seasons),
    }


def _request(seerr: Seerr, ask: Ask) -> Row:
    nothing = dict.fromkeys(("serverId", "profileId", "rootFolder", "languageProfileId", "tags", "modifiedBy"))
    return {
        **nothing,
        "id": ask.id,
        "status": ask.status,
        "createdAt": to_milli(ask.created_at),
        "updatedAt": to_milli(ask.updated_at),
        "type": kind_of(ask.title),
        "is4k": ask.is_4k,
        "isAutoRequest": False,
        "media": _media(seerr, ask.title),
        "seasons": [_season(seerr, ask, season) for season in ask.seasons],
        "requestedBy": _person(seerr, ask.person),
    }


def _season(seerr: Seerr, ask: Ask, season: int) -> Row:
    """Show an asked season: its status is that of a request."""
    is_complete = ask.status == APPROVED and seerr.media_status(ask.title, season, is_4k=ask.is_4k) == AVAILABLE
    status = COMPLETED if is_complete else ask.status
    return {"id": ask.id * 100 + season, "seasonNumber": season, "status": status, **_times(ask)}


def _times(ask: Ask) -> Row:
    return {"createdAt": to_milli(ask.created_at), "updatedAt": to_milli(ask.updated_at)}


def _media_seasons(seerr: Seerr, ask: Ask) -> list[Row]:
    if not isinstance(ask.title, Series):
        return []
    return [
        {
            "id": ask.title.tmdb_id * 100 + season,
            "seasonNumber": season,
            "status": seerr.media_status(ask.title, season),
            "status4k": seerr.media_status(ask.title, season, is_4k=True),
            **_times(ask),
        }
        for season in ask.title.seasons
    ]


def _media(seerr: Seerr, title: Film) -> Row:
    asks = [ask for ask in seerr.requests.values() if ask.title == title]
    library_id, library_id_4k = seerr.jellyfin.id_of(title), seerr.jellyfin.id_of(title, is_4k=True)
    times = _times(asks[0]) if asks else {}
    return {
        "downloadStatus": _downloads(seerr, title, is_4k=False),
        "downloadStatus4k": _downloads(seerr, title, is_4k=True),
        "id": asks[0].id if asks else 0,
        "mediaType": kind_of(title),
        "tmdbId": title.tmdb_id,
        "tvdbId": title.tvdb_id if isinstance(title, Series) else None,
        "imdbId": title.imdb_id if library_id else None,
        "status": seerr.media_status(title),
        "status4k": seerr.media_status(title, is_4k=True),
        **times,
        "lastSeasonChange": times.get("createdAt"),
        "mediaAddedAt": times.get("createdAt"),
        **_outside(seerr, title, is_4k=False),
        **_outside(seerr, title, is_4k=True),
        "ratingKey": None,
        "ratingKey4k": None,
        "jellyfinMediaId": library_id,
        "jellyfinMediaId4k": library_id_4k,
    }


def _outside(seerr: Seerr, title: Film, *, is_4k: bool) -> Row:
    """Name the title in the Radarr or Sonarr that has it."""
    entry, end = seerr.arr_of(title, is_4k=is_4k).entry_of(title), "4k" if is_4k else ""
    slug = title.slug if isinstance(title, Series) else str(title.tmdb_id)
    return {
        f"serviceId{end}": int(is_4k) if entry else None,
        f"externalServiceId{end}": entry.id if entry else None,
        f"externalServiceSlug{end}": slug if entry else None,
    }


def _downloads(seerr: Seerr, title: Film, *, is_4k: bool) -> list[Row]:
    """Show what is on its way: one row per episode, each with the size of the whole pack."""
    items = seerr.arr_of(title, is_4k=is_4k).queue.items()
    theirs = [item for item in items if item.grab.entry.title == title]
    return [_download(seerr, item, key) for item in theirs for key in item.grab.release.keys]


def _download(seerr: Seerr, item: QueueItem, key: Key) -> Row:
    grab, progress = item.grab, servarr.progress(item.progress, seerr.clock.now)
    shown = {
        "externalId": grab.entry.id,
        "estimatedCompletionTime": progress.get("estimatedCompletionTime"),
        "mediaType": kind_of(grab.entry.title),
        "size": progress["size"],
        "sizeLeft": progress["sizeleft"],
        "status": progress["status"],
        "timeLeft": progress.get("timeleft"),
        "title": grab.release.title,
        "downloadId": grab.release.download_id,
    }
    if not isinstance(grab.entry.title, Series):
        return shown
    episode = {"id": sonarr.episode_id(grab.entry, key), "seasonNumber": key[0], "episodeNumber": key[1]}
    return {**shown, "episode": {"seriesId": grab.entry.id, **episode}}


def _person(seerr: Seerr, person: Person) -> Row:
    """Show who asked, without a filter, as upstream does."""
    nothing = ("plexUsername", "username", "recoveryLinkExpirationDate", "plexId", "avatarETag", "avatarVersion")
    return {
        **dict.fromkeys(nothing),
        "id": person.id,
        "permissions": 32,
        "warnings": [],
        "email": person.name.lower(),
        "jellyfinUsername": person.name,
        "userType": 3,
        "jellyfinUserId": person.jellyfin_id,
        "avatar": f"/avatarproxy/{person.jellyfin_id}?v=undefined",
        "requestCount": sum(ask.person == person for ask in seerr.requests.values()),
        "displayName": person.name,
    }


def movie(seerr: Seerr, title: Film) -> Row:
    """Show a film."""
    return {
        **_details(seerr, title),
        "title": title.title,
        "originalTitle": title.title,
        "releaseDate": f"{title.year}-10-04",
        "runtime": title.runtime,
        "imdbId": title.imdb_id,
        "externalIds": {"imdbId": title.imdb_id},
    }


def series(seerr: Seerr, title: Series) -> Row:
    """Show a series."""
    seasons = [
        {"id": season, "seasonNumber": season, "name": f"Season {season}", "episodeCount": len(title.of(season))}
        for season in title.seasons
    ]
    return {
        **_details(seerr, title),
        "name": title.title,
        "originalName": title.title,
        "firstAirDate": f"{title.year}-10-04",
        "numberOfSeasons": len(title.seasons),
        "numberOfEpisodes": len(title.episodes),
        "seasons": [{**season, "airDate": None, "overview": "", "posterPath": None} for season in seasons],
        "externalIds": {"imdbId": title.imdb_id, "tvdbId": title.tvdb_id},
    }


def _details(seerr: Seerr, title: Film) -> Row:
    asks = [ask for ask in seerr.requests.values() if ask.title == title]
    shown = {
        "id": title.tmdb_id,
        # One would lie at TMDB, and what happens here leads nobody out of the house.
        "posterPath": None,
        "backdropPath": None,
        "overview": title.overview,
        "status": "Released",
        "onUserWatchlist": False,
    }
    told = [{"id": ask.id, "status": ask.status, "is4k": ask.is_4k, "type": kind_of(title)} for ask in asks]
    return {**shown, "mediaInfo": {**_media(seerr, title), "requests": told, "issues": []}} if asks else shown

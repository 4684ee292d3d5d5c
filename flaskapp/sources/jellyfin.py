"""Jellyfin's webhook plugin (own template, or Send All Properties) and its items as REST gives them.

An episode's and a season's provider ids are their own, never the show's: only ``series_id`` leads to the show.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import datetime

from flaskapp.domain.observation import LibraryItemAdded, LibraryItemRemoved, LibraryItemType, MediaRef, MediaType
from flaskapp.domain.reading import LibraryItemRead
from flaskapp.sources.fields import LARGEST_NUMBER, LONGEST_ADDRESS, UNKNOWN_KIND, Fields
from flaskapp.sources.salvage import SALVAGED
from flaskapp.sources.translation import Translation, UnusablePayloadError
from flaskapp.sources.values import tidy

_MEDIA_TYPES = {LibraryItemType.MOVIE: MediaType.MOVIE, LibraryItemType.SERIES: MediaType.TV}
_ITEM_TYPES = {item_type.value: item_type for item_type in LibraryItemType}
_TYPE = ("item_type", "ItemType")
_PLAYED = (LibraryItemType.MOVIE, LibraryItemType.EPISODE)
_NUMBERED = (LibraryItemType.SEASON, LibraryItemType.EPISODE)
_ITEM_ID = re.compile(r"(?!0{32})[0-9a-f]{32}")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|quot|amp|lt|gt|apos);")
_LONGEST_FILE = 50
"""Episodes in one file: more is a wrong number, not a file."""


def parse(payload: dict[str, object], seen_at: datetime) -> Translation:
    """Give what a webhook body of Jellyfin means."""
    fields = Fields(payload)
    if SALVAGED in payload:
        fields.note("body", "is not quite JSON, what could be read of it was taken")
    kind = fields.needed_kind("notification_type", "NotificationType")
    if kind not in ("ItemAdded", "ItemDeleted"):
        return Translation(kind, reason=UNKNOWN_KIND, notes=fields.notes)
    item_type = _type_of(fields)
    if item_type is None:
        return _translate_untyped(fields, kind, seen_at)
    read = _read_added(fields, item_type, seen_at) if kind == "ItemAdded" else _read_removed(fields, seen_at)
    return Translation(kind, (read,), notes=fields.notes)


def _translate_untyped(fields: Fields, kind: str, seen_at: datetime) -> Translation:
    """Follow a removal by its id alone, unless its type says that we never knew the item."""
    if kind == "ItemDeleted" and fields.text(*_TYPE) is None:
        removed = _read_removed(fields, seen_at)
        return Translation(kind, (removed,), notes=fields.notes)
    return Translation(kind, reason="Only films, series, seasons and episodes are followed.", notes=fields.notes)


def _read_added(fields: Fields, item_type: LibraryItemType, seen_at: datetime) -> LibraryItemAdded:
    title = _name_of(fields)
    return LibraryItemAdded(
        seen_at=seen_at,
        item_id=_needed_item_id(fields),
        item_type=item_type,
        media=_media_of(fields, item_type, title),
        title=title,
        series_id=_item_id(fields, "series_id", "SeriesId"),
        season=_number(fields, "season_number", "SeasonNumber") if item_type in _NUMBERED else None,
        episodes=_episodes_of(fields) if item_type is LibraryItemType.EPISODE else (),
    )


def _read_removed(fields: Fields, seen_at: datetime) -> LibraryItemRemoved:
    return LibraryItemRemoved(seen_at=seen_at, item_id=_needed_item_id(fields))


def _type_of(fields: Fields) -> LibraryItemType | None:
    return _ITEM_TYPES.get((fields.text(*_TYPE) or "").lower())


def _media_of(fields: Fields, item_type: LibraryItemType, title: str | None) -> MediaRef | None:
    media_type = _MEDIA_TYPES.get(item_type)
    if media_type is None:
        return None
    return MediaRef(
        media_type,
        tmdb_id=fields.id("tmdb", "Provider_tmdb"),
        tvdb_id=fields.id("tvdb", "Provider_tvdb"),
        imdb_id=fields.imdb_id("imdb", "Provider_imdb"),
        title=title,
        year=fields.year("year", "Year"),
    )


def _name_of(fields: Fields) -> str | None:
    """Read a name; the plugin encodes it for HTML between two braces and puts backslashes before its quotes."""
    name = fields.text("name", "Name")
    if name is None:
        return None
    decoded = _ENTITY.sub(lambda entity: html.unescape(entity[0]), name)
    return tidy(decoded.replace('\\"', '"')) or None


def _episodes_of(fields: Fields) -> tuple[int, ...]:
    """Read the numbers of an episode's file, which may hold several in a row."""
    first = _number(fields, "episode_number", "EpisodeNumber")
    last = _number(fields, "episode_number_end", "EpisodeNumberEnd")
    if first is None:
        return ()
    if last is not None and not 0 <= last - first < _LONGEST_FILE:
        fields.note("episode_number_end", "does not fit the episode number")
        last = None
    return tuple(range(first, (first if last is None else last) + 1))


def _number(fields: Fields, *names: str) -> int | None:
    return fields.whole(*names, most=LARGEST_NUMBER)


def _needed_item_id(fields: Fields) -> str:
    item_id = _item_id(fields, "item_id", "ItemId")
    if item_id is None:
        raise UnusablePayloadError("item_id has to be an id of Jellyfin, 32 hexadecimal digits.")
    return item_id


def _item_id(fields: Fields, *names: str) -> str | None:
    """Read an id of Jellyfin without its dashes, as Seerr and REST spell it."""
    spelled = fields.identifier(*names)
    item_id = (spelled or "").replace("-", "")
    if _ITEM_ID.fullmatch(item_id):
        return item_id
    if spelled:
        fields.note(names[0], "is not an id of Jellyfin")
    return None


def read_item(item: dict[str, object], seen_at: datetime) -> LibraryItemRead | None:
    """Read an item of ``/Items``; None for what is not followed or not really there."""
    fields = Fields(_in_webhook_words(item))
    item_type = _type_of(fields)
    if item_type is None or _item_id(fields, "ItemId") is None or not _is_there(item, item_type):
        return None
    said = _read_added(fields, item_type, seen_at)
    return LibraryItemRead(
        seen_at=seen_at,
        item_id=said.item_id,
        item_type=item_type,
        media=said.media,
        series_id=said.series_id,
        season=said.season,
        episodes=said.episodes,
        server_id=_item_id(fields, "ServerId"),
    )


def _is_there(item: dict[str, object], item_type: LibraryItemType) -> bool:
    """Tell whether an item is more than metadata; a film or an episode has to be something that plays."""
    if item.get("LocationType") == "Virtual":
        return False
    if item_type not in _PLAYED:
        return True
    # A placeholder stands for a disc on a shelf. Media sources are not asked for, but none at all says it as well.
    return not item.get("IsFolder") and not item.get("IsPlaceHolder") and item.get("MediaSources") != []


def _in_webhook_words(item: dict[str, object]) -> dict[str, object]:
    """Spell an item of REST as the plugin does; the number of a season stands where an episode has its own."""
    ids = item.get("ProviderIds")
    season = item.get("IndexNumber" if item.get("Type") == "Season" else "ParentIndexNumber")
    return {
        **{f"Provider_{str(name).lower()}": value for name, value in (ids if isinstance(ids, dict) else {}).items()},
        "ItemId": item.get("Id"),
        "ItemType": item.get("Type"),
        "Name": item.get("Name"),
        "Year": item.get("ProductionYear"),
        "SeriesId": item.get("SeriesId"),
        "ServerId": item.get("ServerId"),
        "SeasonNumber": season,
        "EpisodeNumber": item.get("IndexNumber"),
        "EpisodeNumberEnd": item.get("IndexNumberEnd"),
    }


def folder_of(item: Mapping[str, object]) -> str | None:
    """Read the name of the folder in which a film or show lies: that of a film is the file's."""
    fields = Fields(item)
    path = (fields.text("Path", most=LONGEST_ADDRESS) or "").replace("\\", "/").rstrip("/")
    parts = path.split("/")
    if fields.text("Type") == "Movie":
        parts = parts[:-1]
    return parts[-1] if parts and parts[-1] else None

"""Bodies of Jellyfin's webhook plugin, which puts text into a template and does not check what comes out."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from flaskapp.sources import body as strict
from flaskapp.sources.translation import UnusablePayloadError

SALVAGED = "(salvaged)"
"""Marks a payload that was not JSON as it came; no template names a field like this."""

_KINDS = ("notification_type", "NotificationType")
_KEYS = (
    *_KINDS,
    *("item_id", "item_type", "series_id", "season_number", "episode_number", "episode_number_end"),
    *("ItemId", "ItemType", "SeriesId", "SeasonNumber", "EpisodeNumber", "EpisodeNumberEnd"),
    *("tmdb", "tvdb", "imdb", "year", "Provider_tmdb", "Provider_tvdb", "Provider_imdb", "Year"),
)
# A quote inside a title comes with a backslash before it, so that a title can't pose as a field.
_FIELD = re.compile(rf'"({"|".join(_KEYS)})"\s*:\s*"?([0-9A-Za-z-]*)')
_MOST_FORM_FIELDS = 1_000


def decode(body: bytes) -> dict[str, object]:
    """Read the body as a JSON object, as one with line breaks in its text, as fields in a wreck, or as a form."""
    try:
        return strict.decode(body)
    except UnusablePayloadError:
        text = body.decode("utf-8", "replace").strip("\ufeff \t\r\n")
        payload = _salvaged(text) if text.startswith("{") else _form(text)
        if not payload:
            raise
        return payload


def _salvaged(text: str) -> dict[str, object]:
    payload = _lenient(text) or _picked(text)
    return {**payload, SALVAGED: True} if payload else {}


def _lenient(text: str) -> dict[str, object]:
    try:
        return strict.load(text, strict=False)
    except UnusablePayloadError:
        return {}


def _picked(text: str) -> dict[str, object]:
    picked: dict[str, object] = {}
    for key, value in _FIELD.findall(text):
        picked.setdefault(key, None if value == "null" else value)
    return picked


def _form(text: str) -> dict[str, object]:
    """Read what the plugin's Generic Form destination sends."""
    try:
        form = dict(parse_qsl(text, max_num_fields=_MOST_FORM_FIELDS))
    except ValueError:
        return {}
    return {**form} if any(kind in form for kind in _KINDS) else {}

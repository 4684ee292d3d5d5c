"""Seerr, Jellyseerr and Overseerr: webhooks of one template, every value a string; and the answers of their API."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from flaskapp.domain.observation import MediaRef, MediaType, RequesterRef, RequestTold, Word
from flaskapp.domain.reading import RequestRead, TitleRead
from flaskapp.sources.fields import LARGEST_NUMBER, UNKNOWN_KIND, Fields
from flaskapp.sources.translation import Translation, UnusablePayloadError
from flaskapp.sources.values import as_whole

_WORDS = {
    "MEDIA_PENDING": Word.PENDING,
    "MEDIA_AUTO_REQUESTED": Word.PENDING,
    "MEDIA_APPROVED": Word.APPROVED,
    "MEDIA_AUTO_APPROVED": Word.APPROVED,
    "MEDIA_DECLINED": Word.DECLINED,
    "MEDIA_FAILED": Word.FAILED,
    "MEDIA_AVAILABLE": None,
}
_STATUSES = {1: Word.PENDING, 2: Word.APPROVED, 3: Word.DECLINED, 4: Word.FAILED, 5: Word.APPROVED}
_COMPLETED = 5
_AVAILABLE, _DELETED = 5, 7
"""Of a media; up to 2.5 a request that is available stays at status 2, only its media says so."""
_POSTERS = "https://image.tmdb.org/t/p/w600_and_h900_bestv2"
_MEDIA_TYPES = {media_type.value: media_type for media_type in MediaType}
_SUBJECT = re.compile(r"(.*\S)\s*\(([0-9]{4})\)")
_EVENT_NAMES = re.compile(r"\b(Movie|Series)\b")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_JELLYFIN_ID = re.compile(r"[0-9a-f]{32}")
_NO_POSTER = re.compile(r".*bestv2(null|undefined)?")


def parse(payload: dict[str, object], seen_at: datetime) -> Translation:
    """Give what a webhook body of Seerr means."""
    fields = Fields(payload)
    kind = fields.needed_kind("notification_type", "type")
    if kind not in _WORDS:
        return Translation(kind, reason=_why_ignored(kind), notes=fields.notes)
    told = _read_request(fields, kind, seen_at)
    return Translation(kind, (told,), notes=fields.notes)


def _why_ignored(kind: str) -> str:
    if kind == "TEST_NOTIFICATION":
        return "test"
    if kind.startswith("ISSUE_"):
        return "Issues say nothing of a request."
    return UNKNOWN_KIND


def _read_request(fields: Fields, kind: str, seen_at: datetime) -> RequestTold:
    request = fields.block("request")
    asked = _seasons_of(fields)
    media = _read_media(fields, asked)
    return RequestTold(
        seen_at=seen_at,
        seerr_request_id=request.needed_id("request_id", "request"),
        media=media,
        word=_WORDS[kind],
        completed=kind == "MEDIA_AVAILABLE",
        requested_by=_requester_told(request, fields),
        seasons=asked if media.media_type is MediaType.TV else None,
        is_4k=_is_4k(fields),
    )


def _requester_told(request: Fields, fields: Fields) -> RequesterRef | None:
    """Read who asked; templates before 3.2 leave Jellyfin's id out."""
    return _requester(
        RequesterRef(
            name=request.text("requestedBy_username") or fields.text("user", "username"),
            jellyfin_user_id=_jellyfin_id(request, "requestedBy_jellyfinUserId"),
            email=_address(request, "requestedBy_email"),
        )
    )


def _requester(named: RequesterRef) -> RequesterRef | None:
    return None if named == RequesterRef(None) else named


def _address(fields: Fields, name: str) -> str | None:
    """Read an address; Seerr puts the name of a user of Jellyfin there who has none."""
    word = fields.identifier(name)
    return word if word and _ADDRESS.fullmatch(word) else None


def _jellyfin_id(fields: Fields, name: str) -> str | None:
    word = (fields.identifier(name) or "").replace("-", "")
    return word if _JELLYFIN_ID.fullmatch(word) else None


def _read_media(fields: Fields, asked: tuple[int, ...] | None) -> MediaRef:
    media = fields.block("media")
    tmdb_id, tvdb_id = media.id("tmdbId", "tmdb"), media.id("tvdbId", "tvdb")
    if tmdb_id is None and tvdb_id is None:
        raise UnusablePayloadError(f"{media.where('tmdbId')} or tvdbId has to be a whole number above 0.")
    title, year = _title_of(fields)
    return MediaRef(
        _media_type_of(fields, media, is_series=asked is not None or tmdb_id is None),
        tmdb_id=tmdb_id,
        tvdb_id=tvdb_id,
        imdb_id=media.imdb_id("imdbId", "imdb"),
        title=title,
        year=year,
        poster_url=_poster_of(fields),
    )


def _media_type_of(fields: Fields, media: Fields, *, is_series: bool) -> MediaType:
    """Read the media type; where a template leaves it out, the event's sentence or the seasons give it away."""
    word = (media.text("media_type", "kind") or "").lower()
    if word in _MEDIA_TYPES:
        return _MEDIA_TYPES[word]
    named = _EVENT_NAMES.search(fields.text("event") or "")
    if named is None and not is_series:
        raise UnusablePayloadError(f"{media.where('media_type')} has to be movie or tv.")
    media_type = MediaType.MOVIE if named and named[1] == "Movie" else MediaType.TV
    media.note("media_type", f"is neither movie nor tv, {media_type} was inferred")
    return media_type


def _title_of(fields: Fields) -> tuple[str | None, int | None]:
    """Split the year from the subject. Seerr turns a literal ``$&`` in a title into the name of its variable."""
    subject = fields.text("subject", "title")
    if subject is None:
        return None, None
    subject = subject.replace("{{subject}}", "$&")
    dated = _SUBJECT.fullmatch(subject)
    return (dated[1], int(dated[2])) if dated else (subject, None)


def _poster_of(fields: Fields) -> str | None:
    """Read the poster; a title without one has ``null`` glued to the address of the folder."""
    image = fields.url("image")
    return None if image is None or _NO_POSTER.fullmatch(image) else image


def _seasons_of(fields: Fields) -> tuple[int, ...] | None:
    """Read the seasons that this request asks for."""
    rows = (row for row in fields.rows("extra") if row.text("name") == "Requested Seasons")
    row = next(rows, None)
    if row is None:
        return None
    named = [as_whole(word) for word in (row.text("value", most=4_000) or "").split(",")]
    seasons = {number for number in named if number is not None and 0 <= number <= LARGEST_NUMBER}
    if len(seasons) < len(named):
        row.note("value", "names more than seasons")
    return tuple(sorted(seasons)) or None


def _is_4k(fields: Fields) -> bool:
    """Tell a 4K request by the event's sentence; the status of a 4K copy says nothing of the request."""
    if not fields.has("event"):
        fields.note("event", "is absent, the request counts as HD")
    return "4K " in (fields.text("event") or "")


def read_request(row: dict[str, object], seen_at: datetime) -> RequestRead | None:
    """Read one row of the list of requests; None when it can't be followed."""
    fields = Fields(row)
    media, number = fields.child("media"), fields.id("id")
    media_type = _MEDIA_TYPES.get(fields.text("type") or "")
    word = _STATUSES.get(fields.whole("status") or 0)
    ref = media_type and MediaRef(media_type, tmdb_id=media.id("tmdbId"), tvdb_id=media.id("tvdbId"))
    if number is None or word is None or not ref or not ref.ids():
        return None
    is_4k = fields.flag("is4k")
    shown = media.whole("status4k" if is_4k else "status")
    is_over = fields.whole("status") == _COMPLETED
    seasons = {season for each in fields.rows("seasons") if (season := each.whole("seasonNumber")) is not None}
    return RequestRead(
        seen_at=seen_at,
        seerr_request_id=number,
        media=ref,
        word=word,
        completed=is_over or (word is Word.APPROVED and shown == _AVAILABLE),
        vanished=is_over and shown == _DELETED,
        requested_by=_requester_read(fields.child("requestedBy")),
        seasons=tuple(sorted(seasons)) if media_type is MediaType.TV else None,
        is_4k=is_4k,
        asked_at=fields.moment("createdAt") or seen_at,
    )


def _requester_read(fields: Fields) -> RequesterRef | None:
    """Read who asked; the row may hold tokens of theirs, so nothing else of it goes any further."""
    return _requester(
        RequesterRef(
            name=fields.text("displayName"),
            seerr_user_id=fields.id("id"),
            jellyfin_user_id=_jellyfin_id(fields, "jellyfinUserId"),
            email=_address(fields, "email"),
        )
    )


def read_title(row: dict[str, object], media: MediaRef, seen_at: datetime) -> TitleRead:
    """Read what a film or series is called, and its poster; ``media`` says which one was asked for."""
    fields = Fields(row)
    date = fields.text("releaseDate", "firstAirDate") or ""
    poster = fields.text("posterPath") or ""
    named = replace(
        media,
        imdb_id=fields.child("externalIds").imdb_id("imdbId"),
        tvdb_id=media.tvdb_id or fields.child("externalIds").id("tvdbId"),
        title=fields.text("title", "name"),
        year=as_whole(date[:4]) or None,
        poster_url=f"{_POSTERS}{poster}" if poster.startswith("/") else None,
    )
    return TitleRead(seen_at=seen_at, media=named)

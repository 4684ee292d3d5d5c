"""What Radarr and Sonarr say in the same words, in webhooks and when asked: title, item, messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flaskapp.domain.observation import EntryRef, EpisodeRef, MediaRef, MediaType
from flaskapp.sources.fields import Fields

_MOST_MESSAGES = 20


@dataclass(frozen=True)
class Dialect:
    """Where the two differ: names of fields, a word of history, and which items are meant.

    ``items``: those that a webhook speaks of; ``item``: the one that a row of queue or history is about.
    """

    media_type: MediaType
    title: str
    file: str
    file_deleted: str
    items: Callable[[Fields], tuple[EpisodeRef, ...]]
    item: Callable[[Fields], EpisodeRef | None]


def read_entry(title: Fields, media_type: MediaType) -> EntryRef:
    """Read a movie or series, from a webhook or from the REST API."""
    media = MediaRef(
        media_type,
        tmdb_id=title.id("tmdbId"),
        tvdb_id=title.id("tvdbId"),
        imdb_id=title.imdb_id("imdbId"),
        title=title.text("title"),
        year=title.year("year"),
        poster_url=_poster_of(title),
    )
    return EntryRef(title.needed_id("id"), media)


def read_row(row: Fields, dialect: Dialect) -> tuple[EntryRef, EpisodeRef] | None:
    """Read what a row of queue or history is about; None when it names no title or no item."""
    title, item = row.child(dialect.title), dialect.item(row)
    if title.id("id") is None or item is None:
        return None
    return read_entry(title, dialect.media_type), item


def read_yes(fields: Fields, name: str) -> bool:
    """Read yes or no, where an old version that does not say it means yes."""
    return not fields.has(name) or fields.flag(name)


def _poster_of(title: Fields) -> str | None:
    posters = (image for image in title.rows("images") if image.text("coverType") == "poster")
    return next((url for image in posters if (url := image.url("remoteUrl"))), None)


def read_messages(fields: Fields, name: str) -> tuple[str, ...]:
    """Read upstream's messages; a group without any says it in its title."""
    said: list[str] = []
    for group in fields.rows(name):
        title = group.text("title")
        said.extend(group.texts("messages") or ([title] if title else []))
    return tuple(dict.fromkeys(said))[:_MOST_MESSAGES]

"""Seerr's webhook template as *Reset to Default* gives it in 3.3: every value is text."""

from __future__ import annotations

from typing import Any, Protocol

from demo.posters import Gallery
from demo.titles import Film, Series

EVENTS = {
    "MEDIA_PENDING": "New {} Request",
    "MEDIA_AUTO_APPROVED": "{} Request Automatically Approved",
    "MEDIA_APPROVED": "{} Request Approved",
    "MEDIA_DECLINED": "{} Request Declined",
    "MEDIA_AVAILABLE": "{} Request Now Available",
    "MEDIA_FAILED": "{} Request Failed",
}

TEST: dict[str, Any] = {
    "notification_type": "TEST_NOTIFICATION",
    "event": "",
    "subject": "Test Notification",
    "message": "Check check, 1, 2, 3. Are we coming in clear?",
    "image": "",
    "media": None,
    "request": None,
    "issue": None,
    "comment": None,
    "extra": [],
}


class Asking(Protocol):
    """The person who asks."""

    @property
    def name(self) -> str:
        """Give the name that others see."""

    @property
    def jellyfin_id(self) -> str:
        """Give the account in Jellyfin."""


class Asked(Protocol):
    """The request that is told of."""

    @property
    def id(self) -> int:
        """Give its number."""

    @property
    def title(self) -> Film:
        """Give what is asked for."""

    @property
    def person(self) -> Asking:
        """Give who asks."""

    @property
    def seasons(self) -> tuple[int, ...]:
        """Give the seasons that are asked for."""

    @property
    def is_4k(self) -> bool:
        """Tell whether it is asked for in 4K."""


class Words:
    """Fills in the template."""

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery

    def tell(self, kind: str, ask: Asked, statuses: tuple[str, str], jellyfin_id: str) -> dict[str, Any]:
        """Tell of a request. That it is for 4K stands in its name alone: ``statuses`` are those of the media."""
        title, is_series = ask.title, isinstance(ask.title, Series)
        name = ("4K " if ask.is_4k else "") + ("Series" if is_series else "Movie")
        return {
            "notification_type": kind,
            "event": EVENTS[kind].format(name),
            "subject": f"{title.title} ({title.year})",
            "message": title.overview,
            "image": self._gallery.url(title),
            "media": {
                "media_type": "tv" if is_series else "movie",
                "imdbId": title.imdb_id if jellyfin_id else "",
                "tmdbId": str(title.tmdb_id),
                "tvdbId": str(title.tvdb_id) if isinstance(title, Series) else "",
                "jellyfinMediaId": jellyfin_id,
                "status": statuses[0],
                "status4k": statuses[1],
            },
            "request": {
                "request_id": str(ask.id),
                # People who were imported from Jellyfin have their name instead of an address.
                "requestedBy_email": ask.person.name.lower(),
                "requestedBy_username": ask.person.name,
                "requestedBy_avatar": f"/avatarproxy/{ask.person.jellyfin_id}?v=undefined",
                "requestedBy_jellyfinUserId": ask.person.jellyfin_id,
                "requestedBy_settings_discordIds": "",
                "requestedBy_settings_telegramChatId": "",
            },
            "issue": None,
            "comment": None,
            "extra": self._extra(ask),
        }

    def _extra(self, ask: Asked) -> list[dict[str, str]]:
        if not isinstance(ask.title, Series):
            return []
        return [{"name": "Requested Seasons", "value": ", ".join(str(season) for season in ask.seasons)}]

"""Seerr's REST API: its requests, and what films and series are called."""

from __future__ import annotations

from collections.abc import Mapping

from flaskapp.clients.http import Client, ClientError

WEBHOOK = "settings/notifications/webhook"
PAGE = 100
"""Rows of one answer: each costs Seerr a look at Radarr or Sonarr, now and then."""


class ProtectedError(ClientError):
    """Seerr lets programs read but not change, since its CSRF protection is on; or our key is wrong."""


class SeerrClient(Client):
    """Asks one Seerr, Jellyseerr or Overseerr."""

    def __init__(self, name: str, url: str, api_key: str) -> None:
        super().__init__(name, f"{url.rstrip('/')}/api/v1", {"X-Api-Key": api_key})

    def requests(self, skip: int) -> tuple[list[dict[str, object]], int]:
        """Give one page of requests and how many there are; only parameters that every version takes."""
        answer = self._object("request", {"take": str(PAGE), "skip": str(skip), "sort": "added", "filter": "all"})
        rows, page = answer.get("results"), answer.get("pageInfo")
        total = page.get("results") if isinstance(page, dict) else None
        if not isinstance(rows, list) or not isinstance(total, int):
            raise ClientError(f"{self.name} answered something that is no list of requests.")
        return [row for row in rows if isinstance(row, dict)], total

    def has_request(self, number: int) -> bool:
        """Tell whether a request exists; the list leaves some out."""
        answer = self.send("GET", f"request/{number}")
        if answer.status == 404:
            return False
        self.expect_good(answer)
        return True

    def title(self, media_type: str, tmdb_id: int) -> dict[str, object]:
        """Give what a film (``movie``) or series (``tv``) is called; an unknown one is an error of Seerr's own."""
        return self._object(f"{media_type}/{tmdb_id}", {})

    def version(self) -> str:
        """Give its version; a develop build has none that is a number."""
        return str(self._object("status", {}).get("version") or "")

    def webhook(self) -> dict[str, object]:
        """Give the settings of its one webhook."""
        return self._object(WEBHOOK, {})

    def test_webhook(self, settings: Mapping[str, object]) -> bool:
        """Let it send a test as these settings say, which are not saved; tell whether it had a good answer."""
        answer = self.send("POST", f"{WEBHOOK}/test", resource=settings)
        if answer.status == 500:
            return False
        if answer.status == 403:
            raise ProtectedError(f"{self.name} lets us change nothing.")
        self.expect_good(answer)
        return True

    def save_webhook(self, settings: Mapping[str, object]) -> None:
        """Save the settings of its one webhook; nothing is sent."""
        self.expect_good(self.send("POST", WEBHOOK, resource=settings))

    def _object(self, path: str, params: dict[str, str]) -> dict[str, object]:
        answer = self.get_json(path, params)
        if not isinstance(answer, dict):
            raise ClientError(f"{self.name} answered something that is no object.")
        return answer

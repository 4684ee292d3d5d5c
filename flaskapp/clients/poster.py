"""Pictures of films and series, only from places the house knows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from flaskapp.clients.http import Client, ClientError
from flaskapp.clients.public import PublicAdapter

PUBLIC = ("https://image.tmdb.org", "https://artworks.thetvdb.com")
"""Where Seerr, Radarr and Sonarr say that posters are."""
MOST = 5 * 2**20
SIGNATURES = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n", "image/webp": b"RIFF"}
PORTS = {"http": 80, "https": 443}
PLAIN = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(/[!-\[\]-~]*)?")
"""No user, no backslash, nothing invisible: readers of addresses disagree about those."""

Place = tuple[str, str, int]
"""Scheme, host and port."""


class PosterClient:
    """Downloads pictures from the public places and from those of ``houses``, the addresses of our upstreams."""

    def __init__(self, houses: Iterable[str] = ()) -> None:
        self._public = {_place(url) for url in PUBLIC}
        self._houses = {_place(url) for url in houses}

    def picture(self, url: str) -> bytes:
        """Give the picture at an address: at most 5 MiB of JPEG, PNG or WebP, by its word and by its first bytes."""
        place = _place(url)
        if place is None or place not in self._public | self._houses:
            raise ClientError("The poster lies at an address that is neither a known one nor one of our services.")
        # A service of ours may live anywhere. The name of a public place must not lead into the house.
        adapter = None if place in self._houses else PublicAdapter()
        client = Client("The place of the poster", url, {"Accept": ", ".join(SIGNATURES)}, MOST, adapter)
        try:
            answer = client.send("GET", "")
        finally:
            client.close()
        client.expect_good(answer)
        if not is_picture(answer.content, answer.media_type):
            raise ClientError("What lies at the address of the poster is no JPEG, PNG or WebP picture.")
        return answer.content


def is_picture(content: bytes, media_type: str) -> bool:
    """Tell whether the first bytes are those of the type that the server named."""
    signature = SIGNATURES.get(media_type)
    if signature is None or not content.startswith(signature):
        return False
    return media_type != "image/webp" or content[8:12] == b"WEBP"


def _place(url: str) -> Place | None:
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname or not PLAIN.fullmatch(url):
        return None
    return parts.scheme, parts.hostname, port

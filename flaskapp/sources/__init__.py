"""One module per service: its payloads in, observations out. Foreign words die here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flaskapp.sources import body, jellyfin, radarr, salvage, seerr, sonarr
from flaskapp.sources.translation import Translation


@dataclass(frozen=True)
class Source:
    """How to read a service: its raw body, then what the payload in it means."""

    decode: Callable[[bytes], dict[str, object]]
    parse: Callable[[dict[str, object], datetime], Translation]


SOURCES: dict[str, Source] = {
    "seerr": Source(body.decode, seerr.parse),
    "radarr": Source(body.decode, radarr.parse),
    "sonarr": Source(body.decode, sonarr.parse),
    "jellyfin": Source(salvage.decode, jellyfin.parse),
}
ALIASES = {"jellyseerr": "seerr", "overseerr": "seerr"}

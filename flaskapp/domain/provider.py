"""Who vouches for people."""

from __future__ import annotations

from enum import StrEnum


class Provider(StrEnum):
    """Who says that somebody is who they say."""

    LOCAL = "local"
    JELLYFIN = "jellyfin"
    OIDC = "oidc"
    PROXY = "proxy"

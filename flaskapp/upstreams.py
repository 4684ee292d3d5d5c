"""The Radarrs and Sonarrs of the house, as the settings name them."""

from __future__ import annotations

from dataclasses import dataclass, field

from flaskapp.config import Settings

FOUR_K = "4k"
"""The instance in a webhook address that stands for the 4K Radarr or Sonarr."""


@dataclass(frozen=True)
class Upstream:
    """One configured Radarr or Sonarr; ``instance`` is its last part in ``/webhooks/<source>/<instance>``."""

    name: str
    source: str
    instance: str
    url: str
    api_key: str = field(repr=False)
    is_4k: bool


def upstreams(settings: Settings) -> tuple[Upstream, ...]:
    """Give every configured Radarr and Sonarr."""
    known = (
        Upstream("Radarr", "radarr", "radarr", settings.radarr_url, settings.radarr_api_key, is_4k=False),
        Upstream("Radarr 4K", "radarr", FOUR_K, settings.radarr_4k_url, settings.radarr_4k_api_key, is_4k=True),
        Upstream("Sonarr", "sonarr", "sonarr", settings.sonarr_url, settings.sonarr_api_key, is_4k=False),
        Upstream("Sonarr 4K", "sonarr", FOUR_K, settings.sonarr_4k_url, settings.sonarr_4k_api_key, is_4k=True),
    )
    return tuple(upstream for upstream in known if upstream.url)

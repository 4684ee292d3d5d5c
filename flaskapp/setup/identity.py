"""What answers at an address that should be something else: by a name on its page, or by what only it has."""

from __future__ import annotations

import re
from contextlib import closing

from flaskapp.clients.http import Answer, Client, ClientError
from flaskapp.setup.address import place_of
from flaskapp.sources.fields import Fields

LABELS = {
    "seerr": "Seerr",
    "radarr": "Radarr",
    "sonarr": "Sonarr",
    "jellyfin": "Jellyfin",
    "qbittorrent": "qBittorrent",
}
"""What the services are called."""
KNOWN = (
    *("Radarr", "Sonarr", "Prowlarr", "Lidarr", "Readarr", "Whisparr", "Bazarr", "Jellyseerr", "Overseerr", "Seerr"),
    *("Jellyfin", "Emby", "Plex", "qBittorrent", "Transmission", "Deluge", "SABnzbd", "NZBGet", "Jackett", "Tautulli"),
    *("Arrivarr", "Portainer", "Home Assistant", "Homepage", "Homarr", "Nginx Proxy Manager", "Authelia", "authentik"),
)
"""Names on pages; the first that fits counts, so longer ones come first."""
_TITLE = re.compile(rb"<title[^>]*>([^<]{1,200})</title>", re.IGNORECASE)
MOST, PATIENCE = 2**20, 5.0
"""Bytes of an answer and seconds for it."""
HOPS = 3
"""Pages that are looked at: the first often sends on to one where people sign in."""


def is_page(answer: Answer) -> bool:
    """Tell whether an answer is a page for people, whatever it is declared to be."""
    return answer.content[:64].lstrip().startswith(b"<")


def name_in(answer: Answer) -> str | None:
    """Give the name of a program that we know from the title of its page."""
    found = _TITLE.search(answer.content)
    title = found[1].decode("utf-8", "replace").lower() if found else ""
    return next((name for name in KNOWN if name.lower() in title), None)


def who_answers(url: str) -> str | None:
    """Ask what lives at an address, without any key; None if it does not say, or is nothing that we know."""
    place = place_of(url)
    with closing(Client("It", place.origin, most=MOST)) as client:
        client.patience = PATIENCE
        try:
            return _by_page(client, place.path) or _by_word(client, place.path)
        except ClientError:
            return None


def _by_page(client: Client, path: str) -> str | None:
    for _ in range(HOPS):
        answer = client.send("GET", path.lstrip("/"))
        if name := name_in(answer):
            return name
        if not 300 <= answer.status < 400 or not answer.location.startswith("/"):
            return None
        path = answer.location.partition("?")[0]
    return None


def _by_word(client: Client, path: str) -> str | None:
    """Ask for what each says of itself to everybody."""
    told = _told(client, f"{path}/System/Info/Public")
    if told.text("ServerName") and told.text("Version"):
        return "Jellyfin" if "Jellyfin" in (told.text("ProductName") or "") else "Emby"
    return "Seerr" if _told(client, f"{path}/api/v1/status").text("commitTag") else None


def _told(client: Client, path: str) -> Fields:
    try:
        told = client.get_json(path.lstrip("/"))
    except ClientError:
        return Fields({})
    return Fields(told if isinstance(told, dict) else {})

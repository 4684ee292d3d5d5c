"""``GET /requests/<id>/watch``: on to the title in Jellyfin, under the address that works for this visitor."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, current_app, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from flaskapp.config import Settings
from flaskapp.domain.state import WATCHABLE
from flaskapp.upstreams import Upstreams
from flaskapp.views import media_requests
from flaskapp.views.door import For, entrance

bp = Blueprint("watch", __name__)

HOME = (".local", ".lan", ".home.arpa", ".localhost")


@bp.get("/requests/<int:request_id>/watch")
@entrance(For.PEOPLE)
def show(request_id: int) -> ResponseReturnValue:
    """Redirect to the page of the title in Jellyfin."""
    media_request = media_requests.find(request_id)
    if media_request.state not in WATCHABLE or not media_request.face.get("watch"):
        raise NotFound("There is nothing to watch here yet: Jellyfin does not show this title.")
    base = _base(_host_of(f"//{request.host}"))
    if base is None:
        raise NotFound("Jellyfin has no address that works from where you are. JELLYFIN_PUBLIC_URL is for that.")
    return redirect(f"{base}/web/#/details?{_query(media_request.face)}")


def _query(face: dict[str, Any]) -> str:
    server = {"serverId": face["watch_server"]} if face.get("watch_server") else {}
    return urlencode({"id": face["watch"], **server})


def _base(visitor: str) -> str | None:
    """Choose Jellyfin's own address for whom it works, else the public one."""
    settings: Settings = current_app.extensions["settings"]
    upstreams: Upstreams = current_app.extensions["upstreams"]
    jellyfin = upstreams.first("jellyfin")
    addresses: Iterable[str] = (jellyfin.url if jellyfin else "", settings.jellyfin_public_url)
    if not _is_inside(visitor):
        addresses = reversed(tuple(addresses))
    works = (url for url in addresses if url and (url == settings.jellyfin_public_url or _works(url, visitor)))
    return next(works, None)


def _works(url: str, visitor: str) -> bool:
    """Tell whether a visitor can reach the address that we use: nobody else knows the name of a container."""
    host = _host_of(url)
    if _is_loopback(host):
        return _is_loopback(visitor)
    if _ip(host) is None and "." not in host:
        return False
    return not _is_inside(host) or _is_inside(visitor)


def _is_inside(host: str) -> bool:
    """Tell whether a host is called by a name or an address that means something in the house alone."""
    ip = _ip(host)
    if ip is not None:
        return ip.is_private or ip.is_link_local
    return "." not in host or host.endswith(HOME)


def _is_loopback(host: str) -> bool:
    ip = _ip(host)
    return ip.is_loopback if ip is not None else host == "localhost" or host.endswith(".localhost")


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    with suppress(ValueError):
        return ip_address(host)
    return None


def _host_of(url: str) -> str:
    with suppress(ValueError):
        return (urlsplit(url).hostname or "").rstrip(".")
    return ""

"""``GET /requests/<id>/watch``: on to a title in Jellyfin, at an address that works for this visitor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, current_app, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from flaskapp.config import Settings
from flaskapp.domain.state import WATCHABLE
from flaskapp.extensions import db
from flaskapp.tracking.watch import Watchable, watchable
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
    shown = watchable(db.session(), media_request.media_id) if media_request.state in WATCHABLE else []
    if not shown:
        raise NotFound("There is nothing to watch here yet: Jellyfin does not show this title.")
    link = next(_links(shown, _host_of(f"//{request.host}")), None)
    if link is None:
        raise NotFound("Jellyfin has no address that works from where you are. JELLYFIN_PUBLIC_URL is for that.")
    return redirect(link)


def _links(shown: Sequence[Watchable], visitor: str) -> Iterator[str]:
    """Give the pages of a title that work for a visitor, those in the first Jellyfin first."""
    upstreams: Upstreams = current_app.extensions["upstreams"]
    known = upstreams.of("jellyfin")
    order = [upstream.instance for upstream in known]
    for each in sorted(shown, key=lambda one: order.index(one.instance) if one.instance in order else len(order)):
        jellyfin = upstreams.find("jellyfin", each.instance)
        base = _base(jellyfin.url if jellyfin else "", visitor, is_first=not known or jellyfin is known[0])
        if base is not None:
            server = {"serverId": each.server_id} if each.server_id else {}
            yield f"{base}/web/#/details?{urlencode({'id': each.item_id, **server})}"


def _base(own: str, visitor: str, *, is_first: bool) -> str | None:
    """Choose a Jellyfin's own address for whom it works, else the public one, which is that of the first."""
    settings: Settings = current_app.extensions["settings"]
    public = settings.jellyfin_public_url if is_first else ""
    addresses = (own, public) if _is_inside(visitor) else (public, own)
    return next((url for url in addresses if url and (url == public or _works(url, visitor))), None)


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

"""Only pages of this board may change it: nobody signs in, so a form on any other page would be obeyed too."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import Forbidden


def refuse_other_sites() -> None:
    """Raise when a page of another site sent this; programs that are no browsers may pass."""
    site = request.headers.get("Sec-Fetch-Site")
    # On plain http, where most boards live, browsers say only where a form comes from.
    is_ours = _is_from_here(request.headers.get("Origin")) if site is None else site in ("same-origin", "none")
    if not is_ours:
        raise Forbidden("Another site can't change this board.")


def _is_from_here(origin: str | None) -> bool:
    if origin is None:
        return True
    # A proxy may drop the port from Host, or keep the whole name in X-Forwarded-Host only.
    names = (f"//{request.host}", f"//{request.headers.get('X-Forwarded-Host', '')}")
    return _host_of(origin) in {_host_of(name) for name in names} - {None}


def _host_of(address: str) -> str | None:
    with suppress(ValueError):
        return urlsplit(address).hostname
    return None

"""Who really asks: what a reverse proxy says of its visitor counts only when the proxy is a trusted one.

From anybody else these headers are taken off before anybody reads them, so whoever finds one may believe it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from werkzeug.http import parse_list_header
from werkzeug.middleware.proxy_fix import ProxyFix

from flaskapp.config import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

FOR, PROTO, HOST = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST"
OTHERS = ("HTTP_X_FORWARDED_PORT", "HTTP_X_FORWARDED_PREFIX", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
"""Nobody here reads them, and nobody shall begin to without a thought."""
SCHEMES = ("http", "https")


class Forwarded:
    """Puts the visitor in the place of the trusted proxies, and takes off what others claim.

    Werkzeug's ``ProxyFix`` does the putting. It counts proxies; here they are told by their addresses.
    """

    def __init__(self, app: WSGIApplication, settings: Settings) -> None:
        self._app = app
        self._is_trusted = _judge(settings.trusted_proxies)
        self._person = tuple(_key(name) for name in person_headers(settings))
        self._warned: set[str] = set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Hand the request on as it is to be believed."""
        peer = environ.get("REMOTE_ADDR", "")
        if not self._is_trusted(peer):
            self._strip(environ, peer)
            return self._app(environ, start_response)
        hops = self._hops(environ.get(FOR))
        told = [len(parse_list_header(environ.get(name, ""))) for name in (PROTO, HOST)]
        # A proxy may set a header anew that another has written to, so there can be fewer values than proxies.
        proto, host = (min(max(hops, 1), count) for count in told)
        return ProxyFix(self._checked, x_for=hops, x_proto=proto, x_host=host)(environ, start_response)

    def _hops(self, forwarded_for: str | None) -> int:
        """Count from the right up to the first address that is no trusted proxy: whoever comes before may lie."""
        hops = 0
        for address in reversed(parse_list_header(forwarded_for or "")):
            if parse_address(address) is None:
                break
            hops += 1
            if not self._is_trusted(address):
                break
        return hops

    def _checked(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["wsgi.url_scheme"] not in SCHEMES:
            environ["wsgi.url_scheme"] = environ["werkzeug.proxy_fix.orig"]["wsgi.url_scheme"]
        return self._app(environ, start_response)

    def _strip(self, environ: WSGIEnvironment, peer: str) -> None:
        for key in (FOR, PROTO, HOST, *OTHERS, *self._person):
            if environ.pop(key, None) is not None and key not in self._warned:
                self._warned.add(key)
                header = key.removeprefix("HTTP_").replace("_", "-").title()
                log.warning("%s from %s is ignored: TRUSTED_PROXIES does not name that address.", header, peer)


def person_headers(settings: Settings) -> tuple[str, ...]:
    """Give the headers in which a proxy names a person; none where nobody would ask it."""
    if settings.auth != "proxy":
        return ()
    return settings.proxy_user_header, settings.proxy_email_header, settings.proxy_groups_header


@lru_cache(maxsize=1024)
def parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address; an IPv4 one in the clothes of IPv6 is IPv4."""
    with suppress(ValueError):
        address = ip_address(text)
        return getattr(address, "ipv4_mapped", None) or address
    return None


def _judge(trusted_proxies: str) -> Callable[[str], bool]:
    networks = [ip_network(part.strip()) for part in trusted_proxies.split(",") if part.strip()]

    @lru_cache(maxsize=1024)
    def is_trusted(text: str) -> bool:
        address = parse_address(text)
        return address is not None and any(address in network for network in networks)

    return is_trusted


def _key(header: str) -> str:
    return f"HTTP_{header.upper().replace('-', '_')}"

"""Addresses as people type them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from flaskapp.config import ADDRESS

PAGES = re.compile(
    r"/(web(/index\.html)?|index\.html|settings(/.*)?|system(/.*)?|login|dashboard|add/new|calendar|activity(/.*)?|api(/.*)?)?/*$"
)
"""What people copy along from the pages of a service: no base path is called so."""


@dataclass(frozen=True)
class Place:
    """Where an address leads: its machine and port, as people write them."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_loopback(self) -> bool:
        """Whether it stands for the very machine, or container, that uses it."""
        return is_loopback(self.host)

    @property
    def shown(self) -> str:
        """Give machine and port; nothing else of an address is shown, since tokens may lie there."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        """Give the address without its path; a port that goes without saying is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_usual = self.port == _usual(self.scheme)
        return f"{self.scheme}://{host}" + ("" if is_usual else f":{self.port}")


def tidy(text: str) -> str:
    """Give the address that somebody means: without what was copied along, and http where no scheme is named.

    Raises ValueError for what is no address.
    """
    address = "".join(text.split())
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", address):
        address = f"http://{address.lstrip('/')}"
    scheme, _, rest = address.partition("://")
    rest = rest.partition("#")[0].partition("?")[0]
    host, slash, path = rest.partition("/")
    parsed: str = ADDRESS.parse(f"{scheme.lower()}://{host}{PAGES.sub('', slash + path)}")
    return parsed


def place_of(url: str) -> Place:
    """Read where an address leads; ValueError for what is none."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise ValueError("This is no address of the web.")
    return Place(parts.scheme, parts.hostname, parts.port or _usual(parts.scheme), parts.path.rstrip("/"))


def is_loopback(host: str) -> bool:
    """Tell whether a name stands for the very machine, or container, that uses it."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def _usual(scheme: str) -> int:
    return 443 if scheme == "https" else 80

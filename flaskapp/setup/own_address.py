"""How others call this machine."""

from __future__ import annotations

import socket
from contextlib import suppress

OUTSIDE = "192.0.2.1"
"""An address that nobody has (RFC 5737): only the way to it is looked up, nothing is sent."""


def own_address(far: str) -> str:
    """Give the address of this machine on its way to another one; empty if there is no way."""
    with suppress(OSError, UnicodeError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        way.connect((far, 9))  # a datagram socket only looks the way up
        address: str = way.getsockname()[0]
        return address
    return ""


def address_of(name: str) -> str:
    """Give the address that a name leads to; empty if nobody knows it."""
    with suppress(OSError, UnicodeError):
        return socket.gethostbyname(name)
    return ""

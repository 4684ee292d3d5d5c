"""Whom an address stands for, where tries are counted."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address


def network(address: str | None) -> str:
    """Give whom an address stands for: of IPv6 everybody has a whole network."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return address or ""
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)

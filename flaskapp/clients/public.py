"""Connections to the world outside alone, whatever a name leads to."""

from __future__ import annotations

import socket
from ipaddress import IPv6Address, ip_address
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPSConnectionPool
from urllib3.connection import HTTPSConnection

from flaskapp.clients.http import ClientError


class PublicAdapter(HTTPAdapter):
    """Speaks HTTPS with public addresses; anything else is a ``ClientError`` before a byte is sent."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Let every connection be looked at."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"https": _Pool}


class _Connection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        # The address of the open connection is looked at: a name looked up before may lead elsewhere by now.
        connection = super()._new_conn()
        if not is_public(connection.getpeername()[0]):
            connection.close()
            raise ClientError("The name of a public place leads into a private network; nothing was asked there.")
        return connection


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection


def is_public(address: str) -> bool:
    """Tell whether an address belongs to the world outside, also where it wraps one of IPv4."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or ip
    return ip.is_global and not ip.is_multicast

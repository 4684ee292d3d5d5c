"""Why an exchange failed, as far as the errors of ``requests`` and of everything below tell."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum, auto
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ReadTimeoutError


class Failure(Enum):
    """What went wrong on the way."""

    NO_NAME = auto()
    """Nobody knows a machine of this name."""
    REFUSED = auto()
    """The machine is there, and nothing listens at this port."""
    SILENT = auto()
    """No way leads there, or nobody takes the call."""
    LATE = auto()
    """The call was taken, and the answer did not come in time."""
    NO_TLS = auto()
    """We spoke https to what speaks plain http."""
    UNKNOWN_ISSUER = auto()
    """The certificate is self-signed, or by somebody whom this machine does not know."""
    EXPIRED = auto()
    """The certificate is past its date."""
    OTHER_NAME = auto()
    """The certificate belongs to another name."""
    BAD_TLS = auto()
    """Anything else about TLS."""
    BROKEN_OFF = auto()
    """The call was taken and ended without an answer that is HTTP."""


SELF_SIGNED, ISSUER_SELF_SIGNED, NO_ISSUER, UNVERIFIED = 18, 19, 20, 21
CERTIFICATES = {
    10: Failure.EXPIRED,
    **dict.fromkeys((SELF_SIGNED, ISSUER_SELF_SIGNED, NO_ISSUER, UNVERIFIED), Failure.UNKNOWN_ISSUER),
    62: Failure.OTHER_NAME,
    64: Failure.OTHER_NAME,
}
"""What OpenSSL's numbers (``X509_V_ERR_…``) mean."""
NOT_TLS = {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"}
"""What OpenSSL says to an answer that is no TLS, over the versions."""
NO_WAY = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}


def failure_of(error: BaseException) -> Failure:
    """Find the cause behind an error."""
    causes = list(_within(error, set()))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return CERTIFICATES.get(cause.verify_code, Failure.BAD_TLS)
        if isinstance(cause, ssl.SSLError):
            return Failure.NO_TLS if getattr(cause, "reason", None) in NOT_TLS else Failure.BAD_TLS
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            return Failure.NO_NAME
        if isinstance(cause, ConnectionRefusedError):
            return Failure.REFUSED
        if isinstance(cause, requests.ConnectTimeout) or (isinstance(cause, OSError) and cause.errno in NO_WAY):
            return Failure.SILENT
        if isinstance(cause, (requests.ReadTimeout, ReadTimeoutError)):
            return Failure.LATE
    return Failure.BROKEN_OFF


def speaks_tls(url: str, seconds: float) -> bool:
    """Tell whether TLS is spoken at the host and port of an http address; nothing but a greeting is sent."""
    parts = urlsplit(url)
    # Whose certificate it is does not matter: no word of ours goes through this connection.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with suppress(OSError, ValueError):
        place = (parts.hostname or "", parts.port or 80)
        with socket.create_connection(place, seconds) as plain, context.wrap_socket(plain):
            return True
    return False


def _within(error: object, seen: set[int]) -> Iterator[BaseException]:
    """Give an error and all that it wraps: ``requests`` and urllib3 do so in several ways."""
    if not isinstance(error, BaseException) or id(error) in seen:
        return
    seen.add(id(error))
    yield error
    for inner in (*error.args, getattr(error, "reason", None), error.__cause__, error.__context__):
        yield from _within(inner, seen)

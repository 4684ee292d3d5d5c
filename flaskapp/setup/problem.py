"""What can be wrong with an address and a key, in words that say what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flaskapp.clients.failure import Failure, speaks_tls
from flaskapp.setup.address import Place, place_of

GREETING = 3.0
"""Seconds to find out whether TLS is spoken somewhere."""


class ProbeKind(StrEnum):
    """What is wrong."""

    WRONG_KEY = "wrong_key"
    OTHER_SERVICE = "other_service"
    TLS = "tls"
    REDIRECTED = "redirected"
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    TOO_OLD = "too_old"
    ODD = "odd"


class ProbeError(Exception):
    """A service can't be used as it was entered: its kind, one sentence for people, and an address that may do."""

    def __init__(self, kind: ProbeKind, sentence: str, instead: str = "") -> None:
        super().__init__(sentence)
        self.kind, self.sentence, self.instead = kind, sentence, instead


@dataclass(frozen=True)
class Asked:
    """Whom we asked: what it is called, and where."""

    label: str
    url: str

    @property
    def place(self) -> Place:
        """Give where it should be."""
        return place_of(self.url)

    def with_scheme(self, scheme: str) -> str:
        """Give the same address with another scheme."""
        return f"{scheme}://{self.url.partition('://')[2]}"


def no_answer(asked: Asked, failure: Failure) -> ProbeError:
    """Say why there was no answer."""
    label, shown = asked.label, asked.place.shown
    if failure is Failure.NO_NAME:
        return ProbeError(
            ProbeKind.UNREACHABLE,
            f"There is no machine called {asked.place.host} as seen from Arrivarr. "
            "Check the spelling, or use its IP address.",
        )
    if failure is Failure.REFUSED:
        return ProbeError(
            ProbeKind.UNREACHABLE,
            f"Nothing listens at {shown}. Check the port, and whether {label} is running.{_own_machine(asked)}",
        )
    if failure is Failure.SILENT:
        return ProbeError(
            ProbeKind.UNREACHABLE,
            f"Nobody takes the call at {shown}. Check the address, and whether a firewall stands between.",
        )
    if failure is Failure.LATE:
        return ProbeError(
            ProbeKind.TOO_SLOW,
            f"Something takes the call at {shown}, but no answer comes in time. "
            f"Check whether {label} is busy or just starting, and try again.",
        )
    if failure is Failure.BROKEN_OFF and asked.place.scheme == "http" and speaks_tls(asked.url, GREETING):
        return needs_https(asked)
    return _bad_tls(asked, failure) or ProbeError(
        ProbeKind.ODD, f"Something takes the call at {shown}, but does not speak http. Check the port."
    )


def needs_https(asked: Asked) -> ProbeError:
    """Say that plain http is not understood there."""
    sentence = f"{asked.place.shown} wants a secure connection. Write https:// instead of http://."
    return ProbeError(ProbeKind.TLS, sentence, asked.with_scheme("https"))


def _bad_tls(asked: Asked, failure: Failure) -> ProbeError | None:
    shown = asked.place.shown
    sentences = {
        Failure.NO_TLS: f"{shown} does not speak https. Write http:// instead of https://.",
        Failure.UNKNOWN_ISSUER: (
            f"The certificate of {shown} is signed by nobody whom this machine knows; most likely it is self-signed. "
            "Inside the house, use the http:// address; or give it a certificate that everybody trusts."
        ),
        Failure.EXPIRED: f"The certificate of {shown} has run out. Renew it, or use the http:// address in the house.",
        Failure.OTHER_NAME: (
            f"The certificate at {shown} belongs to another name. Enter the name that it was made for."
        ),
        Failure.BAD_TLS: f"No secure connection to {shown} comes about. Inside the house, try its http:// address.",
    }
    if failure not in sentences:
        return None
    instead = asked.with_scheme("http") if failure is Failure.NO_TLS else ""
    return ProbeError(ProbeKind.TLS, sentences[failure], instead)


def _own_machine(asked: Asked) -> str:
    if not asked.place.is_loopback:
        return ""
    return (
        f" {asked.place.host} means the machine that Arrivarr runs on, and inside a container the container itself: "
        f"from there, enter the name of the container of {asked.label}, or the address of its machine."
    )

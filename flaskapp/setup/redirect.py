"""Being sent on to another address: to where, and what that means."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from flaskapp.setup.address import Place, place_of
from flaskapp.setup.problem import Asked, ProbeError, ProbeKind

SIGN_IN = re.compile(r"/(log-?in|sign-?in|auth|oauth2?|sso|outpost\.goauthentik\.io)\b", re.IGNORECASE)


def sent_on(asked: Asked, location: str, path: str) -> ProbeError:
    """Say where we were sent when we asked for a path: its machine or its path, never what follows after a ``?``."""
    here = asked.place
    try:
        there = place_of(urljoin(f"{asked.url}/{path}", location))
    except ValueError:
        sentence = f"{here.shown} sends us on to somewhere that is no address of the web. Check the address."
        return ProbeError(ProbeKind.REDIRECTED, sentence)
    base = there.path.removesuffix(f"/{path}")
    instead = there.origin + base if base != there.path else ""
    if instead == asked.url:
        instead = ""  # it sends us round in a circle
    return ProbeError(ProbeKind.REDIRECTED, _sentence(asked, here, there, instead), instead)


def _sentence(asked: Asked, here: Place, there: Place, instead: str) -> str:
    advice = f"Enter {instead}" if instead else "Enter the address at which it lives"
    if (here.host, here.scheme, there.scheme) == (there.host, "http", "https"):
        return f"{here.shown} sends every visitor on to https. {advice}."
    if here.origin != there.origin:
        return f"{here.shown} sends us on to {there.shown}, and our key stays at home. {advice} if it is the right one."
    if instead:
        return f"{asked.label} lives deeper at {here.shown}. {advice}."
    if SIGN_IN.search(there.path):
        return (
            f"At {here.shown} we are sent to a page for signing in ({there.path[:100]}). Either the path of the "
            "address is not right, or a proxy asks for a password: enter the address that leads straight to "
            f"{asked.label}."
        )
    return f"{here.shown} sends us on to {there.path[:100] or '/'}. Check the path of the address."

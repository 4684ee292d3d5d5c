"""The address at which services reach this board: is it right, and which one is it most likely."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from contextlib import closing, suppress
from urllib.parse import urljoin

from flask import current_app

from flaskapp.clients.failure import Failure, speaks_tls
from flaskapp.clients.http import Answer, Client, ClientError
from flaskapp.config import Settings
from flaskapp.setup.address import Place, place_of, tidy
from flaskapp.setup.identity import name_in
from flaskapp.setup.own_address import OUTSIDE, address_of, own_address
from flaskapp.setup.proof import PATH, proof_of
from flaskapp.upstreams import Upstream, Upstreams

PATIENCE, GREETING = 10.0, 3.0
"""Seconds for an answer, and to find out whether TLS is spoken."""
MOST = 2**20
CONTAINER = "arrivarr"
"""What our container is called in compose.yaml; other containers know it by this name."""


class CallbackError(Exception):
    """Services won't reach us at an address: one sentence for people, and an address that may do."""

    def __init__(self, sentence: str, instead: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.instead = sentence, instead


def check(callback_url: str) -> str:
    """Give the address, tidied, if this very board answers there; else a ``CallbackError`` says what is wrong with it.

    Radarr and Sonarr take a redirect for success and drop the event, so none is followed here either. Needs an
    application context. No transaction may be open meanwhile, since we ask ourselves.
    """
    settings: Settings = current_app.extensions["settings"]
    upstreams: Upstreams = current_app.extensions["upstreams"]
    try:
        url = tidy(callback_url)
    except ValueError:
        raise CallbackError("This is no address. It should look like http://192.168.1.10:2774.") from None
    place = place_of(url)
    _refuse_loopback(place, upstreams.now())
    question = secrets.token_urlsafe(18)
    with closing(Client("The address", url, most=MOST)) as client:
        client.patience = PATIENCE
        try:
            answer = client.send("GET", f"{PATH}/{question}")
        except ClientError as error:
            raise _no_answer(url, place, error.failure) from None
    if not hmac.compare_digest(answer.text.encode(), proof_of(settings.secret_key, question).encode()):
        raise _other_answer(url, place, answer)
    return url


def _refuse_loopback(place: Place, upstreams: Iterable[Upstream]) -> None:
    if not place.is_loopback:
        return
    for upstream in upstreams:
        if upstream.source != "qbittorrent" and not place_of(upstream.url).is_loopback:
            raise CallbackError(
                f"{place.host} means every machine itself: {upstream.name} at {place_of(upstream.url).host} would call "
                "itself and not us. Enter the name or IP address of the machine that Arrivarr runs on."
            )


def _no_answer(url: str, place: Place, failure: Failure | None) -> CallbackError:
    if failure is Failure.BROKEN_OFF and place.scheme == "http" and speaks_tls(url, GREETING):
        return CallbackError(f"{place.shown} wants a secure connection: write https://.", _swapped(url, "https"))
    sentences = {
        Failure.NO_NAME: f"There is no machine called {place.host} as seen from here. Check the spelling.",
        Failure.REFUSED: f"Nothing listens at {place.shown}. Check the port.",
        Failure.SILENT: f"Nobody takes the call at {place.shown}. Check the address and firewalls on the way.",
        Failure.LATE: f"Something takes the call at {place.shown}, but does not answer in time. Is it another program?",
        Failure.NO_TLS: f"{place.shown} does not speak https: write http://.",
        Failure.UNKNOWN_ISSUER: (
            f"Nobody vouches for the certificate of {place.shown}, so Radarr and Sonarr would not call there either. "
            "Inside the house, enter the http:// address that leads straight to Arrivarr."
        ),
        Failure.EXPIRED: f"The certificate of {place.shown} has run out, so services would not call there either.",
        Failure.OTHER_NAME: f"The certificate at {place.shown} belongs to another name. Enter that name.",
        Failure.BAD_TLS: f"No secure connection to {place.shown} comes about. Inside the house, try http://.",
    }
    otherwise = f"What answers at {place.shown} does not speak http. Check the port."
    instead = _swapped(url, "http") if failure is Failure.NO_TLS else ""
    return CallbackError(sentences.get(failure, otherwise) if failure else otherwise, instead)


def _other_answer(url: str, place: Place, answer: Answer) -> CallbackError:
    shown = place.shown
    if 300 <= answer.status < 400:
        return _sent_on(url, place, answer.location)
    if answer.status in (401, 403):
        return CallbackError(
            f"Something in front of Arrivarr asks for a password at {shown}. Services can't give it: "
            "let /webhooks pass there, or enter the address that leads straight to Arrivarr."
        )
    if answer.status == 400 and place.scheme == "http" and speaks_tls(url, GREETING):
        return CallbackError(f"{shown} wants a secure connection: write https://.", _swapped(url, "https"))
    if answer.status == 200 and len(answer.text) == len(proof_of("", "")) and answer.text.isalnum():
        return CallbackError(f"Another Arrivarr answers at {shown}, not this one. Check the address.")
    if answer.status >= 500:
        return CallbackError(f"The way to Arrivarr is broken at {shown} ({answer.status}): is a proxy set up wrongly?")
    name = name_in(answer)
    if name and name != "Arrivarr":
        return CallbackError(f"{name} answers at {shown}, not Arrivarr. Check the port.")
    return CallbackError(f"Something answers at {shown}, but it is not this board. Check the port and the path.")


def _sent_on(url: str, place: Place, location: str) -> CallbackError:
    sentence = f"{place.shown} sends visitors on to another address, and services lose their messages that way."
    with suppress(ValueError):
        there = place_of(urljoin(f"{url}/{PATH}/", location))
        base, found, _ = there.path.partition(f"/{PATH}/")
        if found and there.origin + base != url:
            instead = there.origin + base
            return CallbackError(f"{sentence} Enter {instead}, or one that leads straight to Arrivarr.", instead)
    return CallbackError(f"{sentence} Let /webhooks pass there, or enter the address that leads straight to Arrivarr.")


def _swapped(url: str, scheme: str) -> str:
    return f"{scheme}://{url.partition('://')[2]}"


def guess(url_root: str) -> str:
    """Give the address that is most likely right; ``url_root`` is the one that a visitor uses. Needs an app context."""
    settings: Settings = current_app.extensions["settings"]
    upstreams: Upstreams = current_app.extensions["upstreams"]
    visited = place_of(url_root)
    callers = [place_of(each.url) for each in upstreams.now() if each.source != "qbittorrent"]
    here = f"http://127.0.0.1:{settings.port}{settings.base_path}"
    if callers and all(caller.is_loopback for caller in callers):
        return here
    far = next((caller.host for caller in callers if not caller.is_loopback), OUTSIDE)
    own = "" if settings.is_private else own_address(far)
    if own and address_of(CONTAINER) == own:
        return f"http://{CONTAINER}:{settings.port}{settings.base_path}"
    if not visited.is_loopback:
        return visited.origin + settings.base_path
    return f"http://{own}:{settings.port}{settings.base_path}" if own else here

"""Is the right service at an address, and does it take our key? Asked before anything is saved."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace

from flaskapp.clients.http import Client
from flaskapp.clients.jellyfin import authorization
from flaskapp.setup.address import place_of, tidy
from flaskapp.setup.identity import KNOWN, LABELS
from flaskapp.setup.problem import ProbeError, ProbeKind
from flaskapp.setup.questions import Questions
from flaskapp.upstreams import Upstream

__all__ = ["ProbeError", "ProbeKind", "Probed", "probe"]

PATIENCE = 15.0
"""Seconds for one answer: somebody waits in front of a page."""
MOST, SHORT = 2**20, 60
"""Bytes of an answer, and letters of what a service calls itself."""


@dataclass(frozen=True)
class Probed:
    """A service that can be used: its version, what it calls itself, and the address that worked, tidied."""

    version: str
    title: str
    url: str = ""


def probe(upstream: Upstream) -> Probed:
    """Ask a service what it is and whether it takes our key; a ``ProbeError`` says what is wrong.

    The address may be as people type it: without a scheme, or copied from a page. Of a path that leads nowhere the
    address without it is tried. Nothing is sent to any other machine and port than the one of the address.
    """
    try:
        url = tidy(upstream.url)
    except ValueError:
        sentence = "This is no address. It should look like http://192.168.1.10:7878, without a name or password in it."
        raise ProbeError(ProbeKind.ODD, sentence) from None
    try:
        return _probe(replace(upstream, url=url))
    except ProbeError as error:
        place = place_of(url)
        if not place.path or error.kind not in (ProbeKind.OTHER_SERVICE, ProbeKind.ODD, ProbeKind.REDIRECTED):
            raise
        with suppress(ProbeError):
            return _probe(replace(upstream, url=place.origin))
        raise


def _probe(upstream: Upstream) -> Probed:
    ask, headers = _SERVICES[upstream.source]
    with closing(Client(LABELS[upstream.source], upstream.url, headers(upstream.api_key), MOST)) as client:
        client.patience = PATIENCE
        return replace(ask(Questions(upstream.source, upstream.url, client), upstream), url=upstream.url)


def _servarr(questions: Questions, upstream: Upstream) -> Probed:
    told = questions.told("api/v3/system/status")
    version, name = told.text("version", most=SHORT), told.text("appName") or LABELS[upstream.source]
    if name != LABELS[upstream.source] and name in KNOWN:
        raise questions.named(name)
    if version is None or name != LABELS[upstream.source]:
        raise questions.other_service()
    questions.need(version)
    return Probed(version, told.text("instanceName", most=SHORT) or name)


def _seerr(questions: Questions, upstream: Upstream) -> Probed:
    told = questions.told("api/v1/status")
    version = told.text("version", most=SHORT)
    if version is None or not told.has("commitTag"):
        raise questions.other_service()
    questions.need(version)
    questions.told("api/v1/settings/notifications/webhook")  # takes the key of an admin alone
    title = "Seerr"
    with suppress(ProbeError):
        public = questions.told("api/v1/settings/public")
        title = public.text("applicationTitle", most=SHORT) or (
            "Seerr" if public.has("mediaServerType") else "Overseerr"
        )
    return Probed(version, title)


def _jellyfin(questions: Questions, upstream: Upstream) -> Probed:
    told = questions.told("System/Info/Public")
    version, name = told.text("Version", most=SHORT), told.text("ServerName", most=SHORT)
    if version is None or name is None:
        raise questions.other_service()
    if "Jellyfin" not in (told.text("ProductName") or ""):
        raise questions.named("Emby")
    questions.need(version)
    questions.told("Items?limit=1&enableImages=false")  # takes a key
    return Probed(version, name)


def _qbittorrent(questions: Questions, upstream: Upstream) -> Probed:
    answer = questions.answer("api/v2/app/webapiVersion")
    if answer.status == 403:
        _log_in(questions, upstream)
        answer = questions.answer("api/v2/app/webapiVersion")
    if answer.status == 401:
        raise ProbeError(
            ProbeKind.ODD,
            "qBittorrent refuses the host name or port of this address (not the password). Use the port that "
            "its Web UI listens on, or switch off “Enable Host header validation” in its settings, Web UI.",
        )
    if answer.status == 403:
        sentence = "qBittorrent lets us log in but not ask. Is there a proxy in between that drops its cookie?"
        raise ProbeError(ProbeKind.ODD, sentence)
    if answer.status != 200 or not re.fullmatch(r"[0-9]+(\.[0-9]+)+", answer.text):
        raise questions.other_service()
    version = questions.answer("api/v2/app/version").text.removeprefix("v")[:SHORT]
    questions.need(answer.text, version)
    return Probed(version, LABELS["qbittorrent"])


def _log_in(questions: Questions, upstream: Upstream) -> None:
    """Log in, once: five refusals ban our address for an hour."""
    if not upstream.username:
        sentence = "qBittorrent asks for a user name and a password. They stand in its settings under Web UI."
        raise questions.key_refused(sentence)
    form = {"username": upstream.username, "password": upstream.api_key}
    answer = questions.answer("api/v2/auth/login", form)
    if answer.status == 204 or (answer.status == 200 and answer.text == "Ok."):
        return
    if answer.status == 403:
        sentence = (
            "qBittorrent has banned us after too many failed logins. Wait for an hour or restart it, "
            "and check user name and password before you try again."
        )
        raise ProbeError(ProbeKind.WRONG_KEY, sentence)
    if answer.status in (200, 401):
        sentence = "qBittorrent does not take this user name and password. After five failures it bans us for an hour."
        raise questions.key_refused(sentence)
    raise questions.other_service()


def _key(key: str) -> Mapping[str, str]:
    return {"X-Api-Key": key}


_SERVICES: dict[str, tuple[Callable[[Questions, Upstream], Probed], Callable[[str], Mapping[str, str]]]] = {
    "radarr": (_servarr, _key),
    "sonarr": (_servarr, _key),
    "seerr": (_seerr, _key),
    "jellyfin": (_jellyfin, lambda key: {"Authorization": authorization(key)}),
    "qbittorrent": (_qbittorrent, lambda key: {}),
}

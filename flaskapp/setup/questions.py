"""Questions to a service that may be another one: each answer that is no good becomes a ``ProbeError``."""

from __future__ import annotations

import re

from flaskapp.clients.failure import speaks_tls
from flaskapp.clients.http import Answer, Client, ClientError
from flaskapp.setup.identity import LABELS, is_page, who_answers
from flaskapp.setup.problem import GREETING, Asked, ProbeError, ProbeKind, needs_https, no_answer
from flaskapp.setup.redirect import sent_on
from flaskapp.sources.fields import Fields

OLDEST = {"radarr": (4, 7), "sonarr": (3, 0), "seerr": (1, 9), "jellyfin": (10, 8), "qbittorrent": (2, 0, 1)}
"""The oldest versions whose answers we know; of qBittorrent that of its Web API, which came with 4.1.1."""
WHERE_KEYS_ARE = {
    "seerr": "It stands in Seerr under Settings, General.",
    "radarr": "It stands in Radarr under Settings, General.",
    "sonarr": "It stands in Sonarr under Settings, General.",
    "jellyfin": "It stands in Jellyfin under Dashboard, API Keys.",
    "qbittorrent": "",
}
NAMES = {"seerr": {"Seerr", "Jellyseerr", "Overseerr"}}
"""Services that count as one."""


class Questions:
    """Asks what should be a service of this source at this address."""

    def __init__(self, source: str, url: str, client: Client) -> None:
        self._source, self._client = source, client
        self._asked = Asked(LABELS[source], url)

    def told(self, path: str) -> Fields:
        """Ask for an object. Who refuses our key is told apart from who is somebody else."""
        answer = self.answer(path)
        if answer.status in (401, 403):
            raise self.key_refused()
        try:
            told = self._client.read_json(answer)
        except ClientError:
            raise self.other_service() from None
        if not isinstance(told, dict):
            raise self.other_service()
        return Fields(told)

    def answer(self, path: str, form: dict[str, str] | None = None) -> Answer:
        """Ask, and give an answer that is good or one of 400 to 403."""
        try:
            answer = self._client.send("POST" if form else "GET", path, form=form)
        except ClientError as error:
            if error.failure is None:
                raise ProbeError(ProbeKind.ODD, str(error)) from None
            raise no_answer(self._asked, error.failure) from None
        if 300 <= answer.status < 400:
            raise sent_on(self._asked, answer.location, path)
        if answer.status == 400 and self._asked.place.scheme == "http" and speaks_tls(self._asked.url, GREETING):
            raise needs_https(self._asked)
        if answer.status >= 500:
            raise self._ill(answer.status)
        if answer.status in (401, 403) and is_page(answer):
            raise self.key_refused(self._guarded(), ProbeKind.ODD)
        if answer.status > 403 or is_page(answer):
            raise self.other_service()
        return answer

    def key_refused(self, why: str = "", kind: ProbeKind = ProbeKind.WRONG_KEY) -> ProbeError:
        """Say that the key is not the one, unless it was somebody else who refused it."""
        name = who_answers(self._asked.url)
        if name is not None and not self._is_it(name):
            return self.named(name)
        label, where = self._asked.label, WHERE_KEYS_ARE[self._source]
        return ProbeError(kind, why or f"{label} does not take this key. {where}")

    def other_service(self) -> ProbeError:
        """Say that something else answers, and what, if it says so."""
        name = who_answers(self._asked.url)
        label, shown = self._asked.label, self._asked.place.shown
        if name is None:
            sentence = f"Something answers at {shown}, but it is not {label}. Check the port and the path."
            return ProbeError(ProbeKind.OTHER_SERVICE, sentence)
        if not self._is_it(name):
            return self.named(name)
        sentence = f"{name} is at {shown}, but does not answer as {label} does. Check the end of the address."
        return ProbeError(ProbeKind.ODD, sentence)

    def named(self, name: str) -> ProbeError:
        """Say that something of another name answers."""
        sentence = f"{name} answers at {self._asked.place.shown}, not {self._asked.label}. Check the port."
        return ProbeError(ProbeKind.OTHER_SERVICE, sentence)

    def need(self, version: str, shown: str = "") -> None:
        """Refuse what is too old for us. What is no number is the version of somebody who builds their own."""
        oldest = OLDEST[self._source]
        if not re.match(r"[0-9]+\.[0-9]", version) or _numbers(version) >= oldest:
            return
        what = "one whose Web API is " if self._source == "qbittorrent" else ""
        needed = f"{what}{'.'.join(map(str, oldest))}"
        label = self._asked.label
        sentence = f"This is {label} {shown or version}, which is too old: Arrivarr needs {needed} or newer."
        raise ProbeError(ProbeKind.TOO_OLD, sentence)

    def _guarded(self) -> str:
        # The services refuse with a word or an object; a page for people is that of somebody who stands before them.
        label = self._asked.label
        return (
            f"A proxy asks for a password at {self._asked.place.shown}. Enter the address that leads straight "
            f"to {label}, or let its /api pass there."
        )

    def _is_it(self, name: str) -> bool:
        return name in NAMES.get(self._source, {self._asked.label})

    def _ill(self, status: int) -> ProbeError:
        label = self._asked.label
        if status in (502, 503, 504):
            sentence = f"{label} is not ready ({status}). It may still be starting: try again in a minute."
        else:
            sentence = f"{label} has trouble of its own ({status}). Its log says more."
        return ProbeError(ProbeKind.ODD, sentence)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"[0-9]{1,9}", version)[:4])

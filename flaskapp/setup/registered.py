"""What a service knows of our webhook, and what is wrong with that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from flaskapp.setup.address import place_of
from flaskapp.sources import ALIASES
from flaskapp.upstreams import Upstream

_OURS = re.compile(r"(?P<base>.*)/webhooks/(?P<source>[a-z]+)(/(?P<instance>[^/]+))?/*", re.IGNORECASE)


class ProblemKind(StrEnum):
    """What is wrong."""

    ABSENT = "absent"
    DISABLED = "disabled"
    TRIGGER = "trigger"
    OLD_ADDRESS = "old_address"
    NO_ADDRESS = "no_address"
    PAUSED = "paused"
    DOUBLED = "doubled"
    WRONG_TOKEN = "wrong_token"  # noqa: S105  the name of a problem
    UNDELIVERED = "undelivered"
    TEMPLATE = "template"
    TAGS = "tags"
    TAKEN = "taken"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, in a sentence for people; ``can_repair``: ``connect`` puts it right."""

    kind: ProblemKind
    sentence: str
    can_repair: bool = True


@dataclass(frozen=True)
class Webhook:
    """Our webhook as it stands in a service; ``name`` is what it is called there."""

    is_there: bool
    problems: tuple[Problem, ...] = ()
    name: str = ""

    @property
    def can_repair(self) -> bool:
        """Tell whether there is anything that ``connect`` would put right."""
        return any(problem.can_repair for problem in self.problems)


class TakenError(Exception):
    """We may not connect by ourselves, and why, in a sentence: a person has to paste (``webhook.by_hand``)."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Lead:
    """Where the address of a webhook leads: ``base`` is that of a board, up to ``/webhooks``."""

    base: str
    source: str
    instance: str

    @property
    def shown(self) -> str:
        """Give machine and port, which hold no secret."""
        return place_of(self.base).shown


def webhook_url(callback_url: str, upstream: Upstream) -> str:
    """Give the address that a service shall call."""
    end = "" if upstream.instance == upstream.source else f"/{upstream.instance}"
    return f"{callback_url.rstrip('/')}/webhooks/{upstream.source}{end}"


def lead_of(url: str) -> Lead | None:
    """Read an address as one of a board's webhooks; None if it is something else."""
    try:
        parts = urlsplit(url)
        place = place_of(url)
    except ValueError:
        return None
    found = _OURS.fullmatch(parts.path)
    if found is None:
        return None
    source = ALIASES.get(found["source"].lower(), found["source"].lower())
    return Lead(place.origin + found["base"], source, (found["instance"] or source).lower())


def leads_here(lead: Lead, callback_url: str) -> bool:
    """Tell whether it is an address of this board."""
    place = place_of(callback_url)
    return lead.base.lower() == f"{place.origin}{place.path}".lower()

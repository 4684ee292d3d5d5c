"""What somebody enters about a service: tidied, joined with the key that is kept, and refused in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from flask import request

from flaskapp.setup.address import Place, place_of, tidy
from flaskapp.setup.identity import LABELS
from flaskapp.sources import values
from flaskapp.upstreams import FOUR_K, Upstream

LONGEST, LONGEST_NAME, LONGEST_INSTANCE = 500, 40, 40
BY_QUALITY = ("radarr", "sonarr")
"""Sources of which one may keep the copies in 4K."""
ANOTHER = "another"
"""Stands in addresses for an instance that there is not yet."""


class EnteredError(ValueError):
    """What was entered can't be used: one sentence for people."""


def blank(source: str, others: Sequence[Upstream]) -> Upstream:
    """Give an empty form; what is not the first of its kind has a name that nobody has, and can be called otherwise."""
    label, taken = LABELS[source], {each.name.casefold() for each in others}
    is_4k = source in BY_QUALITY and f"{label} 4K".casefold() not in taken
    names = (f"{label} 4K" if is_4k else label, *(f"{label} {number}" for number in range(2, len(taken) + 3)))
    is_first = all(each.source != source for each in others)
    name = label if is_first else next(each for each in names if each.casefold() not in taken)
    return Upstream(source, source, name, "", is_4k=is_4k and not is_first)


def entered(source: str, kept: Upstream | None, others: Sequence[Upstream]) -> Upstream:
    """Read the form of a service, as it was typed: a key that is left out is the one that is ``kept``."""
    url = _field("instead") or _field("url")
    key = _field("key") if source != "qbittorrent" else request.form.get("key", "")[:LONGEST]
    name = values.tidy(_field("name"))[:LONGEST_NAME] or (kept.name if kept else LABELS[source])
    instance = kept.instance if kept else _free_instance(source, name, others)
    is_4k = source in BY_QUALITY and request.form.get("is_4k") == "yes"
    return Upstream(source, instance, name, url, key, _field("username"), is_4k)


def usable(typed: Upstream, kept: Upstream | None, others: Sequence[Upstream]) -> Upstream:
    """Give what was entered with its key; ``EnteredError`` says what is lacking. Nobody is asked."""
    if any(each.name.casefold() == typed.name.casefold() for each in others):
        raise EnteredError(f"There is already a service called {typed.name}. Give this one another name.")
    double = next(
        (each for each in others if each.source == typed.source and _is_same_place(each.url, typed.url)), None
    )
    if double is not None:
        raise EnteredError(f"That is the address of {double.name}, which is connected already.")
    if typed.api_key:
        if typed.source != "qbittorrent" and not re.fullmatch(r"[!-~]+", typed.api_key):
            raise EnteredError("A key has no spaces and no accents. Copy it once more.")
        return typed
    if kept is not None and kept.api_key:
        if not _is_same_machine(kept.url, typed.url):
            raise EnteredError("The key that is kept was given for another address. Enter it once more for this one.")
        return replace(typed, api_key=kept.api_key)
    if typed.source != "qbittorrent":
        raise EnteredError(f"{LABELS[typed.source]} needs its key.")
    return typed


def _field(name: str) -> str:
    return request.form.get(name, "")[:LONGEST].strip()


def _is_same_machine(one: str, other: str) -> bool:
    """Tell whether two addresses are of one machine and port: a kept key goes nowhere else."""
    known, named = _place(one), _place(other)
    return known is not None and named is not None and known.origin == named.origin


def _is_same_place(one: str, other: str) -> bool:
    place = _place(one)
    return place is not None and place == _place(other)


def _place(url: str) -> Place | None:
    try:
        return place_of(tidy(url))
    except ValueError:
        return None


def _free_instance(source: str, name: str, others: Sequence[Upstream]) -> str:
    """Make the last part of a webhook address out of a name: ``Radarr 4K`` becomes ``4k``."""
    taken = {each.instance for each in others if each.source == source} | {ANOTHER}
    if source not in taken:
        return source
    words = re.findall("[a-z0-9]+", name.lower().replace(source, ""))
    wanted = "-".join(words)[:LONGEST_INSTANCE].strip("-") or (FOUR_K if request.form.get("is_4k") else "second")
    return next(each for each in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if each not in taken)

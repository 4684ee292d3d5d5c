"""Whose requests somebody may see."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Audience:
    """Those who see the same: all requests, those of some people of Seerr, or some requests by their numbers.

    ``requesters`` are ids of ``Requester`` rows, ``request_ids`` of ``MediaRequest`` rows.
    """

    sees_all: bool = False
    requesters: frozenset[int] = frozenset()
    request_ids: frozenset[int] = frozenset()

    def sees(self, request_id: int, requester_id: int | None) -> bool:
        """Say whether a request is theirs to see; of a request nobody asked for, only those who see all know."""
        return self.sees_all or request_id in self.request_ids or requester_id in self.requesters

    @property
    def is_outside(self) -> bool:
        """Whether they are no people of the house: a private link shows them one request, and no names."""
        return bool(self.request_ids)

    @property
    def word(self) -> str:
        """Give a short word for it: who hears another one than before has to load anew what it shows."""
        if self.sees_all:
            return "all"
        ids = f"{sorted(self.requesters)} {sorted(self.request_ids)}"
        return hashlib.sha256(ids.encode()).hexdigest()[:12]


EVERYBODY = Audience(sees_all=True)

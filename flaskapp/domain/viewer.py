"""Who asks: a person, a program with a key, somebody with a private link."""

from __future__ import annotations

from dataclasses import dataclass

from flaskapp.domain.audience import EVERYBODY, Audience


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, by what right, and what they may see and do.

    At most one of the three rights is there; without any of them it is whoever uses a board without sign-in.
    """

    name: str
    audience: Audience
    is_admin: bool = False
    """May delete, test, replay, and manage people and keys."""
    user_id: int | None = None
    browser_session_id: int | None = None
    api_key_id: int | None = None
    link_id: int | None = None


ANYONE = Viewer(name="", audience=EVERYBODY, is_admin=True)
"""Whoever comes where nobody has to sign in."""

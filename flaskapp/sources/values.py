"""Single foreign values made fit to keep: text in one line, whole numbers, times in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
# Seerr leaves a variable that it does not know in the body as it is.
_PLACEHOLDER = re.compile(r"\{\{\w+\}\}")
_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")


def tidy(text: str) -> str:
    """Make one line of it: lone surrogates and control characters go, runs of white space become one space."""
    encodable = text.encode("utf-8", "ignore").decode("utf-8")
    return " ".join(_CONTROL.sub("", encodable).split())


def is_blank(value: object) -> bool:
    """Tell whether a value says nothing: null, empty text or a variable that was never filled in."""
    if isinstance(value, str):
        word = value.strip()
        return not word or _PLACEHOLDER.fullmatch(word) is not None
    return value is None


def as_text(value: object) -> str | None:
    """Give text, or a plain number as text: relays turn one into the other."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return str(value)
    return value if isinstance(value, str) and not is_blank(value) else None


def as_whole(value: object) -> int | None:
    """Give a whole number, also one spelled as text or as 12.0."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str):
        return int(value) if _WHOLE.fullmatch(value.strip()) else None
    return value if isinstance(value, int) else None


def as_flag(value: object) -> bool | None:
    """Give yes or no, also when spelled as text or as 1 and 0."""
    if isinstance(value, int):
        return {1: True, 0: False}.get(value)
    if not isinstance(value, str):
        return None
    return {"true": True, "1": True, "false": False, "0": False}.get(value.strip().lower())


def as_moment(text: str) -> datetime | None:
    """Give an ISO 8601 time as aware UTC; one without a zone is UTC already."""
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None

"""The raw body of a webhook: a JSON object, whatever its Content-Type says."""

from __future__ import annotations

import json

from flaskapp.sources.translation import UnusablePayloadError

_MOST_DIGITS = 19


def decode(body: bytes) -> dict[str, object]:
    """Read the body as a JSON object."""
    return load(body)


def load(text: bytes | str, *, strict: bool = True) -> dict[str, object]:
    """Read a JSON object; ``strict=False`` lets line breaks and other control characters stand in its text."""
    try:
        payload = json.loads(text, strict=strict, parse_int=_number, parse_constant=str)
    except (ValueError, RecursionError) as odd:
        raise UnusablePayloadError("The body is not JSON.") from odd
    if not isinstance(payload, dict):
        raise UnusablePayloadError("The body is not a JSON object.")
    return payload


def _number(digits: str) -> int | str:
    """Keep an endless number as its digits: only the field that holds it is odd, not the whole body."""
    return int(digits) if len(digits) <= _MOST_DIGITS else digits

"""The shape of JSON: where it has fields, and of which type."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAYLOADS = Path(__file__).parent.parent / "payloads"


def example(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))


def shape(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from shape(inner, f"{path}.{name}")
    elif isinstance(value, list):
        yield f"{path}[]"
        for inner in value:
            yield from shape(inner, f"{path}[]")
    else:
        yield f"{path}: {type(value).__name__}"


def differences(ours: Any, theirs: Any, *, absent: tuple[str, ...] = ()) -> tuple[set[str], set[str]]:
    """Give what only we have, and what only the example has apart from the fields named in ``absent``."""
    here, there = set(shape(ours)), set(shape(theirs))
    return here - there, {field for field in there - here if not field.startswith(absent)}

"""The rows of docs/configuration.md, as the code has them."""

from __future__ import annotations

from dataclasses import dataclass, fields

from flaskapp.config import Settings


@dataclass(frozen=True)
class Setting:
    """One row."""

    name: str
    kind: str
    default: str
    meaning: str
    secret: bool


SETTINGS = tuple(
    Setting(
        row.name.upper(), row.metadata["kind"].words, *(row.metadata[key] for key in ("shown", "meaning", "secret"))
    )
    for row in fields(Settings)
)
